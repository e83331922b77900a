from decimal import Decimal

from .booking import BOOK, COFFEE, line
from .common import receipt
from .stocking import StockCase

RETURN = line(quantity=-1, amount="-1.21", vat="-0.21")


def coffee(number, quantity=1, **elements):
    amount = Decimal("1.21") * quantity
    vat = Decimal("0.21") * quantity
    part = line(quantity=quantity, amount=str(amount), vat=str(vat))
    return receipt(number, part, **elements)


class TestLots(StockCase):
    def get_lots(self, documents):
        return [
            (part.lot_id.name, part.quantity)
            for part in documents.picking_ids.move_line_ids.sorted("id")
        ]

    def test_several_lots_by_fifo(self):
        """What came first is sold first, from as many lots as it takes."""
        self.coffee.tracking = "lot"
        for name, day in (("B", "2026-11-01"), ("A", "2026-11-02")):
            lot = self.make_lot(self.coffee, name)
            self.receive(self.coffee, 2, 1, day, lot)
        booked = self.book(coffee("1", 3))
        self.assertEqual(self.get_lots(booked), [("B", 2), ("A", 1)])
        self.assertEqual(booked.picking_ids.move_ids.quantity, 3)

    def test_removal_strategy(self):
        self.coffee.tracking = "lot"
        self.coffee.categ_id = self.env["product.category"].create(
            {
                "name": "Last in, first out",
                "removal_strategy_id": self.env.ref("stock.removal_lifo").id,
            }
        )
        for name, day in (("B", "2026-11-01"), ("A", "2026-11-02")):
            lot = self.make_lot(self.coffee, name)
            self.receive(self.coffee, 2, 1, day, lot)
        self.assertEqual(self.get_lots(self.book(coffee("1", 3))), [("A", 2), ("B", 1)])

    def expire(self, *lots):
        """Lots that are to be taken off the shelf on these days."""
        if "removal_date" not in self.env["stock.lot"]._fields:
            self.skipTest("Odoo's expiration dates are not installed")
        self.coffee.write({"tracking": "lot", "use_expiration_date": True})
        for name, day in lots:
            lot = self.make_lot(self.coffee, name)
            lot.write({"expiration_date": day, "removal_date": day})
            self.env["stock.quant"]._update_available_quantity(
                self.coffee, self.warehouse.lot_stock_id, 2, lot_id=lot
            )

    def test_first_to_expire_leaves_first(self):
        """Good when it was sold: that it has expired since doesn't matter."""
        self.expire(("A", "2026-12-24"), ("B", "2026-11-23"), ("C", "2026-11-20"))
        self.coffee.categ_id = self.env["product.category"].create(
            {
                "name": "Food",
                "removal_strategy_id": self.env.ref("product_expiry.removal_fefo").id,
            }
        )
        booked = self.book(coffee("1", 3))
        self.assertEqual(self.get_lots(booked), [("B", 2), ("A", 1)])

    def test_expired_lots_are_not_free(self):
        self.expire(("A", "2026-12-24"), ("C", "2026-11-20"))
        self.assertFalse(self.book(coffee("1", 3)))
        self.assertIn("of 2 are free", self.find_sales().hold_reason)

    def test_serial_numbers_each_on_a_line(self):
        self.coffee.tracking = "serial"
        for name in ("S1", "S2", "S3"):
            self.make_lot(self.coffee, name, 1)
        booked = self.book(coffee("1", 2))
        self.assertEqual(self.get_lots(booked), [("S1", 1), ("S2", 1)])

    def test_missing_lots_hold_their_receipts(self):
        """In the order sold; the rest of the day is booked, and no document fails."""
        self.coffee.tracking = "lot"
        self.make_lot(self.coffee, "A", 3)
        booked = self.book(
            coffee("3", 1, SaleTime="12:00:00"),
            coffee("1", 2, SaleTime="10:00:00"),
            coffee("2", 2, SaleTime="11:00:00"),
            receipt("4", BOOK),
        )
        self.assertEqual(set(booked.sale_ids.mapped("number")), {"1", "3", "4"})
        held = self.find_sales("2")
        self.assertEqual((held.state, held.hold_cause), ("held", "lot"))
        self.assertIn("Coffee: 2 Units were sold", held.hold_reason)
        self.assertIn("of 1 are free", held.hold_reason)
        self.assertFalse(self.find_documents(state="failed"))

    def test_booked_once_lots_arrive(self):
        self.coffee.tracking = "lot"
        self.assertFalse(self.book(coffee("1", 2)))
        self.assertEqual(self.find_sales().hold_cause, "lot")
        self.run_cron()
        self.assertEqual(self.find_sales().hold_cause, "lot")
        self.make_lot(self.coffee, "A", 2)
        self.run_cron()
        self.assertEqual(self.find_sales().state, "booked")
        self.assertFalse(self.find_sales().hold_text)

    def test_reserved_lots_are_not_free(self):
        self.coffee.tracking = "lot"
        self.make_lot(self.coffee, "A", 2)
        self.reserve(self.coffee, 1)
        self.book(coffee("1", 2))
        self.assertIn("of 1 are free", self.find_sales().hold_reason)

    def reserve(self, product, quantity):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_queries_do_not_grow_with_receipts(self):
        self.coffee.tracking = "lot"
        self.make_lot(self.coffee, "A", 100)
        self.env["raso.transaction.type"].search([]).ripe = "z"
        counts = []
        for day, count in (("2026-11-21", 2), ("2026-11-22", 9)):
            self.book(*(coffee(str(no), SaleDate=day) for no in range(count)))
            sales = self.find_sales().filtered(
                lambda sale, day=day: str(sale.day) == day
            )
            self.env.invalidate_all()
            documents = self.env["raso.trade.document"]
            sales.mapped("sold_at")
            start = self.env.cr.sql_log_count
            self.assertEqual(documents._hold_lotless(sales), sales)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    def test_plain_goods_cost_one_query(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.book(receipt("1", COFFEE, BOOK))
        sales = self.find_sales()
        documents = self.env["raso.trade.document"]
        documents._hold_lotless(sales)
        start = self.env.cr.sql_log_count
        documents._hold_lotless(sales)
        self.assertLessEqual(self.env.cr.sql_log_count - start, 2)

    def test_returned_lot_is_the_latest_sold(self):
        self.coffee.tracking = "serial"
        for name in ("S1", "S2", "S3"):
            self.make_lot(self.coffee, name, 1)
        for number, day in (("1", "2026-11-20"), ("2", "2026-11-21")):
            self.book(coffee(number, SaleDate=day))
        self.book(receipt("3", RETURN))
        returned = self.find_documents(kind="return")
        self.assertEqual(self.get_lots(returned), [("S2", 1)])
        self.assertEqual(self.coffee.qty_available, 2)

    def test_return_from_several_lots(self):
        self.coffee.tracking = "lot"
        self.make_lot(self.coffee, "A", 2)
        self.book(coffee("1", 2, SaleDate="2026-11-20"))
        self.make_lot(self.coffee, "B", 2)
        self.book(coffee("2", 2, SaleDate="2026-11-21"))
        self.book(coffee("3", -3))
        returned = self.find_documents(kind="return")
        self.assertEqual(self.get_lots(returned), [("B", 2), ("A", 1)])

    def test_return_of_what_nobody_has(self):
        self.coffee.tracking = "lot"
        self.assertFalse(self.book(receipt("1", RETURN)))
        sale = self.find_sales()
        self.assertEqual((sale.state, sale.hold_cause), ("held", "lot"))
        self.assertIn("Coffee: 1 Units came back", sale.hold_reason)
        self.assertIn("of 0", sale.hold_reason)
        self.make_lot(self.coffee, "A", 1)
        self.book(coffee("2"))
        self.run_cron()
        self.assertEqual(set(self.find_sales().mapped("state")), {"booked"})

    def test_return_of_one_lot_alone(self):
        """An exchange: the old one comes back, the new one leaves."""
        self.coffee.tracking = "serial"
        self.make_lot(self.coffee, "S1", 1)
        self.book(coffee("1", SaleDate="2026-11-20"))
        booked = self.book(receipt("2", BOOK, RETURN)) - self.find_documents(
            day="2026-11-20"
        )
        self.assertEqual(len(booked.picking_ids), 2)
        self.assertEqual(self.coffee.qty_available, 1)

    def test_unbook_returns_the_same_lots(self):
        self.coffee.tracking = "serial"
        for name in ("S1", "S2"):
            self.make_lot(self.coffee, name, 1)
        booked = self.book(coffee("1"))
        booked.action_unbook()
        self.assertEqual(self.get_lots(booked), [("S1", 1), ("S1", 1)])
        self.assertEqual(self.coffee.qty_available, 2)
        self.find_sales().action_book_now()
        self.assertEqual(self.coffee.qty_available, 1)

    def test_unbook_of_a_lot_that_went_on(self):
        """A returned serial number that was sold again can't leave once more."""
        self.coffee.tracking = "serial"
        self.make_lot(self.coffee, "S1", 1)
        self.book(coffee("1", SaleDate="2026-11-20"))
        returned = self.book(receipt("2", RETURN)) - self.find_documents(kind="sale")
        last = self.book(coffee("3", SaleDate="2026-11-23")) - self.find_documents(
            day="2026-11-20"
        )
        last -= returned
        moves = returned.move_ids
        with self.assertRaisesRegex(Exception, "Coffee S1 went on to another place"):
            returned.action_unbook()
        self.assertEqual(returned.state, "booked")
        self.assertEqual(returned.move_ids, moves)
        self.assertTrue(
            all(part.reconciled for part in moves.line_ids if part.account_id.reconcile)
        )
        last.action_unbook()
        returned.action_unbook()
        self.assertEqual(returned.state, "unbooked")

    def test_reserved_goods_that_were_sold(self):
        """Untracked goods are gone, whoever had them reserved: he is told of."""
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 2
        )
        picking = self.reserve(self.coffee, 2)
        booked = self.book(coffee("1"))
        notes = " ".join(booked.message_ids.mapped("body"))
        self.assertIn(f"Coffee ({picking.name})", notes)
        self.assertEqual(picking.move_ids.quantity, 1)

    def test_reservations_that_stay(self):
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 3
        )
        self.reserve(self.coffee, 2)
        booked = self.book(coffee("1"))
        self.assertNotIn("reserved", " ".join(booked.message_ids.mapped("body")))
