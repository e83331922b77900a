from datetime import date

from odoo.exceptions import AccessError, UserError

from .booking import APPLES, BOOK, COFFEE, BookingCase, line
from .common import document, receipt

SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
}


class TestUnbook(BookingCase):
    def book(self, *receipts, data_type=0):
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents(state="booked")

    def test_unbook_leaves_nothing(self):
        booked = self.book(
            receipt("1", COFFEE, BOOK, payments=[("0", "1.71"), ("2", "10.00")]),
            receipt("2", APPLES),
        )
        booked.action_unbook()
        self.assertEqual(booked.state, "unbooked")
        self.assert_accounts(booked.move_ids, {})
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
        self.assertFalse(
            self.env["account.bank.statement.line"].search(
                [("journal_id", "=", self.cash_journal.id)]
            )
        )
        self.assert_settled()
        sales = self.find_sales()
        self.assertEqual(set(sales.mapped("hold_cause")), {"unbooked"})
        self.assertEqual(set(sales.line_ids.mapped("state")), {"ready"})

    def test_waits_for_a_person(self):
        """The scheduled action doesn't book again what someone just unbooked."""
        self.book(receipt("1", COFFEE)).action_unbook()
        self.run_cron()
        self.assertFalse(self.find_documents(state="booked"))
        self.find_sales().action_book_now()
        self.assertEqual(self.find_documents(state="booked").supplement, 1)

    def test_book_again_gives_the_same(self):
        booked = self.book(receipt("1", COFFEE, BOOK, payments=[("2", "11.71")]))
        sums = self.sum_accounts(booked.move_ids)
        booked.action_unbook()
        self.find_sales().action_book_now()
        again = self.find_documents(state="booked")
        self.assertNotEqual(again, booked)
        self.assertEqual(self.sum_accounts(again.move_ids), sums)
        self.assert_settled()

    def test_invoice_keeps_its_number(self):
        booked = self.book(receipt("1", COFFEE, **SF), data_type=1)
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        self.assertEqual((invoice.name, invoice.payment_state), ("RSF-1", "paid"))
        booked.action_unbook()
        self.assertEqual(invoice.state, "cancel")
        self.find_sales().action_book_now()
        again = self.find_documents(state="booked").move_ids
        self.assertEqual(again.filtered(lambda move: move.is_invoice()).name, "RSF-1")

    def test_locked_period(self):
        """What is locked stays: it is answered on the first open day."""
        booked = self.book(receipt("1", COFFEE, BOOK, payments=[("0", "11.71")]))
        self.company.fiscalyear_lock_date = "2026-11-22"
        kept = booked.move_ids
        booked.action_unbook()
        self.assertEqual(set(kept.mapped("date")), {date(2026, 11, 22)})
        self.assertEqual(set(kept.mapped("state")), {"posted"})
        answers = booked.move_ids - kept
        self.assertEqual(set(answers.mapped("date")), {date(2026, 11, 24)})
        self.assert_accounts(booked.move_ids, {})
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
        self.assertEqual(
            {done.date() for done in booked.picking_ids.mapped("date_done")},
            {date(2026, 11, 22), date(2026, 11, 24)},
        )

    def test_only_managers(self):
        booked = self.book(receipt("1", COFFEE))
        with self.assertRaises(AccessError):
            booked.with_user(self.user).action_unbook()
        self.assertEqual(booked.state, "booked")

    def test_twice(self):
        booked = self.book(receipt("1", COFFEE))
        booked.action_unbook()
        with self.assertRaisesRegex(UserError, "is not booked"):
            booked.action_unbook()

    def test_take_the_new_one(self):
        """A receipt that was exported again with other content takes its place."""
        self.book(receipt("1", COFFEE), receipt("2", BOOK))
        self.book(receipt("1", line(quantity=2, amount="2.42", vat="0.42")))
        disputed = self.find_sales("1").filtered(lambda sale: sale.state == "conflict")
        disputed.action_take_new()
        self.run_cron()
        booked = self.find_documents(state="booked")
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.coffee: 2, self.book_item: 2}
        )
        self.assert_accounts(
            self.find_documents().move_ids,
            {self.cash_account: "12.92", "449200": "-0.92", "500000": "-12.00"},
        )
        self.assert_settled()
