from .booking import line
from .common import receipt
from .white import WhiteCase

RETURN = line(quantity=-1, amount="-1.21", vat="-0.21")


class TestQuantities(WhiteCase):
    def test_sheet_moves_by_sign(self):
        """A sheet sums up receipts: what it sold and what came back both moved."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.take(receipt("1", line(quantity=3, amount="3.63", vat="0.63"), RETURN))
        sheet = self.find_sales()
        sheet.kind = "sheet"
        sheet._match(self.company)
        sheet.action_book_now()
        moves = self.find_documents().picking_ids.move_ids
        self.assertEqual(
            sorted((move.picking_code, move.quantity) for move in moves),
            [("incoming", 1), ("outgoing", 3)],
        )
