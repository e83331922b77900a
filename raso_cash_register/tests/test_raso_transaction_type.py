from datetime import date

from odoo.exceptions import AccessError, UserError

from .booking import APPLES, BOOK, COFFEE, BookingCase, line
from .common import document, receipt

SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
}


class TypeCase(BookingCase):
    def find_type(self, kind):
        return self.env["raso.transaction.type"].search(
            [("company_id", "=", self.company.id), ("kind", "=", kind)]
        )

    def book(self, *receipts, data_type=0):
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents()


class TestDrafts(TypeCase):
    def setUp(self):
        super().setUp()
        self.find_type("sale").is_draft = True
        self.find_type("sf").is_draft = True

    def test_prepared(self):
        """Nothing counts yet: the transfer isn't done, the entry is a draft."""
        prepared = self.book(receipt("1", COFFEE, BOOK, payments=[("2", "11.71")]))
        self.assertEqual(prepared.state, "prepared")
        self.assertEqual(prepared.move_ids.mapped("state"), ["draft"])
        self.assertNotIn("done", prepared.picking_ids.mapped("state"))
        self.assert_accounts(prepared.move_ids, {})
        self.assertEqual(set(self.find_sales().line_ids.mapped("state")), {"ready"})
        self.run_cron()
        self.assertEqual(self.find_documents(), prepared)

    def test_confirm(self):
        prepared = self.book(
            receipt("1", COFFEE, BOOK, payments=[("0", "1.71"), ("2", "10.00")])
        )
        prepared.action_confirm()
        self.assertEqual(prepared.state, "booked")
        self.assert_accounts(
            prepared.move_ids,
            {
                self.cash_account: "1.71",
                "273000": "10.00",
                "449200": "-0.71",
                "500000": "-11.00",
            },
        )
        self.assertEqual(
            self.sum_stock(prepared.picking_ids), {self.coffee: 1, self.book_item: 2}
        )
        self.assertEqual(set(self.find_sales().line_ids.mapped("state")), {"grey"})
        self.assertEqual(prepared.amount_booked, 11.71)
        self.assert_settled()
        with self.assertRaises(UserError):
            prepared.action_confirm()

    def test_confirm_invoice(self):
        prepared = self.book(receipt("1", COFFEE, **SF), data_type=1)
        self.assertEqual(prepared.move_ids.state, "draft")
        prepared.action_confirm()
        invoice = prepared.move_ids.filtered(lambda move: move.is_invoice())
        self.assertEqual(
            (invoice.name, invoice.amount_total, invoice.payment_state),
            ("RSF-1", 1.21, "paid"),
        )

    def test_confirm_in_locked_period(self):
        """Refused with the reason; the drafts stay as they were."""
        prepared = self.book(receipt("1", COFFEE))
        self.company.fiscalyear_lock_date = "2026-11-22"
        with self.assertRaisesRegex(UserError, "locked"):
            prepared.action_confirm()
        self.assertEqual(prepared.state, "prepared")
        self.assertEqual(prepared.move_ids.state, "draft")

    def test_drafts_go_with_their_document(self):
        prepared = self.book(receipt("1", COFFEE))
        for refused in (
            prepared.move_ids.action_post,
            prepared.move_ids.button_cancel,
            prepared.move_ids.unlink,
            prepared.picking_ids.button_validate,
            prepared.picking_ids.action_cancel,
            prepared.picking_ids.unlink,
        ):
            with self.assertRaisesRegex(UserError, prepared.name):
                refused()

    def test_unbook_deletes_drafts(self):
        prepared = self.book(receipt("1", COFFEE, APPLES))
        sums = {"move": prepared.move_ids, "picking": prepared.picking_ids}
        prepared.action_unbook()
        self.assertEqual(prepared.state, "unbooked")
        self.assertFalse(sums["move"].exists() | prepared.move_ids)
        self.assertFalse(sums["picking"].exists() | prepared.picking_ids)
        self.assertEqual(self.find_sales().hold_cause, "unbooked")
        prepared.action_retry()
        again = self.find_documents(state="prepared")
        again.action_confirm()
        self.assertEqual(again.amount_booked, 3.63)

    def test_user_may_not_confirm(self):
        prepared = self.book(receipt("1", COFFEE))
        with self.assertRaises(AccessError):
            prepared.with_user(self.user).action_confirm()


