"""The user guide: it leaves no trouble out, and its links lead somewhere."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.raso_cash_register.clients import mssql
from odoo.addons.raso_cash_register.models.raso_cash_sale import HOLD_CAUSES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = Path(__file__).parents[1] / "static/description/index.html"
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _read_page(path):
    return CODE.sub("", path.read_text("utf-8"))


def _find_anchors(path):
    """Return what a page's links may name behind a hash, as GitHub makes them."""
    text = _read_page(path)
    titles = [re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text)]
    return {title.replace(" ", "-") for title in titles} | {*ANCHOR.findall(text)}


class TestLinks(BaseCase):
    def test_links_and_pictures_are_there(self):
        for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
            for link in LINK.findall(_read_page(page)):
                if "://" in link:
                    continue
                name, _hash, anchor = link.partition("#")
                target = (page.parent / name).resolve() if name else page
                with self.subTest(page=page.name, link=link):
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, _find_anchors(target))

    def test_every_picture_is_shown(self):
        pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
        text = "".join(page.read_text("utf-8") for page in pages)
        for picture in (DOCS / "images").iterdir():
            self.assertIn(picture.name, text)

    def test_pictures_of_the_addon_page(self):
        text = PAGE.read_text("utf-8")
        for name in re.findall(r'src="([^"]+)"', text):
            self.assertTrue((PAGE.parent / name).is_file(), name)
        manifest = ast.literal_eval((PAGE.parents[2] / "__manifest__.py").read_text())
        for name in manifest["images"]:
            self.assertTrue((PAGE.parents[2] / name).is_file(), name)

    def test_every_page_is_reached(self):
        index = (DOCS / "README.md").read_text("utf-8")
        for page in DOCS.rglob("*.md"):
            if page != DOCS / "README.md":
                self.assertIn(f"({page.relative_to(DOCS).as_posix()})", index)


@tagged("-at_install", "post_install")
class TestTroubles(TransactionCase):
    """Each code that a record may bear has its row in the guide, and no other."""

    def _find_documented(self, prefix):
        anchors = ANCHOR.findall((DOCS / "troubles.md").read_text("utf-8"))
        found = [anchor for anchor in anchors if anchor.startswith(f"{prefix}-")]
        self.assertEqual(len(found), len(set(found)))
        return {anchor.removeprefix(f"{prefix}-") for anchor in found}

    def _find_explained(self, model, helpers):
        """Return the codes that have a method with their text."""
        names = [name for name in dir(self.env[model]) if name.startswith("_explain_")]
        return {name.removeprefix("_explain_") for name in names} - helpers

    def test_held_receipts(self):
        self.assertEqual(self._find_documented("held"), dict(HOLD_CAUSES).keys())
        text = (DOCS / "troubles.md").read_text("utf-8")
        for code, label in HOLD_CAUSES:
            self.assertIn(f'<a id="held-{code}"></a>{label} |', text)

    def test_till_days(self):
        codes = self._find_explained("raso.register.day", {"all"})
        self.assertEqual(self._find_documented("day"), codes)

    def test_z_reports(self):
        codes = self._find_explained("raso.z.report", {"causes"})
        self.assertEqual(self._find_documented("z"), codes)

    def test_connections(self):
        codes = {*mssql._CONNECT_TEXTS, *mssql._RUN_TEXTS}
        self.assertEqual(self._find_documented("connection"), codes)

    def test_alarms(self):
        kinds = self.env["raso.alarm"]._fields["kind"].selection
        self.assertEqual(self._find_documented("alarm"), dict(kinds).keys())
        text = (DOCS / "troubles.md").read_text("utf-8")
        for code, label in kinds:
            self.assertIn(f'<a id="alarm-{code}"></a>{label} |', text)
