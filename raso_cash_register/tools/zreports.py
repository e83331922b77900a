"""Reading Z reports (interface §5)."""

import re

from ..exceptions import PayloadError
from ..texts import _lt
from .elements import MAX_CODE, MAX_TEXT
from .numbers import parse_moment, parse_number
from .payload import fragment, plain_text, stream_items
from .records import Unreadable, ZReport

ROOT = "SalesZReportsDataSync"
ITEM = "SalesZReportsData"

_IDENTITY = frozenset(
    {"ZNr", "FiscalNo", "ShopNo", "PosNo", "ReceiptNo", "SUsersCode", "ZReportDate"}
)
_FIGURES = re.compile(
    r"(?:Nef|F)iskaliniuKvituKiekis|DienosApyvarta|DienosApyvartaGrynaisiais"
    r"|DienosApyvartaKreditan[1-5]|(?:Grazinimo)?(?:SumaBePVM|PVMSuma)[1-5]"
    r"|(?:Ideta|Isimta)Grynuju[12]|(?:Ideta|Isimta)GrynujuKartai1|GrynujuKasoje"
    r"|(?:Nuolaidos|Antkainio)Suma(?:Kvitui|Prekems)|Taros(?:Suma|Kiekis)"
    r"|(?:Grazinimu|Klaidu|KvituPanaikinimu)(?:Suma|Kartai)|StalciausAtidarymoKartai"
    r"|PapildomoSkaitiklioSuma(?:[1-9]|1[0-9]|2[0-2])"
)


def check_root(tag):
    """:raise PayloadError: ``tag`` isn't the root element of Z reports"""
    if tag != ROOT:
        raise PayloadError(
            _lt(
                "It is a document <%(tag)s>, where Z reports <%(root)s> are expected. "
                "Check the data type that RASO exports.",
                tag=tag[:40],
                root=ROOT,
            ),
            where=_lt("root element"),
        )


def read_zreports(stream, handler, encoding=None):
    """Read a document of Z reports (DataType 5) from a binary stream.

    Each goes to ``handler.zreport(ZReport)`` or, with the others going on, to
    ``handler.unreadable(Unreadable)``.

    :raise PayloadError: the document as a whole can't be read, or from here on
    """
    reader = _Reader(handler)
    stream_items(stream, reader.take, encoding=encoding)


class _Reader:
    def __init__(self, handler):
        self._handler = handler
        self._position = 0

    def take(self, path, item):
        """Take one child of the root element."""
        self._position += 1
        (root, _attributes), (tag, _attributes) = path
        check_root(root)
        number = ""
        try:
            if tag != ITEM:
                raise PayloadError(
                    _lt(
                        "<%(tag)s> is no Z report, <%(item)s> is. Have RASO's "
                        "administrator see what was exported.",
                        tag=tag[:40],
                        item=ITEM,
                    )
                )
            number = _read_identity(item, "ZNr")
            report = self._read_report(item, number)
        except PayloadError as err:
            if number:
                where = _lt(
                    "Z report %(index)s (No %(number)s)",
                    index=self._position,
                    number=number,
                )
            else:
                where = _lt("Z report %(index)s", index=self._position)
            shown = fragment(tag, item)
            self._handler.unreadable(
                Unreadable(self._position, number, where, shown, err.text)
            )
        else:
            self._handler.zreport(report)

    def _read_report(self, elements, number):
        figures, unknown = {}, {}
        for tag, value in elements.items():
            if tag in _IDENTITY or tag[0] == "@":
                continue
            text = plain_text(value, tag, MAX_TEXT)
            if _FIGURES.fullmatch(tag):
                figures[tag] = parse_number(text, tag)
            else:
                unknown[tag] = text
        return ZReport(
            position=self._position,
            number=number,
            fiscal_no=_read_identity(elements, "FiscalNo"),
            shop=plain_text(elements.get("ShopNo"), "ShopNo", MAX_CODE),
            till=plain_text(elements.get("PosNo"), "PosNo", MAX_CODE),
            last_receipt=plain_text(elements.get("ReceiptNo"), "ReceiptNo", MAX_CODE),
            cashier=plain_text(elements.get("SUsersCode"), "SUsersCode", MAX_CODE),
            printed=parse_moment(
                plain_text(elements.get("ZReportDate"), "ZReportDate", MAX_CODE),
                "ZReportDate",
            ),
            figures=figures,
            unknown=unknown,
        )


def _read_identity(elements, tag):
    text = plain_text(elements.get(tag), tag, MAX_CODE)
    if not text:
        raise PayloadError(
            _lt(
                "%(tag)s is missing: without it, the Z report can't be told from "
                "others. Have it corrected in RASO and exported again.",
                tag=tag,
            )
        )
    return text
