from .booking import COFFEE, BookingCase
from .common import document, receipt

SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
}


class TestAnalytic(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env.ref("analytic.analytic_plan_projects")
        cls.shop.analytic_account_id = cls.env["account.analytic.account"].create(
            {"name": "Shop 01", "plan_id": cls.plan.id}
        )
        cls.coffee.categ_id = cls.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )

    def sum_analytic(self):
        lines = self.env["account.analytic.line"].search(
            [("account_id", "=", self.shop.analytic_account_id.id)]
        )
        return {line.general_account_id.code: line.amount for line in lines}

    def test_revenue_and_cost(self):
        """Of the shop: neither VAT nor payments nor the stock's own account."""
        self.add(document(receipt("1", COFFEE)))
        self.run_cron()
        self.assertEqual(self.sum_analytic(), {"500000": 1.00, "600000": -0.50})

    def test_invoice(self):
        self.add(document(receipt("1", COFFEE, **SF)), data_type=1)
        self.run_cron()
        self.assertEqual(self.sum_analytic(), {"500000": 1.00, "600000": -0.50})
