from .booking import COFFEE
from .common import receipt
from .tour_case import TourCase
from .white import WhiteCase


class TestTourReceipts(TourCase, WhiteCase):
    def setUp(self):
        super().setUp()
        self.sale_type.ripe = "now"

    def sell(self, number, *lines):
        return self.take(receipt(number, *lines, SaleDate=self.day))

    def test_decide(self):
        """An accountant decides which of two contents of a receipt is true."""
        self.sell("1", COFFEE)
        ours, new = self.sell("1", COFFEE, COFFEE)
        self.assertEqual((ours.state, new.state), ("booked", "conflict"))
        self.start_tour("/odoo/raso-receipts", "raso_decision", login="accountant")
        self.assertEqual((ours.state, new.state), ("cancelled", "booked"))
        booked = self.find_documents(state="booked")
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 2})

    def test_decide_to_keep(self):
        """What is booked stays as it is, the other content is set aside."""
        self.sell("1", COFFEE)
        ours, new = self.sell("1", COFFEE, COFFEE)
        self.start_tour("/odoo/raso-receipts", "raso_decision_keep", login="accountant")
        self.assertEqual((ours.state, new.state), ("booked", "cancelled"))
        booked = self.find_documents(state="booked")
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})

    def test_unbook(self):
        """An accountant takes a document back, and books its receipts again."""
        sale = self.sell("1", COFFEE)
        first = sale.trade_document_id
        self.start_tour("/odoo/raso-trade", "raso_unbook", login="accountant")
        self.assertEqual((first.state, sale.state), ("unbooked", "booked"))
        again = sale.trade_document_id
        self.assertNotEqual(again, first)
        self.assert_accounts(
            again.move_ids,
            {self.cash_account: "1.21", "500000": "-1.00", "449200": "-0.21"},
        )
