"""A day as a folder of files, in the layout of the samples."""

from __future__ import annotations

import json
from pathlib import Path

from .documents import documents
from .model import Day
from .totals import expected


def write_day(day: Day, folder: Path) -> None:
    """Write the documents of ``day``, manifest.json and expected.json to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = []
    for doc in documents(day):
        _write(folder / doc.file, doc.text)
        manifest.append(
            {
                "file": doc.file,
                "DataType": doc.data_type,
                "DataProvider": doc.provider,
                "ShopNo": doc.shop,
            }
        )
    for name, content in (("manifest", manifest), ("expected", expected(day))):
        text = json.dumps(content, indent=1, ensure_ascii=False)
        _write(folder / f"{name}.json", text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
