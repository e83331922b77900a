from . import sheets
from .stocking import StockCase
from .test_raso_revenue import RevenueCase


class TestSheetLots(RevenueCase, StockCase):
    def test_sold_and_brought_back(self):
        """Both move, so both need lots; once they are there it is booked by itself."""
        self.coffee.tracking = "lot"
        lot = self.make_lot(self.coffee, "A", 3)
        self.take(
            sheets.line(QTY="1", AMOUNT="1.21", VATSUM="0.21"), sheets.payment("1.21")
        )
        self.take(
            sheets.line(
                QTY="3",
                QTYMANUAL="-1",
                AMOUNT="3.63",
                AMOUNTMANUAL="-1.21",
                VATSUM="0.63",
                VATSUMMANUAL="-0.21",
            ),
            sheets.payment(),
            LASTZ="417",
        )
        sale = self.find_sales("417")
        self.assertEqual((sale.state, sale.hold_cause), ("held", "lot"))
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 1, lot_id=lot
        )
        self.run_cron()
        self.assertEqual(sale.state, "booked")
        moves = sale.trade_document_id.picking_ids.move_ids
        self.assertEqual(sorted(moves.mapped("quantity")), [1, 3])
