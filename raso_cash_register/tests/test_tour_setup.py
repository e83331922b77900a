from .booking import line
from .common import document, receipt
from .tour_case import BrowserCase
from .z_common import coffees, z_document, z_report


class TestTourSetup(BrowserCase):
    """A company from nothing to its first booked day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_user(
            "founder",
            "base.group_system",
            "account.group_account_manager",
            "stock.group_stock_manager",
        )

    def setUp(self):
        super().setUp()
        # the tour enters a connection by itself
        self.connection.action_set_draft()
        self.connection.unlink()

    def test_set_up(self):
        sold = receipt("1", line(), SaleDate=self.day)
        report = z_report(ZReportDate=f"{self.day}T22:15:00", **coffees(1))
        self.add(document(sold))
        self.add(z_document(report), 5, provider="", shop="")
        coffee = self.env["product.product"].create(
            {"name": "Coffee", "barcode": "4770001", "is_storable": True}
        )
        self.start_tour(
            "/odoo/raso-setup",
            "raso_setup",
            login="founder",
            cookies={"raso_port": str(self.standin.port)},
            timeout=120,
        )
        booked = self.env["raso.trade.document"].search([])
        self.assertRecordValues(booked, [{"state": "booked", "amount_booked": 1.21}])
        self.assertRecordValues(
            booked.picking_ids.move_ids,
            [{"product_id": coffee.id, "quantity": 1, "state": "done"}],
        )
        self.assertEqual(
            {one["Status"] for one in self.standin.rows()}, {1}, "RASO was not told"
        )
        day = self.env["raso.register.day"].search([])
        self.assertRecordValues(day, [{"state": "complete", "amount_ledger": 1.21}])
