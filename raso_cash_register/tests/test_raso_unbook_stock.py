from datetime import date

from odoo.exceptions import UserError

from .booking import BOOK, COFFEE, line
from .common import receipt
from .stocking import StockCase

RETURN = line(quantity=-1, amount="-1.21", vat="-0.21")
SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
}
BOOKED = date(2026, 11, 22)
TODAY = date(2026, 11, 24)


class TestUnbookStock(StockCase):
    def unbook_locked(self, lock):
        """Unbook a day locked by ``lock``; return the dates of what answers it."""
        booked = self.book(receipt("1", COFFEE, BOOK))
        kept = booked.move_ids, booked.picking_ids
        self.company[lock] = "2026-11-22"
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
        for picking in kept[1]:
            self.assertEqual(picking.date_done.date(), BOOKED)
        answers = (booked.move_ids - kept[0]).sorted("raso_part")
        backs = booked.picking_ids - kept[1]
        self.assertEqual(backs.move_ids.mapped("date"), [backs.date_done] * 2)
        return (
            {move.date for move in answers},
            {back.date_done.date() for back in backs},
        )

    def test_fiscal_lock(self):
        self.assertEqual(self.unbook_locked("fiscalyear_lock_date"), ({TODAY}, {TODAY}))

    def test_hard_lock(self):
        self.assertEqual(self.unbook_locked("hard_lock_date"), ({TODAY}, {TODAY}))

    def test_sale_lock(self):
        """It locks sales entries alone: the goods go back on their own day."""
        self.assertEqual(self.unbook_locked("sale_lock_date"), ({TODAY}, {BOOKED}))

    def test_tax_lock(self):
        self.assertEqual(self.unbook_locked("tax_lock_date"), ({TODAY}, {BOOKED}))

    def test_return_of_goods_sold_again(self):
        """Below zero, as the books see it: said on the document."""
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 1
        )
        self.book(receipt("1", COFFEE))
        returned = self.book(receipt("2", RETURN)) - self.find_documents(kind="sale")
        self.book(receipt("3", COFFEE))
        self.assertEqual(self.coffee.qty_available, 0)
        returned.action_unbook()
        self.assertEqual(self.coffee.qty_available, -1)
        notes = " ".join(returned.message_ids.mapped("body"))
        self.assertIn("Stock went below zero: [COFFEE] Coffee", notes)

    def refuse(self, booked, text):
        """Unbooking is refused with ``text`` and changes nothing."""
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        moves, pickings = booked.move_ids, booked.picking_ids
        with self.assertRaisesRegex(UserError, text):
            booked.action_unbook()
        self.assertEqual(booked.state, "booked")
        self.assertEqual(booked.move_ids, moves)
        self.assertEqual(booked.picking_ids, pickings)
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "paid"))
        self.assertEqual(booked.sale_ids.state, "booked")

    def test_locked_invoice(self):
        booked = self.book(receipt("1", COFFEE, **SF), data_type=1)
        for lock in ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date"):
            self.company[lock] = "2026-11-22"
            self.refuse(booked, "SF RSF-1 can't be unbooked: .* credit note")
            self.company[lock] = False

    def test_sealed_invoice(self):
        booked = self.book(receipt("1", COFFEE, **SF), data_type=1)
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        invoice.inalterable_hash = "$4$0123456789abcdef"
        self.refuse(booked, "seals posted entries. Correct it with a credit note")

    def test_paid_by_hand(self):
        """What an accountant matched is open again, and named."""
        self.env["raso.payment.kind"].create(
            {"code": "9", "name": "On account", "usage": "on_account"}
        )
        booked = self.book(
            receipt("1", COFFEE, payments=[("9", "1.21")], **SF), data_type=1
        )
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        bank = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        receivable = invoice.line_ids.filtered(
            lambda part: part.account_id.account_type == "asset_receivable"
        )
        paid = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "date": "2026-11-23",
                "payment_ref": "Transfer",
                "partner_id": invoice.partner_id.id,
                "amount": 1.00,
                "counterpart_account_id": receivable.account_id.id,
            }
        )
        own = paid.move_id.line_ids.filtered(
            lambda part: part.account_id == receivable.account_id
        )
        (receivable | own).reconcile()
        self.assertEqual(invoice.payment_state, "partial")
        booked.action_unbook()
        self.assertEqual(invoice.state, "cancel")
        self.assertFalse(own.reconciled)
        self.assertEqual(paid.move_id.state, "posted")
        notes = " ".join(booked.message_ids.mapped("body"))
        self.assertIn(f"open again: {paid.move_id.name}", notes)

    def test_sealed_cash(self):
        """A sealed cash line stays: an opposite one answers it."""
        booked = self.book(receipt("1", COFFEE))
        cash = booked.move_ids.statement_line_id
        cash.move_id.inalterable_hash = "$4$0123456789abcdef"
        booked.action_unbook()
        self.assertTrue(cash.exists())
        self.assert_accounts(booked.move_ids, {})

    def test_many_at_once(self):
        booked = self.book(
            receipt("1", COFFEE), receipt("2", BOOK, PosNo="2"), receipt("3", RETURN)
        )
        self.assertEqual(len(booked), 3)
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
        self.find_sales().action_book_now()
        self.assertEqual(len(self.find_documents(state="booked")), 3)

    def test_missing_account_holds_its_product_alone(self):
        """A perpetual category without accounts never stops the till's day."""
        category = self.env["product.category"].create(
            {"name": "Bare", "property_valuation": "real_time"}
        )
        self.coffee.categ_id = category
        self.company.account_stock_valuation_id = False
        self.env["ir.default"].search(
            [("field_id.name", "=", "property_stock_valuation_account_id")]
        ).unlink()
        category.property_stock_valuation_account_id = False
        booked = self.book(receipt("1", COFFEE), receipt("2", BOOK))
        self.assertEqual(booked.sale_ids.mapped("number"), ["2"])
        self.assertIn("on its category Bare", self.find_sales("1").hold_reason)
