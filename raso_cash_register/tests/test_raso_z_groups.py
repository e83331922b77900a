from datetime import date

from .booking import BOOK, COFFEE
from .common import receipt
from .test_raso_type_changes import TypeDayCase
from .z_common import z_report


class TestZGroups(TypeDayCase):
    """Receipts whose Z report comes, or changes, after they were grouped."""

    def setUp(self):
        super().setUp()
        self.sale_type.grouping = "z"

    def test_try_again_once_the_z_report_is_here(self):
        self.take(receipt("1", COFFEE))
        booked = self.find_documents()
        booked.action_unbook()
        self.take_z(z_report())
        booked.action_retry()
        self.assertEqual(self.find_sales().state, "booked")

    def test_failure_goes_once_its_receipts_are_booked(self):
        journal = self.sale_type.journal_id
        self.sale_type.journal_id = False
        self.take(receipt("1", COFFEE))
        failed = self.find_documents()
        self.assertEqual(failed.state, "failed")
        self.take_z(z_report())
        self.sale_type.journal_id = journal
        failed.action_retry()
        self.assertEqual(self.find_documents().mapped("state"), ["booked"])

    def test_failure_of_a_type_that_is_not_used_any_more(self):
        self.sale_type.journal_id = False
        self.take(receipt("1", COFFEE))
        failed = self.find_documents()
        journal = self.env["account.journal"].search([("type", "=", "general")])[:1]
        self.sale_type.copy(
            {"code": "S1", "shop_id": self.shop.id, "journal_id": journal.id}
        )
        failed.action_retry()
        self.assertEqual(self.find_documents().mapped("state"), ["booked"])

    def test_two_reports_of_a_day_have_names_of_their_own(self):
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE), receipt("2", COFFEE, SaleTime="20:00:00"))
        self.take_z(
            z_report("17", ZReportDate="2026-11-22T15:00:00"),
            z_report("18", ZReportDate="2026-11-22T22:00:00"),
        )
        names = self.find_documents().mapped("name")
        self.assertEqual(len(set(names)), 2, names)

    def test_a_report_over_a_months_end(self):
        """A document never spans two months: each has its own, on its own day."""
        self.sale_type.ripe = "z"
        self.take(
            receipt("1", COFFEE, SaleDate="2026-10-31", SaleTime="23:00:00"),
            receipt("2", COFFEE, SaleDate="2026-11-01", SaleTime="00:30:00"),
        )
        self.take_z(z_report(ZReportDate="2026-11-01T02:00:00"))
        documents = self.find_documents()
        days = [date(2026, 10, 31), date(2026, 11, 1)]
        self.assertEqual(documents.mapped("day"), days)
        for document, day in zip(documents, days, strict=True):
            self.assertEqual(set(document.move_ids.mapped("date")), {day})

    def test_every_day_of_a_report_is_checked(self):
        """A receipt after midnight has its day in the document of the next one."""
        self.sale_type.ripe = "z"
        self.take(
            receipt("1", COFFEE),
            receipt("2", BOOK, SaleDate="2026-11-23", SaleTime="00:30:00"),
        )
        self.take_z(z_report(ZReportDate="2026-11-23T02:00:00"))
        booked = self.find_documents()
        self.assertEqual((booked.day, booked.sale_count), (date(2026, 11, 23), 2))
        self.assertEqual(self.get_day().booked_count, 1)
        booked.action_unbook()
        self.run_cron()
        self.assertEqual(self.get_day().booked_count, 0)
        self.find_sales().action_book_now()
        self.run_cron()
        self.assertEqual(self.get_day().booked_count, 1)