class TestLockedPeriod(TypeCase):
    def test_hold(self):
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.assertFalse(self.book(receipt("1", COFFEE)))
        self.assertEqual(self.find_sales().hold_cause, "locked")

    def test_first_open_day(self):
        """Everything of the document is dated the first open day."""
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.find_type("sale").lock_policy = "next"
        booked = self.book(receipt("1", COFFEE, payments=[("0", "0.21"), ("2", "1")]))
        self.assertEqual(booked.state, "booked", booked.error_text)
        self.assertEqual(booked.day, date(2026, 11, 22))
        self.assertEqual(booked.date, date(2026, 11, 23))
        self.assertEqual(len(booked.move_ids), 3)
        self.assertEqual(set(booked.move_ids.mapped("date")), {date(2026, 11, 23)})
        self.assertEqual(booked.picking_ids.date_done.date(), date(2026, 11, 23))
        self.assert_settled()

    def test_first_open_day_of_several_locks(self):
        """The tax lock goes further than the sale lock; the invoice keeps its day."""
        self.company.sale_lock_date = "2026-11-22"
        self.company.tax_lock_date = "2026-11-30"
        self.find_type("sf").lock_policy = "next"
        booked = self.book(receipt("1", COFFEE, **SF), data_type=1)
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        self.assertEqual(invoice.date, date(2026, 12, 1))
        self.assertEqual(invoice.invoice_date, date(2026, 11, 22))
        self.assertEqual(invoice.name, "RSF-1")
        self.assertEqual(booked.date, date(2026, 12, 1))

    def test_booked_once_it_is_open(self):
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.book(receipt("1", COFFEE))
        self.company.fiscalyear_lock_date = "2026-11-21"
        self.run_cron()
        self.assertEqual(self.find_documents().date, date(2026, 11, 22))


class TestRules(TypeCase):
    def test_most_specific_type(self):
        """The till's own rule, then the shop's, then the company's."""
        general = self.find_type("sale")
        of_shop = general.copy({"code": "SHOP", "shop_id": self.shop.id})
        of_till = of_shop.copy({"code": "TILL", "register_id": self.till.id})
        self.book(
            receipt("1", COFFEE),
            receipt("2", COFFEE, PosNo="2"),
            receipt("3", COFFEE, ShopNo="02"),
        )
        sales = self.find_sales()
        self.assertEqual(
            sales.transaction_type_id.sorted("id"), general | of_shop | of_till
        )
        self.assertEqual(
            [sale.transaction_type_id for sale in sales], [of_till, of_shop, general]
        )
        self.assertIn("TILL", sales[0].why)
        self.assertIn("till 01 / Till 1", sales[0].why)
        self.assertIn("shop 01", sales[1].why)

    def test_every_receipt_by_itself(self):
        self.find_type("sale").grouping = "document"
        booked = self.book(receipt("1", COFFEE), receipt("2", BOOK))
        self.assertEqual(
            booked.mapped("name"),
            ["SALE/01/1/2026-11-22/1", "SALE/01/1/2026-11-22/2"],
        )

    def test_unbooking_one_of_the_day_books_that_one_again(self):
        self.find_type("sale").grouping = "document"
        booked = self.book(receipt("1", COFFEE), receipt("2", BOOK))
        booked.action_unbook()
        booked[0].action_retry()
        self.assertEqual(
            self.find_documents(state="booked").name, "SALE/01/1/2026-11-22/1/+1"
        )
        self.assertEqual(self.find_sales("2").hold_cause, "unbooked")

    def test_payments_by_hand(self):
        self.find_type("sale").is_split = False
        booked = self.book(receipt("1", COFFEE))
        self.assert_accounts(
            booked.move_ids, {"241100": "1.21", "449200": "-0.21", "500000": "-1.00"}
        )

    def test_why_of_a_waiting_receipt(self):
        self.find_type("sale").ripe = "z"
        self.book(receipt("1", COFFEE))
        why = self.find_sales().why
        self.assertIn("Waits for the till's Z report", why)
        self.assertIn("SALE", why)
        self.assertIn("every shop", why)

    def test_why_of_a_held_receipt(self):
        self.book(receipt("1", line("4779999999997")))
        self.assertIn("4779999999997", self.find_sales().why)

    def test_why_of_an_sf(self):
        self.book(receipt("1", COFFEE, **SF), data_type=1)
        why = self.find_sales().why
        self.assertIn("by company code 300367240", why)
        self.assertIn("SF/01/1/2026-11-22/RSF-1", why)


class TestSeveral(TypeCase):
    def test_unbook_and_book_again(self):
        booked = self.book(receipt("1", COFFEE), receipt("2", BOOK, PosNo="2"))
        sums = self.sum_accounts(booked.move_ids)
        booked.action_unbook()
        self.assertEqual(set(booked.mapped("state")), {"unbooked"})
        booked.action_retry()
        again = self.find_documents(state="booked")
        self.assertEqual(len(again), 2)
        self.assertEqual(self.sum_accounts(again.move_ids), sums)

    def test_one_that_can_not_be_unbooked(self):
        """The others are; the one is told of."""
        sale = self.book(receipt("1", COFFEE))
        self.book(receipt("7", COFFEE, **SF), data_type=1)
        sf = self.find_documents(kind="sf")
        self.company.tax_lock_date = "2026-11-22"
        action = (sf | sale).action_unbook()
        self.assertEqual((sale.state, sf.state), ("unbooked", "booked"))
        self.assertIn(sf.name, action["params"]["message"])
