from odoo.exceptions import AccessError

from .booking import COFFEE, line
from .common import DAY, receipt
from .z_common import DayCase, coffees, z_report

UNKNOWN = line("4779999", NAME="Stranger")


class TestRegisterDay(DayCase):
    def test_complete(self):
        self.take(receipt("1", COFFEE), receipt("2", COFFEE))
        self.take_z(z_report(**coffees(2)))
        day = self.get_day()
        self.assertRecordValues(
            day,
            [
                {
                    "state": "complete",
                    "reason": False,
                    "is_stale": False,
                    "receipt_count": 2,
                    "booked_count": 2,
                    "amount_received": 2.42,
                    "amount_booked": 2.42,
                    "amount_z": 2.42,
                    "amount_ledger": 2.42,
                    "vat_received": 0.42,
                    "vat_booked": 0.42,
                    "vat_z": 0.42,
                    "vat_ledger": 0.42,
                    "missing_count": 0,
                    "z_count": 1,
                    "document_count": 1,
                }
            ],
        )
        self.assertEqual(self.find_z().state, "agrees")
        self.assertEqual(self.find_sales().z_report_id, self.find_z())

    def test_no_z_report(self):
        self.take(receipt("1", COFFEE))
        day = self.get_day()
        self.assertRecordValues(day, [{"state": "open", "booked_count": 1}])
        self.assertEqual(self.codes(day), ["unreported"])
        self.assertIn("Receipts without a Z report yet: 1.", day.reason)

    def test_held(self):
        """A held receipt counts as received; solved, the day is complete."""
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN))
        self.take_z(z_report(**coffees(2)))
        day = self.get_day()
        self.assertRecordValues(
            day,
            [
                {
                    "state": "open",
                    "held_count": 1,
                    "amount_received": 2.42,
                    "amount_booked": 1.21,
                    "amount_z": 2.42,
                    "amount_ledger": 1.21,
                }
            ],
        )
        self.assertEqual(self.codes(day), ["held"])
        self.assertIn("(White line: no product): 1, numbers 2.", day.reason)
        self.assertEqual(self.find_z().state, "agrees")
        self.make_product("Stranger", "STRANGER", "4779999", 21)
        self.run_cron()
        self.assertRecordValues(day, [{"state": "complete", "amount_ledger": 2.42}])

    def test_waiting(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.take(receipt("1", COFFEE))
        day = self.get_day()
        self.assertEqual(self.codes(day), ["waiting", "unreported"])
        self.take_z(z_report(**coffees(1)))
        self.assertEqual(day.state, "complete")

    def test_gap(self):
        """Numbers that didn't come are only told where the Z report agrees."""
        self.take(receipt("1", COFFEE), receipt("4", COFFEE))
        day = self.get_day()
        self.assertRecordValues(day, [{"missing_count": 2, "state": "open"}])
        self.assertEqual(self.codes(day), ["unreported", "missing"])
        self.assertIn("2–3", day.reason)
        self.take_z(z_report(**coffees(2, ReceiptNo="4")))
        self.assertRecordValues(
            day, [{"missing_count": 2, "state": "complete", "reason": False}]
        )
        self.assertIn("2–3", day.note)

    def test_gap_since_the_day_before(self):
        self.take(receipt("1", COFFEE, SaleDate="2026-11-21"), receipt("3", COFFEE))
        self.assertEqual(self.get_day().missing_count, 1)
        self.assertEqual(self.get_day("2026-11-21").missing_count, 0)

    def test_numbers_start_again(self):
        self.take(receipt("901", COFFEE, SaleDate="2026-11-21"), receipt("1", COFFEE))
        self.assertEqual(self.get_day().missing_count, 0)

    def test_missing_receipt(self):
        self.take_z(
            z_report("16", ReceiptNo="0", ZReportDate="2026-11-21T22:00:00"),
        )
        self.take(receipt("1", COFFEE), receipt("3", COFFEE))
        self.take_z(z_report(**coffees(3)))
        day, report = self.get_day(), self.find_z()
        self.assertRecordValues(
            report, [{"state": "differs", "amount_difference": -1.21}]
        )
        self.assertIn("Receipts missing: 2 (1 in all)", report.difference_text)
        self.assertEqual(self.codes(day), ["z_differs", "missing"])
        self.assertRecordValues(
            day,
            [{"state": "differs", "amount_received": 2.42, "amount_z": 3.63}],
        )
        self.assertIn("Receipts missing: 2 (1 in all)", day.reason)
        self.assertIn("table-danger", report.comparison_html)
        self.take(receipt("2", COFFEE))
        self.assertEqual((report.state, day.state), ("agrees", "complete"))

    def test_nothing_received(self):
        self.take_z(z_report(**coffees(3)))
        report = self.find_z()
        self.assertRecordValues(
            report, [{"state": "nothing", "amount_difference": -3.63}]
        )
        day = self.get_day()
        self.assertRecordValues(
            day, [{"state": "differs", "receipt_count": 0, "amount_z": 3.63}]
        )
        self.assertIn("no receipts of it came", day.reason)

    def test_nothing_sold(self):
        self.take_z(z_report())
        self.assertEqual(self.find_z().state, "agrees")
        self.assertEqual(self.get_day().state, "complete")

    def test_before_start(self):
        """What is never booked has no days to complete."""
        self.shop.book_from = "2026-11-23"
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(1)))
        self.assertEqual(self.find_z().state, "agrees")
        self.assertFalse(self.get_day())

    def test_cancelled(self):
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN))
        self.find_sales("2").action_cancel()
        self.take_z(z_report(**coffees(2)))
        day, report = self.get_day(), self.find_z()
        self.assertRecordValues(day, [{"state": "differs", "cancelled_count": 1}])
        self.assertIn(
            "Receipt 2 of 1.21 € was cancelled",
            report.difference_text.replace("\xa0", " "),
        )
        self.find_sales("2").action_uncancel()
        self.run_cron()
        self.assertEqual(self.codes(day), ["held"])

    def test_cancelled_by_right(self):
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN))
        self.find_sales("2").action_cancel()
        self.take_z(z_report(**coffees(1, ReceiptNo="2")))
        day = self.get_day()
        self.assertEqual(day.state, "complete")
        self.assertIn("Receipts cancelled here: 1.", day.note)

    def test_conflict(self):
        self.take(receipt("1", COFFEE))
        self.take(receipt("1", COFFEE, COFFEE))
        self.take_z(z_report(**coffees(2, FiskaliniuKvituKiekis=1, ReceiptNo=1)))
        day, report = self.get_day(), self.find_z()
        self.assertEqual(self.codes(day), ["conflict", "z_differs"])
        self.assertIn("the one that came later is right", report.difference_text)
        self.find_sales().filtered(
            lambda sale: sale.state == "conflict"
        ).action_take_new()
        self.run_cron()
        self.assertEqual((report.state, day.state), ("agrees", "complete"))

    def test_after_midnight(self):
        """A receipt after midnight belongs to the Z report before, of another day."""
        self.take(
            receipt("1", COFFEE),
            receipt("2", COFFEE, SaleDate="2026-11-23", SaleTime="00:10:00"),
            receipt("3", COFFEE, SaleDate="2026-11-23", SaleTime="09:00:00"),
        )
        self.take_z(
            z_report("17", **coffees(2), ZReportDate="2026-11-23T00:30:00"),
            z_report(
                "18",
                **coffees(1, ReceiptNo=3),
                ZReportDate="2026-11-23T22:00:00",
            ),
        )
        days = self.get_day() | self.get_day("2026-11-23")
        self.assertRecordValues(
            days,
            [
                {"state": "complete", "amount_received": 1.21, "amount_z": 1.21},
                {"state": "complete", "amount_received": 2.42, "amount_z": 2.42},
            ],
        )
        self.assertEqual(str(self.find_z("17").day), DAY)
        self.assertIn("Z report 17 was printed in the day of", days[1].note)

    def test_late_receipt_after_midnight(self):
        """It changes what the report says of the day before, too."""
        self.take(
            receipt("1", COFFEE),
            receipt("3", COFFEE, SaleDate="2026-11-23", SaleTime="00:20:00"),
        )
        self.take_z(z_report("17", **coffees(3), ZReportDate="2026-11-23T00:30:00"))
        days = self.get_day() | self.get_day("2026-11-23")
        self.assertEqual(days.mapped("state"), ["differs"] * 2)
        self.take(receipt("2", COFFEE, SaleDate="2026-11-23", SaleTime="00:10:00"))
        self.assertEqual(days.mapped("state"), ["complete"] * 2)

    def test_clocks_differ(self):
        """Timed after the print, but counted in it: both reports name the receipt."""
        self.take(
            receipt("1", COFFEE),
            receipt("2", COFFEE, SaleTime="22:16:00"),
            receipt("3", COFFEE, SaleDate="2026-11-23"),
        )
        self.take_z(
            z_report("17", **coffees(2)),
            z_report(
                "18", **coffees(1, ReceiptNo=3), ZReportDate="2026-11-23T22:00:00"
            ),
        )
        self.assertEqual(set(self.find_z("17").mapped("state")), {"differs"})
        self.assertEqual(self.find_z("17").causes[0][0], "next")
        self.assertEqual(self.find_z("18").causes[0][0], "to_previous")
        self.assertIn("Receipt 2 of", self.find_z("18").difference_text)

    def test_returns_off_turnover(self):
        back = line(quantity=-1, amount="-1.21", vat="-0.21")
        self.take(receipt("1", COFFEE, COFFEE), receipt("2", back))
        figures = coffees(1, GrazinimuSuma="1.21", GrazinimuKartai=1)
        returned = {"GrazinimoSumaBePVM1": "1.00", "GrazinimoPVMSuma1": "0.21"}
        figures |= {"FiskaliniuKvituKiekis": 2, "ReceiptNo": 2, **returned}
        self.take_z(z_report(**figures))
        self.assertRecordValues(self.find_z(), [{"state": "agrees", "variant": "net"}])
        self.assertEqual(self.get_day().state, "complete")

    def test_other_provider(self):
        """Sales that the other provider books are nobody's loss."""
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(1)))
        self.env.cr.execute("UPDATE raso_cash_sale SET state = 'not_booked'")
        self.env.invalidate_all()
        day = self.get_day()
        day.action_check()
        self.assertEqual(self.find_z().causes[0][0], "others")
        self.assertRecordValues(day, [{"state": "differs", "receipt_count": 0}])

    def test_whole_shop(self):
        """Sheets that name no till are compared with all tills of the shop."""
        self.take(receipt("1", COFFEE, PosNo=None), receipt("2", COFFEE, PosNo=None))
        whole = self.find_sales().register_id
        self.assertFalse(whole.number)
        self.env.cr.execute("UPDATE raso_cash_sale SET has_time = FALSE, z_no = '17'")
        self.env.cr.execute("UPDATE raso_cash_sale SET provider = 'rivile'")
        self.env.invalidate_all()
        self.take_z(
            z_report("17", **coffees(1)),
            z_report("90", **coffees(1), FiscalNo="LT002", PosNo="2"),
        )
        reports = self.env["raso.z.report"].search([])
        self.assertEqual(set(reports.mapped("state")), {"agrees"})
        self.assertFalse(self.find_sales().z_report_id)
        self.assertRecordValues(
            self.get_day(till=whole),
            [{"state": "complete", "z_count": 2, "amount_z": 2.42}],
        )
        self.assertEqual(self.get_day().state, "complete")

    def test_one_bad_among_many(self):
        """A day that our own fault stops says so; the others are checked."""
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN, PosNo="2"))
        self.take_z(z_report(**coffees(1)))
        self.env.cr.execute(
            'UPDATE raso_z_report SET figures = \'{"DienosApyvarta": "x"}\''
        )
        self.env.invalidate_all()
        days = self.env["raso.register.day"].search([])
        days.is_stale = True
        with self.muted("raso_register_day_check"):
            self.run_cron()
        self.assertEqual(days.mapped("is_stale"), [False, False])
        self.assertIn("Internal error", self.get_day().reason)
        other = days - self.get_day()
        self.assertEqual(self.codes(other), ["held", "unreported"])

    def test_rights(self):
        self.take(receipt("1", COFFEE))
        day = self.get_day().with_user(self.user)
        day.action_check()
        day.read()
        day.action_view_sales()
        day.action_view_z_reports()
        day.action_view_documents()
        day.get_views([(False, "list"), (False, "form")])
        day.message_post(body="Seen.")
        with self.assertRaises(AccessError):
            day.write({"state": "complete"})
