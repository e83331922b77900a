from odoo import Command

from .booking import BOOK, line
from .common import receipt
from .stocking import StockCase

KIT = line("4770009")
KIT_RETURN = line("4770009", -1, "-1.21", "-0.21")


class TestKits(StockCase):
    """A kit is sold as one item and leaves as its components."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            cls.skipTest(cls, "Odoo's manufacturing is not installed")
        cls.kit = cls.make_product("Gift box", "BOX", "4770009", 21)
        cls.make_kit(cls.kit, {cls.coffee: 2, cls.book_item: 1})

    @classmethod
    def make_kit(cls, product, parts):
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts.items()
                ],
            }
        )

    def test_components_leave(self):
        booked = self.book(receipt("1", KIT, BOOK))
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.coffee: 2, self.book_item: 3}
        )
        self.assertEqual(set(booked.picking_ids.move_ids.mapped("state")), {"done"})
        self.assertEqual(str(booked.picking_ids.date_done), "2026-11-22 08:00:00")
        self.assertIn("Coffee", " ".join(booked.message_ids.mapped("body")))

    def test_components_come_back(self):
        booked = self.book(receipt("1", KIT_RETURN))
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.coffee: -2, self.book_item: -1}
        )

    def test_kit_in_a_kit(self):
        outer = self.make_product("Hamper", "HAMPER", "4770010", 21)
        self.make_kit(outer, {self.kit: 2, self.apples: 1})
        booked = self.book(receipt("1", line("4770010")))
        self.assertEqual(
            self.sum_stock(booked.picking_ids),
            {self.coffee: 4, self.book_item: 2, self.apples: 1},
        )

    def test_kit_of_services(self):
        """Nothing to move: the money is booked all the same."""
        self.coffee.type = self.book_item.type = "service"
        booked = self.book(receipt("1", KIT))
        self.assertFalse(booked.picking_ids)
        self.assertEqual(booked.amount_booked, 1.21)

    def test_cost_of_components(self):
        category = self.make_category("average")
        # what the products cost by hand, later than their bills
        self.env["product.value"].search([]).unlink()
        for part in (self.coffee, self.book_item):
            part.categ_id = category
            self.receive(part, 3, "1.333")
        self.book(receipt("1", KIT))
        self.assert_valued(self.coffee, self.book_item)
        self.book(receipt("2", KIT_RETURN))
        self.assert_valued(self.coffee, self.book_item)

    def test_unbook(self):
        booked = self.book(receipt("1", KIT, BOOK))
        booked.action_unbook()
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
        self.find_sales().action_book_now()
        again = self.find_documents(state="booked")
        self.assertEqual(
            self.sum_stock(again.picking_ids), {self.coffee: 2, self.book_item: 3}
        )

    def test_tracked_components(self):
        self.coffee.tracking = "serial"
        for name in ("S1", "S2", "S3"):
            self.make_lot(self.coffee, name, 1)
        booked = self.book(receipt("1", KIT), receipt("2", KIT, SaleTime="11:00:00"))
        self.assertEqual(booked.sale_ids.mapped("number"), ["1"])
        self.assertEqual(
            booked.picking_ids.move_line_ids.lot_id.mapped("name"), ["S1", "S2"]
        )
        held = self.find_sales("2")
        self.assertEqual(held.hold_cause, "lot")
        self.assertIn("Coffee: 2 Units were sold", held.hold_reason)
        self.make_lot(self.coffee, "S4", 1)
        self.run_cron()
        self.assertEqual(self.find_sales("2").state, "booked")
        self.book(receipt("3", KIT_RETURN))
        returned = self.find_documents(kind="return")
        self.assertEqual(
            set(returned.picking_ids.move_line_ids.lot_id.mapped("name")), {"S3", "S4"}
        )
        self.assertEqual(
            self.sum_stock(returned.picking_ids), {self.coffee: -2, self.book_item: -1}
        )

    def test_culprit_in_a_kit(self):
        """A component that can't be moved holds the kit's receipts alone."""
        self.apples.tracking = "serial"
        self.make_lot(self.apples, "S1", 1)
        odd = self.make_product("Half", "HALF", "4770011", 21)
        self.make_kit(odd, {self.apples: 0.5})
        booked = self.book(receipt("1", line("4770011")), receipt("2", KIT))
        self.assertEqual(booked.sale_ids.mapped("number"), ["2"])
        held = self.find_sales("1")
        self.assertEqual(held.hold_cause, "booking")
        self.assertIn("Apples", held.hold_reason)
