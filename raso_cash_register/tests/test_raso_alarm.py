from .alarm import UNKNOWN, AlarmCase
from .booking import COFFEE, line
from .common import receipt
from .z_common import coffees, z_report


class TestAlarm(AlarmCase):
    """When there is an activity, whose it is, and when it goes."""

    def test_all_is_well(self):
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(1)))
        self.assertFalse(self.env["raso.alarm"].search([]))
        self.assertFalse(self.env["mail.activity"].search([("automated", "=", True)]))

    def test_shop(self):
        """A shop that came by itself, told at once and only once."""
        self.take(receipt("1", COFFEE, ShopNo="02", PosNo="7"))
        shop = self.env["raso.shop"].search([("number", "=", "02")])
        activity = self.assert_told("shop", shop)
        self.assertEqual(activity.summary, "The shop needs set-up. Receipts held: 1")
        self.assertIn("no warehouse", activity.note)
        self.take(receipt("2", COFFEE, ShopNo="02", PosNo="7"))
        self.assertEqual(self.assert_told("shop", shop), activity)
        self.assertIn("held: 2", activity.summary)
        shop.write(
            {
                "warehouse_id": self.warehouse.id,
                "cash_journal_id": self.cash_journal.id,
            }
        )
        self.run_cron()
        self.assert_closed("shop", shop)

    def test_till(self):
        self.shop.cash_journal_id = False
        self.take(receipt("1", COFFEE))
        activity = self.assert_told("shop", self.shop)
        self.assertIn("cash of till Till 1.", activity.note)
        self.till.cash_journal_id = self.cash_journal
        self.run_cron()
        self.assert_closed("shop", self.shop)

    def test_archived_shop(self):
        self.shop.write({"cash_journal_id": False, "active": False})
        self.take(receipt("1", COFFEE))
        self.assertFalse(self.find_activities("shop"))

    def test_white(self):
        """Of items that wait for a day: one activity for a shop, with its figures."""
        self.take(receipt("1", UNKNOWN), receipt("2", UNKNOWN, line("4778888")))
        self.age_items(23)
        self.run_cron()
        self.assertFalse(self.find_activities("white"))
        self.age_items(25)
        self.run_cron()
        activity = self.assert_told("white", self.shop)
        self.assertIn("Items wait for a product: 3, since", activity.summary)
        self.assertIn("Stranger [4779999] × 2", activity.note)
        self.coffee.barcode = "4779999"
        self.run_cron()
        self.assertEqual(self.assert_told("white", self.shop), activity)
        self.assertIn("product: 1,", activity.summary)
        self.assertNotIn("Stranger", activity.note)
        self.book_item.barcode = "4778888"
        self.run_cron()
        self.assert_closed("white", self.shop)

    def test_white_whose_money_is_booked(self):
        self.env["raso.transaction.type"].search([]).white_policy = "money"
        self.take(receipt("1", UNKNOWN))
        self.assertEqual(self.find_sales().state, "booked")
        self.age_items(25)
        self.run_cron()
        self.assert_told("white", self.shop)

    def test_white_that_nobody_books(self):
        """Receipts of before the start, and cancelled ones."""
        self.take(receipt("1", UNKNOWN), receipt("2", UNKNOWN, SaleDate="2025-12-31"))
        self.find_sales("1").action_cancel()
        self.age_items(25)
        self.run_cron()
        self.assertFalse(self.find_activities("white"))

    def test_open_days(self):
        """Days over for a day and more that wait for something nobody else says."""
        self.take_z(z_report(**coffees(1), ZReportDate="2026-11-20T22:15:00"))
        self.take(
            receipt("1", COFFEE, SaleDate="2026-11-20"),
            receipt("2", COFFEE, SaleDate="2026-11-21"),
            receipt("3", COFFEE, SaleDate="2026-11-23"),
        )
        self.assertEqual(
            self.get_day("2026-11-23").state, "open", "yesterday's Z may come yet"
        )
        activity = self.assert_told("open", self.shop)
        self.assertIn("complete: 1, since", activity.summary)
        self.take_z(
            z_report("18", **coffees(2), ZReportDate="2026-11-21T22:15:00"),
        )
        self.take_z(
            z_report("18", **coffees(1), ZReportDate="2026-11-21T22:15:00"),
        )
        self.assertEqual(self.get_day("2026-11-21").state, "differs")

    def test_no_z_reports_at_all(self):
        """Where none ever came, that none came is no news."""
        self.take(receipt("1", COFFEE))
        self.assertEqual(self.codes(self.get_day()), ["unreported"])
        self.assertFalse(self.find_activities("open"))

    def test_open_for_what_is_told_elsewhere(self):
        self.take(receipt("1", UNKNOWN))
        self.age_items(25)
        self.run_cron()
        self.assertEqual(self.get_day().state, "open")
        self.assert_told("white", self.shop)
        self.assertFalse(self.find_activities("open"))

    def test_open_for_a_held_receipt(self):
        self.take(receipt("1", COFFEE, payments=[("0", "9.00")]))
        activity = self.assert_told("open", self.shop)
        self.assertIn("Till Days", activity.note)
        self.find_sales().action_cancel()
        self.run_cron()
        self.assert_closed("open", self.shop)

    def test_dated_in_the_future(self):
        self.take(receipt("1", COFFEE, SaleDate="2062-11-22"))
        self.assert_told("open", self.shop)

    def test_differs(self):
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(2)))
        day = self.get_day()
        activity = self.assert_told("differs", day)
        self.assertEqual(activity.summary, f"{day.display_name} differs")
        self.assertIn("Z report 17 differs by", activity.note)
        self.run_cron()
        self.assertEqual(self.assert_told("differs", day), activity)
        self.take(receipt("2", COFFEE))
        self.assertEqual(day.state, "complete")
        self.assert_closed("differs", day)

    def test_differs_today(self):
        """Receipts may come after their Z report, within the day."""
        self.take_z(z_report(**coffees(2), ZReportDate="2026-11-24T05:15:00"))
        self.assertEqual(self.get_day("2026-11-24").state, "differs")
        self.assertFalse(self.find_activities("differs"))

    def test_conflict(self):
        self.take(receipt("1", COFFEE))
        self.take(receipt("1", line(amount="2.42", vat="0.42")))
        activity = self.assert_told("differs", self.get_day())
        self.assertIn("another content", activity.note)

    def test_setup(self):
        """What the company lacks is told once, however many receipts wait."""
        sf = {"InvoiceNo": "SF-1", "PartnerCode": "300367240", "PartnerName": "UAB"}
        self.env["raso.transaction.type"].search([("kind", "=", "sf")]).active = False
        self.take(
            receipt("1", COFFEE, payments=[("RRPAY", "1.21")]),
            receipt("2", COFFEE, payments=[("77", "1.21")]),
            receipt("4", line(vat="0.40")),
        )
        self.take(receipt("3", COFFEE, **sf), data_type=1)
        activity = self.assert_told("setup", self.connection)
        self.assertIn("Payment code 77, RRPAY is not set up", activity.note)
        self.assertIn('href="/odoo/raso-payment-kinds"', activity.note)
        self.assertIn("No transaction type books SF. Make one", activity.note)
        self.assertIn("The VAT of some items fits no rate", activity.note)
        self.find_sales("1", "2", "3", "4").action_match_again()
        for sale in self.find_sales():
            sale.action_cancel()
        self.run_cron()
        self.assert_closed("setup", self.connection)

    def test_rate_without_tax(self):
        rate = self.env["raso.vat.rate"].search([("percent", "=", 21)])
        (self.coffee | self.apples).taxes_id = False
        tax, rate.tax_id = rate.tax_id, False
        self.take(receipt("1", COFFEE))
        activity = self.assert_told("setup", self.connection)
        self.assertIn("VAT rate 21 % has no sale tax", activity.note)
        rate.tax_id = tax
        self.run_cron()
        self.assert_closed("setup", self.connection)

    def test_unread(self):
        self.add("<SalesSync><Sales>")
        with self.muted("raso_exchange_read"):
            self.run_cron()
        activity = self.assert_told("unread", self.connection)
        self.assertIn("Documents could not be read: 1, since", activity.summary)

    def test_issue_solved(self):
        self.take(receipt("1", COFFEE, SaleDate="not a day"), receipt("2", COFFEE))
        self.assert_told("unread", self.connection)
        self.env["raso.exchange.issue"].search([]).is_solved = True
        self.run_cron()
        self.assert_closed("unread", self.connection)
