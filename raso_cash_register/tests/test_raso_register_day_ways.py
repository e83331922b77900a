from .booking import COFFEE, BookingCase, RivileCase
from .common import DAY, receipt
from .sample_case import DAYS, SampleCase
from .white import TEA, WhiteCase
from .z_common import DayCase, coffees, z_report


class TestDayByZ(DayCase):
    """A document of a Z report may book two days; each day has its own receipts."""

    def setUp(self):
        super().setUp()
        self.env["raso.transaction.type"].search([]).grouping = "z"
        self.take(
            receipt("1", COFFEE),
            receipt("2", COFFEE, COFFEE, SaleDate="2026-11-23", SaleTime="00:10:00"),
        )
        self.find_documents().action_unbook()
        self.take_z(
            z_report(
                **coffees(3, FiskaliniuKvituKiekis=2, ReceiptNo=2),
                ZReportDate="2026-11-23T00:30:00",
            )
        )
        self.find_sales().action_book_now()
        self.run_cron()
        self.days = self.get_day() | self.get_day("2026-11-23")

    def test_complete(self):
        documents = self.find_documents(state="booked")
        self.assertEqual(len(documents), 1)
        self.assertRecordValues(
            self.days,
            [
                {
                    "state": "complete",
                    "document_count": 1,
                    "amount_received": amount,
                    "amount_booked": amount,
                    "amount_z": amount,
                    "amount_ledger": amount,
                    "vat_ledger": vat,
                }
                for amount, vat in ((1.21, 0.21), (2.42, 0.42))
            ],
        )
        action = self.days[0].action_view_documents()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(documents, shown)

    def test_unbooked(self):
        self.find_documents(state="booked").action_unbook()
        self.assertEqual(self.days.mapped("is_stale"), [True, True])
        self.run_cron()
        self.assertEqual(self.days.mapped("state"), ["open", "open"])
        self.assertEqual(self.days.mapped("amount_ledger"), [0, 0])


class TestDayOfWhiteItems(WhiteCase):
    """Money first: the day is complete when the goods have followed."""

    def setUp(self):
        super().setUp()
        self.env["raso.transaction.type"].search([]).white_policy = "money"
        self.take(receipt("1", COFFEE, TEA))
        self.add(
            f"<SalesZReportsDataSync>{self.make_z()}</SalesZReportsDataSync>",
            5,
            provider="",
            shop="",
        )
        self.run_cron()
        self.day = self.env["raso.register.day"].search([])
        self.late = self.find_sales().line_ids.filtered("is_late")

    def make_z(self):
        return z_report(**coffees(4, FiskaliniuKvituKiekis=1, ReceiptNo=1))

    def test_not_written_off(self):
        self.assertEqual(self.day.state, "open")
        self.assertIn(
            "Items of booked receipts that are not written off: 1.", self.day.reason
        )

    def test_written_off(self):
        self.assign(self.late, self.tea)
        self.run_cron()
        self.assertRecordValues(
            self.day, [{"state": "complete", "document_count": 2, "reason": False}]
        )

    def test_written_off_later(self):
        """Its product is known, but the goods can't be moved in a locked period."""
        self.company.fiscalyear_lock_date = DAY
        self.assign(self.late, self.tea)
        self.run_cron()
        self.assertEqual(self.late.state, "ready")
        self.day.action_check()
        self.assertEqual(self.day.state, "open")

    def test_excluded(self):
        self.exclude(self.late)
        self.assertTrue(self.day.is_stale)
        self.run_cron()
        self.assertEqual(self.day.state, "complete")

    def test_service(self):
        self.tea.type = "service"
        self.assign(self.late, self.tea)
        self.assertTrue(self.day.is_stale)
        self.run_cron()
        self.assertEqual(self.day.state, "complete")


class TestDayMarks(BookingCase):
    def test_held_by_sql(self):
        """What holds receipts in sets marks their days as well."""
        self.add(f"<SalesSync>{receipt('1', COFFEE)}</SalesSync>")
        self.run_cron()
        sale = self.find_sales()
        day = self.env["raso.register.day"].search([])
        for hold in (
            lambda: sale._hold_for_booking("No."),
            lambda: sale._hold_for_lots({sale.id: "No lot."}),
        ):
            self.assertFalse(day.is_stale)
            hold()
            self.assertTrue(day.is_stale)
            day.action_check()


class TestDayOfSheets(RivileCase, SampleCase):
    """The sample days through RIVILĖ: complete once their revenue is made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"].create(
            {"name": "Tara", "code": "449990", "account_type": "liability_current"}
        )
        cls.env["raso.setup"].create({"tara_account_id": account.id}).action_apply()

    def test_complete(self):
        self.run_cron()
        days = self.env["raso.register.day"].search([])
        reports = self.env["raso.z.report"].search([])
        self.assertEqual(
            reports.mapped("state"), ["agrees"] * 4, reports.mapped("difference_text")
        )
        self.assertEqual(days.mapped("state"), ["open"] * 4)
        for day in days:
            self.assertEqual([code for code, _values in day.reasons], ["revenue"])
        self.env["raso.transaction.type"].search([]).is_revenue_auto = True
        self.run_cron()
        self.assertEqual(days.mapped("state"), ["complete"] * 4, days.mapped("reason"))
        for figure in ("booked", "z", "ledger"):
            for name in ("amount", "vat"):
                self.assertEqual(
                    days.mapped(f"{name}_received"), days.mapped(f"{name}_{figure}")
                )
        for day in DAYS:
            expected = sum(map(float, self.read_expected(day)["amount"].values()))
            shown = days.filtered(lambda part, day=day: str(part.day) == day)
            self.assertAlmostEqual(sum(shown.mapped("amount_received")), expected)
        self.assertAlmostEqual(sum(days.mapped("amount_tara")), -9.60)
