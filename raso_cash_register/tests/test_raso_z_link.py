from .booking import COFFEE
from .common import document, receipt
from .z_common import DayCase, z_document, z_report


class TestZLink(DayCase):
    """Which Z report a sale belongs to (interface page, part 5)."""

    def report(self, number, moment, **elements):
        return z_report(number, ZReportDate=moment, **elements)

    def linked(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {sale.number: sale.z_report_id.number for sale in self.find_sales()}

    def set_sheet(self, number, z_no, **columns):
        """Make of a receipt what a daily sheet is, as far as linking goes."""
        sale = self.find_sales(number)
        sale.write({"has_time": False, "z_no": z_no, "provider": "rivile", **columns})
        sale._link_z_reports()

    def test_first_at_or_after(self):
        self.take(
            receipt("1", COFFEE, SaleTime="09:59:59"),
            receipt("2", COFFEE, SaleTime="10:00:00"),
            receipt("3", COFFEE, SaleTime="10:00:01"),
            receipt("4", COFFEE, SaleTime="20:00:00"),
            receipt("5", COFFEE, PosNo="2"),
        )
        self.take_z(
            self.report("17", "2026-11-22T10:00:00"),
            self.report("18", "2026-11-22T19:00:00"),
        )
        self.assertEqual(
            self.linked(), {"1": "17", "2": "17", "3": "18", "4": False, "5": False}
        )

    def test_any_order_of_arrival(self):
        """A report that comes late takes its sales, booked or not, from the next."""
        self.take_z(self.report("18", "2026-11-23T10:00:00"))
        self.take(
            receipt("1", COFFEE),
            receipt("2", COFFEE, SaleTime=None),
            receipt("3", COFFEE, SaleDate="2026-11-23", SaleTime="09:00:00"),
        )
        self.assertEqual(self.linked(), {"1": "18", "2": "18", "3": "18"})
        self.assertEqual(set(self.find_sales().mapped("state")), {"booked"})
        self.take_z(self.report("17", "2026-11-22T22:00:00"))
        self.assertEqual(self.linked(), {"1": "17", "2": "17", "3": "18"})
        days = self.env["raso.register.day"].search([])
        self.assertFalse(any(days.mapped("is_stale")))

    def test_only_changes_are_written(self):
        self.take(receipt("1", COFFEE))
        self.take_z(self.report("17", "2026-11-22T22:00:00"))
        sale = self.find_sales()
        self.assertFalse(sale._link_z_reports())
        sale.z_report_id = False
        sale.flush_recordset()
        self.assertEqual(sale._link_z_reports(), {(self.till.id, sale.day)})

    def test_no_time(self):
        """Numbers tell where they can, else the shop's day does."""
        self.take(
            *(receipt(number, COFFEE, SaleTime=None) for number in ("1", "2", "3", "A"))
        )
        self.take_z(
            # of the shop's day before
            self.report("16", "2026-11-22T03:00:00", ReceiptNo="1"),
            self.report("17", "2026-11-22T21:00:00", ReceiptNo="2"),
            self.report("18", "2026-11-24T21:00:00", ReceiptNo="9"),
        )
        self.assertEqual(self.linked(), {"1": "16", "2": "17", "3": "18", "A": "17"})

    def test_no_time_out_of_reach(self):
        """Numbers start again: one of long after isn't this receipt's report."""
        self.take_z(
            self.report("17", "2026-10-22T21:00:00"),
            self.report("18", "2026-12-15T21:00:00", ReceiptNo="9"),
        )
        self.take(receipt("5", COFFEE, SaleTime=None), receipt("6", COFFEE))
        self.set_sheet("6", "17")
        self.assertEqual(self.linked(), {"5": False, "6": False})

    def test_sheet_by_its_number(self):
        self.take(receipt("1", COFFEE), receipt("2", COFFEE))
        self.take_z(
            self.report("17", "2026-11-20T22:00:00", FiscalNo="OLD"),
            self.report("17", "2026-11-23T00:30:00", FiscalNo="NEW"),
            self.report("18", "2026-11-22T22:00:00", FiscalNo="NEW"),
        )
        self.set_sheet("1", "17")
        self.set_sheet("2", "19")
        self.assertEqual(self.find_sales("1").z_report_id.fiscal_no, "NEW")
        self.assertEqual(self.linked(), {"1": "17", "2": False})

    def test_sheet_before_its_report(self):
        self.take(receipt("1", COFFEE))
        self.set_sheet("1", "17")
        self.take_z(self.report("18", "2026-11-22T21:00:00"))
        self.assertEqual(self.linked(), {"1": False})
        self.take_z(self.report("17", "2026-11-22T22:00:00"))
        self.assertEqual(self.linked(), {"1": "17"})

    def test_conflicts_are_linked(self):
        self.take(receipt("1", COFFEE))
        self.take_z(self.report("17", "2026-11-22T22:00:00"))
        self.add(document(receipt("1", COFFEE, COFFEE)))
        self.add(z_document(), 5, provider="", shop="")
        self.run_cron()
        self.assertEqual(self.find_sales().mapped("z_report_id.number"), ["17"])
        self.assertEqual(self.find_sales().filtered("z_report_id"), self.find_sales())
