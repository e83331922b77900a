from decimal import Decimal

from odoo.exceptions import UserError

from .booking import APPLES, BOOK, COFFEE, line
from .common import receipt
from .sf import BACK, SfCase, sf


class TestSfReturn(SfCase):
    """Returned SF, and what an accountant does with booked ones by hand."""

    def test_return_of_an_open_sf(self):
        """On account: the credit note lowers what the SF leaves open."""
        sold = self.find_invoice(self.book(sf("1", COFFEE, BOOK)))
        back = self.find_invoice(self.book(sf("2", BACK)))
        self.assertRecordValues(
            back,
            [
                {
                    "move_type": "out_refund",
                    "name": "RSF-1/2",
                    "reversed_entry_id": sold.id,
                    "amount_total": 1.21,
                    "amount_residual": 0,
                }
            ],
        )
        self.assertEqual(sold.amount_residual, 10.50)

    def test_return_that_was_paid_back(self):
        """Its own payment settles it; the open SF stays as it was."""
        sold = self.find_invoice(self.book(sf("1")))
        booked = self.book(sf("2", BACK, payments=[("0", "-1.21")]))
        back = self.find_invoice(booked)
        self.assertEqual(back.reversed_entry_id, sold)
        self.assertFalse(back.amount_residual)
        self.assertEqual(sold.amount_residual, 1.21)
        self.assertEqual(
            self.sum_accounts(booked.move_ids)[self.cash_account], -Decimal("1.21")
        )

    def test_return_on_account_of_a_paid_sf(self):
        """The customer has a credit."""
        self.book(sf("1", payments=[("0", "1.21")]))
        back = self.find_invoice(self.book(sf("2", BACK)))
        self.assertEqual(back.amount_residual, 1.21)

    def test_return_in_the_same_document(self):
        self.book(sf("2", BACK), sf("1"))
        moves = self.find_invoice(self.find_documents())
        self.assertEqual(set(moves.mapped("name")), {"RSF-1", "RSF-1/2"})
        self.assertFalse(any(moves.mapped("amount_residual")))

    def test_return_without_a_receipt(self):
        """RIVILĖ invoices have no number but their own."""
        self.book(sf("RSF-1"))
        back = self.book(sf("RSF-1", BACK, SaleDate="2026-11-23"))
        self.assertEqual(self.find_invoice(back).name, "RSF-1/2026-11-23")

    def test_return_with_a_number_of_its_own(self):
        self.book(sf("1"))
        back = self.find_invoice(self.book(sf("2", BACK, invoice_no="KSF-7")))
        self.assertEqual((back.name, back.reversed_entry_id.id), ("KSF-7", False))
        self.assertEqual(back.amount_residual, 1.21)

    def test_return_of_another_customers_sf(self):
        """The number is that customer's: no credit note may bear it."""
        self.book(sf("1"))
        self.assert_refused("already taken", sf("2", BACK, PartnerCode="302331213"))

    def test_two_returns_of_one_sf(self):
        """The second one disputes the first until a person says both are real."""
        sold = self.find_invoice(
            self.book(sf("1", line(quantity=2, amount="2.42", vat="0.42")))
        )
        self.book(sf("2", BACK))
        self.book(sf("3", BACK))
        sale = self.find_sales("3")
        self.assertEqual(sale.state, "conflict")
        sale.action_both_real()
        self.run_cron()
        self.assertEqual(self.find_sales("3").state, "booked")
        self.assertEqual(
            set(sold.reversal_move_ids.mapped("name")), {"RSF-1/2", "RSF-1/3"}
        )
        self.assertFalse(sold.amount_residual)

    def test_return_before_its_sf(self):
        """It took the SF's number for its own; the order of arrival doesn't matter."""
        early = self.book(sf("2", BACK))
        self.assertEqual(self.find_invoice(early).name, "RSF-1")
        sold = self.find_invoice(self.book(sf("1")))
        self.assertEqual((sold.name, early.state), ("RSF-1", "unbooked"))
        self.run_cron()
        back = sold.reversal_move_ids
        self.assertEqual((back.name, back.state), ("RSF-1/2", "posted"))
        self.assertFalse(sold.amount_residual)
        self.assertEqual(set(self.find_sales().mapped("state")), {"booked"})
        self.assertEqual(self.sum_stock(self.find_documents().picking_ids), {})

    def test_sf_unbooked_and_booked_again(self):
        """Its credit note belongs to the new one, and is settled with it."""
        booked = self.book(sf("1", COFFEE, BOOK))
        back = self.find_invoice(self.book(sf("2", BACK)))
        booked.action_unbook()
        self.assertEqual(back.amount_residual, 1.21)
        self.find_sales("1").action_book_now()
        again = self.find_invoice(self.find_documents(kind="sf", state="booked"))
        self.assertEqual((again.name, again.amount_residual), ("RSF-1", 10.50))
        self.assertEqual(back.reversed_entry_id, again)

    # by hand

    def test_credit_note_by_hand(self):
        """Legitimate: an accountant corrects what was invoiced."""
        invoice = self.find_invoice(self.book(sf("1")))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note.action_post()
        self.assertFalse(note.raso_trade_document_id)
        self.assertFalse(
            self.find_invoice(self.book(sf("2", invoice_no="RSF-2"))).reversed_entry_id
        )

    def test_what_was_booked_is_guarded(self):
        """Entries, cash lines and payments go with their document alone."""
        booked = self.book(
            sf("1", COFFEE, BOOK, payments=[("0", "1.71"), ("2", "10.00")])
        ) | self.book(receipt("2", APPLES), data_type=0)
        cash = booked.move_ids.statement_line_id
        self.assertEqual(len(cash), 2)
        entries = booked.move_ids.filtered(lambda move: not move.is_invoice())
        for refused in (
            *(
                getattr(booked.move_ids, name)
                for name in ("button_draft", "button_cancel")
            ),
            booked.move_ids.with_context(force_delete=True).unlink,
            cash.unlink,
            cash.action_undo_reconciliation,
            *(entry._reverse_moves for entry in entries),
        ):
            with self.assertRaisesRegex(UserError, "Use Unbook"), self.cr.savepoint():
                refused()
        self.assertEqual(set(booked.move_ids.mapped("state")), {"posted"})
        self.assert_settled()
