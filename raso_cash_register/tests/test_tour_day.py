from .booking import COFFEE
from .common import receipt
from .tour_case import TourCase
from .white import TEA, WhiteCase
from .z_common import DayCase, coffees, z_report


class TestTourDay(TourCase, WhiteCase, DayCase):
    """The day's work of an accountant."""

    def test_accountants_day(self):
        """From the dashboard to the cause of a difference, till the day is green."""
        sales = self.take(
            receipt("1", COFFEE, SaleDate=self.day),
            receipt("2", TEA, SaleDate=self.day),
        )
        # 1.21 of coffee and 3.63 of tea
        figures = coffees(4, FiskaliniuKvituKiekis=2, ReceiptNo=2)
        self.take_z(z_report(ZReportDate=f"{self.day}T22:15:00", **figures))
        day = self.get_day(self.day)
        self.assertEqual(sales.mapped("state"), ["booked", "held"])
        self.assertRecordValues(day, [{"state": "open", "gap_booked": 3.63}])
        self.start_tour("/odoo", "raso_day", login="accountant")
        self.assertEqual(sales.mapped("state"), ["booked", "booked"])
        self.assertRecordValues(
            day,
            [{"state": "complete", "amount_booked": 4.84, "amount_ledger": 4.84}],
        )
        self.assertEqual(sales[1].line_ids.product_id, self.tea)
        self.assertEqual(self.env["raso.code"].search([]).product_id, self.tea)
        pickings = self.find_documents().picking_ids
        self.assertEqual(self.sum_stock(pickings), {self.coffee: 1, self.tea: 3})
