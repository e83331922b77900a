import ast
import io
from pathlib import Path
from unittest.mock import patch

import polib

from odoo.tests import BaseCase, tagged
from odoo.tools.translate import code_translations, trans_export

from ..models.told import tell
from ..texts import Text, dump_text, join_texts, load_text, split_texts
from .booking import BookingCase
from .common import document, receipt

ADDON = "raso_cash_register"
LITHUANIAN = {
    "%(tag)s is %(text)s, which can't be read as a number: it may have a minus, at "
    "most %(digits)s digits and one decimal point, nothing else. Have it corrected in "
    "RASO and exported again.": "%(tag)s yra %(text)s: ne skaičius.",
    "receipt %(index)s (No %(number)s)": "kvitas %(index)s (Nr. %(number)s)",
    "line %(index)s": "%(index)s eilutė",
    "Not understood: %(names)s.": "Nesuprasta: %(names)s.",
    "The document is empty. Have RASO export it again; as it is, nothing of it was "
    "read.": "Dokumentas tuščias.",
    "Where: %(where)s": "Vieta: %(where)s",
    "The server %(server)s:%(port)s refuses user “%(user)s”. Check the user and the "
    "password.": "Serveris %(server)s:%(port)s nepriima naudotojo „%(user)s“.",
    "%(trouble)s It is tried again.": "%(trouble)s Bandoma vėl.",
    "Transaction type %(type)s has no journal. Choose one in Configuration ▸ RASO ▸ "
    "Transaction Types.": "Operacijų tipas %(type)s neturi žurnalo.",
}


class TestText(BaseCase):
    def test_reads_as_english(self):
        text = Text("%(tag)s is %(text)s", tag="QTY", text=Text("empty"))
        self.assertEqual(text, "QTY is empty")
        self.assertEqual(Text("100 %"), "100 %")
        self.assertEqual(Text("%(a)s").fill(a=1, b=2), "1")

    def test_is_told_with_its_values(self):
        text = Text("%(tag)s is %(text)s", tag="empty", text=Text("empty"))
        words = {"%(tag)s is %(text)s": "%(text)s: %(tag)s", "empty": "tuščia"}
        told = text.tell(lambda term, **values: words[term] % values)
        self.assertEqual(told, "tuščia: empty")
        self.assertEqual(load_text(dump_text(told)), text)

    def test_is_kept(self):
        inner = Text("line %(index)s", index=3)
        text = Text("%(where)s: 5 %% of “%(names)s”", where=inner, names='{"term": 1}')
        kept = load_text(dump_text(text))
        self.assertEqual(kept, text)
        self.assertEqual(kept.term, text.term)
        self.assertEqual(kept.values["where"].values, {"index": 3})
        for plain in ("", "Any text", "50 % of %(it)s"):
            self.assertEqual(load_text(dump_text(plain)), plain)

    def test_joins_and_splits(self):
        texts = [Text("No %(n)s", n=1), "plain %", Text("end")]
        joined = load_text(dump_text(join_texts(texts)))
        self.assertEqual(joined, "No 1\nplain %\nend")
        self.assertEqual(split_texts(joined), texts)
        self.assertEqual(split_texts(joined)[0].term, "No %(n)s")
        self.assertEqual(split_texts(texts[0])[0].term, "No %(n)s")
        self.assertEqual(split_texts("a\nb"), ["a", "b"])
        self.assertEqual(split_texts(False), [])


