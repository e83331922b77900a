from . import sheets
from .booking import RivileCase
from .tour_case import TourCase


class TestTourRevenue(TourCase, RivileCase):
    def test_make_revenue_entry(self):
        """An accountant makes the entry of a daily sheet."""
        line = sheets.line(SALEDATE=self.day)
        self.add(sheets.sheet(line, sheets.payment()), provider="RIVILE")
        self.run_cron()
        document = self.find_documents()
        self.assertEqual(document.revenue_state, "todo")
        self.start_tour("/odoo/raso-trade", "raso_revenue", login="accountant")
        self.assertEqual(document.revenue_state, "done")
        self.assert_accounts(
            document.move_ids,
            {self.cash_account: "2.42", "500000": "-2.00", "449200": "-0.42"},
        )
        self.assert_settled()
