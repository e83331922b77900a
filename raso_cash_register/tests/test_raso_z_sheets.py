from .booking import RivileCase
from .sheets import line, payment, sheet
from .z_common import DayCase, coffees, z_report


class TestZSheets(RivileCase, DayCase):
    """A shop that is booked from RIVILĖ."""

    def test_sheets_lack_no_receipts(self):
        """Sheets bear no receipt numbers: none of them can be missing."""
        for z_no, day in (("416", "2026-11-21"), ("417", "2026-11-22")):
            text = sheet(line(SALEDATE=day), payment(), LASTZ=z_no)
            self.add(text, provider="RIVILE")
        first = coffees(2, ReceiptNo="10", ZReportDate="2026-11-21T22:00:00")
        self.take_z(z_report("416", **first))
        self.take_z(z_report("417", **coffees(5, ReceiptNo="20")))
        report = self.find_z("417")
        self.assertEqual(report.state, "differs")
        self.assertNotIn("missing", report.difference_text)