@tagged("-at_install", "post_install")
class TestTold(BookingCase):
    """Who reads Lithuanian sees Lithuanian, whoever fetched and read the documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("lt_LT")
        known = code_translations.get_python_translations(ADDON, "lt_LT")
        patcher = patch.dict(
            code_translations.python_translations,
            {(ADDON, "lt_LT"): {**known, **LITHUANIAN}},
        )
        patcher.start()
        cls.addClassCleanup(patcher.stop)

    def take(self, text):
        row_id = self.add(text, 0)
        self.run_cron()
        return self.find_exchange(row_id)

    def read_both(self, record, name):
        """Return what a remote caller reads in English and in Lithuanian."""
        shown = [
            record.with_context(lang=lang).read([name])[0][name]
            for lang in ("en_US", "lt_LT")
        ]
        self.assertEqual({type(text) for text in shown}, {str})
        self.assertEqual(record.with_context(lang="lt_LT")[name], shown[1])
        return shown

    def test_part_that_cant_be_read(self):
        good = receipt("1")
        bad = receipt("2", {"CODE": "4770001", "QTY": "1,5", "AMOUNT": "1.21"})
        issue = self.take(document(good, bad)).issue_ids
        english, lithuanian = self.read_both(issue, "reason")
        self.assertIn("QTY is “1,5”, which can't be read", english)
        self.assertEqual(lithuanian, "QTY yra “1,5”: ne skaičius.")
        self.assertEqual(
            self.read_both(issue, "place"),
            ["receipt 2 (No 2), line 1", "kvitas 2 (Nr. 2), 1 eilutė"],
        )
        self.assertEqual(
            issue.with_context(lang="lt_LT").display_name, "QTY yra “1,5”: ne skaičius."
        )
        # who looks after RASO's server reads English
        self.assertIn("which can't be read", self.get_row_message(issue.exchange_id))

    def get_row_message(self, exchange):
        return self.get_row(exchange.source_id)["StatusMsg"]

    def test_status_is_english_whoever_runs(self):
        exchange = self.take("").with_context(lang="lt_LT")
        self.assertIn("The document is empty", exchange._prepare_status_message())

    def test_document_that_cant_be_read(self):
        exchange = self.take("")
        english, lithuanian = self.read_both(exchange, "error_text")
        self.assertIn("The document is empty. Have RASO export it again", english)
        self.assertIn("Dokumentas tuščias.\nVieta: ", lithuanian)

    def test_remarks_stay_when_read_again(self):
        exchange = self.take(document(receipt("1", Mood="x")))
        expected = ["Not understood: SalesSync/Sales@Mood.", "Nesuprasta: SalesSync"]
        for _time in range(2):
            english, lithuanian = self.read_both(exchange, "note")
            self.assertEqual(english, expected[0])
            self.assertIn(expected[1], lithuanian)
            exchange.with_context(lang="lt_LT").action_read_again()
            self.run_cron()

    def test_server_that_refuses(self):
        text = Text(
            "The server %(server)s:%(port)s refuses user “%(user)s”. Check the user "
            "and the password.",
            **{"server": "till.lan", "port": 1433, "user": "raso"},
        )
        self.connection._note_failure(text)
        english, lithuanian = self.read_both(self.connection, "last_error")
        self.assertEqual(english, text)
        self.assertEqual(
            lithuanian, "Serveris till.lan:1433 nepriima naudotojo „raso“."
        )
        self.assertEqual(
            tell(
                self.env(context={"lang": "lt_LT"}),
                Text("%(trouble)s It is tried again.", trouble=text),
            ),
            f"{lithuanian} Bandoma vėl.",
        )

    def test_scheduled_action_speaks_the_company_language(self):
        """What is written down for good can't be told in the reader's language."""
        self.company.partner_id.lang = "lt_LT"
        self.connection.sudo().login = "nobody"
        self.run_cron()
        self.assertIn("nepriima naudotojo", self.connection.message_ids[0].body)

    def test_booking_speaks_the_company_language(self):
        self.company.partner_id.lang = "lt_LT"
        kinds = self.env["raso.transaction.type"].search(
            [("company_id", "=", self.company.id)]
        )
        kinds.write({"ripe": "now", "journal_id": False})
        self.take(document(receipt("1")))
        failed = self.env["raso.trade.document"].search([("state", "=", "failed")])
        self.assertIn("neturi žurnalo", failed.error_text)

    def test_plain_text_stays(self):
        self.connection.last_error = "50 % of %(it)s"
        self.env.invalidate_all()
        self.assertEqual(self.connection.last_error, "50 % of %(it)s")
        self.connection.last_error = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(self.connection.last_error, False)

    def test_every_text_is_among_the_terms(self):
        """Odoo finds the terms that stand as they are in the calls of _lt."""
        buffer = io.BytesIO()
        trans_export(None, [ADDON], buffer, "po", self.env)
        exported = polib.pofile(buffer.getvalue().decode())
        found = {
            (entry.msgid, place)
            for entry in exported
            for place, _line in entry.occurrences
        }
        terms = {term for term, _place in found}
        self.assertLessEqual(LITHUANIAN.keys(), terms)
        checked = 0
        addon = Path(__file__).parents[1]
        for path in (*addon.glob("tools/*.py"), *addon.glob("clients/*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for call in filter(_is_error, ast.walk(tree)):
                self.assertFalse(
                    [arg for arg in call.args if _is_string(arg)],
                    f"{path.name}:{call.lineno} tells a text that can't be translated",
                )
            for call in filter(_is_term, ast.walk(tree)):
                self.assertIn(ast.literal_eval(call.args[0]), terms, path.name)
                checked += 1
        self.assertGreater(checked, 40)


def _is_term(node):
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_lt"


def _is_error(node):
    names = ("PayloadError", "TransportError", "SetupError")
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in names


def _is_string(node):
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
