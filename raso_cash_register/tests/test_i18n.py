import io
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

ADDON = "raso_cash_register"
# OCA's check of .po files wants no translation where it equals the term
SAME_IN_LITHUANIAN = {
    *("ID", "KVITAS", "RASO", "RASO DataProvider", "RASO DataType", "RASO SF"),
    *("RIVILĖ", "SF", "Tara", "%(whole)s, %(part)s"),
    *("RASO %(company)s", '<span class="mx-1">·</span>'),
    # the name of a printed file, which Odoo takes for a text
    "'%s %s' % (object.day, object.register_id.display_name.replace('/', '-'))",
}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%|%[sd]")
TAG = re.compile(r"</?\w[^>]*>")
SAID = re.compile(r'((?:aria-label|title)=)"[^"]*"')


@tagged("-at_install", "post_install")
class TestI18n(TransactionCase):
    """The texts on screen, the template and the Lithuanian file hold the same terms.

    After a text changed, update the addon in a database, renew the template with
    ``odoo i18n export -d DATABASE raso_cash_register``, merge it into ``lt.po`` and
    translate what is new.
    """

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = polib.pofile(file_path(f"{ADDON}/i18n/{ADDON}.pot"))
        cls.lithuanian = polib.pofile(file_path(f"{ADDON}/i18n/lt.po"))

    def export(self, lang=None):
        buffer = io.BytesIO()
        trans_export(lang, [ADDON], buffer, "po", self.env)
        return polib.pofile(buffer.getvalue().decode())

    def check_same_terms(self, expected, found):
        """Compare terms and where they stand: Odoo translates by the place."""
        expected, found = list_terms(expected), list_terms(found)
        self.assertEqual(expected - found, set(), "missing")
        self.assertEqual(found - expected, set(), "stale")

    def test_template_is_fresh(self):
        self.check_same_terms(self.export(), self.template)

    def test_lithuanian_has_every_term(self):
        self.check_same_terms(self.template, self.lithuanian)
        self.assertFalse(self.lithuanian.obsolete_entries())

    def test_every_term_is_translated(self):
        untranslated = {
            entry.msgid
            for entry in self.lithuanian
            if entry.fuzzy or not entry.msgstr.strip()
        }
        self.assertEqual(untranslated, SAME_IN_LITHUANIAN)

    def test_placeholders_and_tags_are_kept(self):
        for entry in self.lithuanian.translated_entries():
            for pattern in (PLACEHOLDER, TAG):
                with self.subTest(term=entry.msgid):
                    self.assertEqual(
                        sorted(pattern.findall(SAID.sub(r"\1", entry.msgid))),
                        sorted(pattern.findall(SAID.sub(r"\1", entry.msgstr))),
                    )
            with self.subTest(term=entry.msgid):
                self.assertEqual(find_edges(entry.msgid), find_edges(entry.msgstr))

    def test_odoo_shows_lithuanian(self):
        self.env["res.lang"]._activate_lang("lt_LT")
        addon = self.env.ref(f"base.module_{ADDON}")
        addon._update_translations("lt_LT", overwrite=True)
        shown = {entry.msgid: entry.msgstr for entry in self.export("lt_LT")}
        self.assertEqual(
            shown, {entry.msgid: entry.msgstr for entry in self.lithuanian}
        )
        env = self.env(context={"lang": "lt_LT"})
        self.assertEqual(
            env.ref(f"{ADDON}.raso_cash_sale_line_menu").name, "Kasos pardavimai"
        )
        sales = env["raso.cash.sale"]
        shop = sales.fields_get(["shop_id"])["shop_id"]
        self.assertEqual(shop["string"], "Parduotuvė")
        form = sales.get_view(view_type="form")["arch"]
        self.assertIn('string="Įtraukti dabar"', form)


def list_terms(po):
    return {(entry.msgid, place) for entry in po for place, _line in entry.occurrences}


def find_edges(text):
    """Return the space around a term: a sentence put together needs it."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
