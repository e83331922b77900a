from odoo.exceptions import AccessError, UserError

from odoo.addons.web.controllers.utils import clean_action

from .booking import COFFEE
from .common import receipt
from .white import TEA, WhiteCase


class TestButtons(WhiteCase):
    """What buttons and menus lead to on screen, and for whom."""

    def book(self, *receipts):
        self.take(
            *(receipts or (receipt("1", COFFEE), receipt("2", COFFEE, PosNo="2")))
        )
        return self.find_documents()

    def run_action(self, name, documents):
        """Choose an action of the list's menu, as the web client does."""
        action = self.env.ref(f"raso_cash_register.raso_trade_document_action_{name}")
        result = action.with_context(
            active_model=documents._name, active_ids=documents.ids
        ).run()
        return clean_action(result, self.env) if result else False

    def test_why_for_users(self):
        """Who may not open a journal reads all the same why it is used."""
        self.book()
        journal = self.sale_type.journal_id
        with self.assertRaises(AccessError):
            journal.with_user(self.user).read(["name"])
        self.env.invalidate_all()
        why = self.find_sales("1").with_user(self.user).why
        self.assertIn(journal.name, why)

    def test_many_are_unbooked_and_booked_again(self):
        documents = self.book()
        self.assertFalse(self.run_action("unbook", documents))
        self.assertEqual(set(documents.mapped("state")), {"unbooked"})
        self.assertFalse(self.run_action("retry", documents))
        self.assertEqual(len(self.find_documents(state="booked")), 2)

    def test_many_are_confirmed(self):
        self.sale_type.is_draft = True
        documents = self.book()
        self.assertFalse(self.run_action("confirm", documents))
        self.assertEqual(set(documents.mapped("state")), {"booked"})

    def test_trouble_of_many_is_shown(self):
        documents = self.book()
        documents[0].action_unbook()
        result = self.run_action("unbook", documents)
        self.assertIn(documents[0].name, result["params"]["message"])

    def test_book_again_shows_what_it_made(self):
        booked = self.book(receipt("1", COFFEE))
        booked.action_unbook()
        action = booked.action_book_again()
        again = self.find_documents(state="booked")
        self.assertEqual(action["res_id"], again.id)
        with self.assertRaisesRegex(UserError, "No receipt"):
            booked.action_book_again()

    def test_try_again_shows_what_it_made(self):
        journal, self.sale_type.journal_id = self.sale_type.journal_id, False
        failed = self.book(receipt("1", COFFEE))
        self.assertTrue(failed.action_book_again())
        self.assertEqual(failed.state, "failed")
        self.sale_type.journal_id = journal
        action = failed.action_book_again()
        self.assertFalse(failed.exists())
        self.assertEqual(action["res_id"], self.find_documents(state="booked").id)

    def test_write_off_again_shows_what_it_made(self):
        self.sale_type.white_policy = "money"
        self.tea.tracking = "serial"
        booked = self.book(receipt("1", TEA))
        self.find_sales().line_ids.with_user(self.user).product_id = self.tea
        failed = booked.write_off_ids
        self.assertEqual(failed.state, "failed")
        action = failed.action_book_again()
        self.assertEqual(action["res_id"], booked.write_off_ids.id)
        self.tea.tracking = "none"
        action = booked.write_off_ids.action_book_again()
        self.assertEqual(booked.write_off_ids.state, "booked")
        self.assertEqual(action["res_id"], booked.write_off_ids.id)
