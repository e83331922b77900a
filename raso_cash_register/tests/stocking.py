from decimal import Decimal

from odoo import Command
from odoo.tests import freeze_time

from .booking import BookingCase
from .common import document

PERPETUAL = ("standard", "average", "fifo")


class StockCase(BookingCase):
    """Goods that came in before they were sold, some of them perpetually valued."""

    def book(self, *receipts, data_type=0):
        """Export the receipts, run the scheduled action, return what is booked."""
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents(state="booked")

    @classmethod
    def make_category(cls, method, **vals):
        """A perpetual category with a valuation account of its own."""
        account = cls.env["account.account"].create(
            {
                "name": f"Stock {method}",
                "code": f"20499{PERPETUAL.index(method)}",
                "account_type": "asset_current",
            }
        )
        return cls.env["product.category"].create(
            {
                "name": f"Perpetual {method}",
                "property_valuation": "real_time",
                "property_cost_method": method,
                "property_stock_valuation_account_id": account.id,
                **vals,
            }
        )

    def receive(self, product, quantity, price, day="2026-11-01", lot=None):
        """Take goods in at ``price`` each, as their bill says, on ``day``."""
        with freeze_time(f"{day} 06:00:00"):
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": quantity,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": self.warehouse.lot_stock_id.id,
                    "picked": True,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_id": product.uom_id.id,
                                "quantity": quantity,
                                "lot_id": lot and lot.id,
                                "location_id": self.env.ref(
                                    "stock.stock_location_suppliers"
                                ).id,
                                "location_dest_id": self.warehouse.lot_stock_id.id,
                            }
                        )
                    ],
                }
            )
            move._action_done()
            if product.cost_method != "standard":
                move.value_manual = float(Decimal(str(price)) * Decimal(str(quantity)))
            if product.valuation == "real_time":
                self.bill(product, quantity, price)
        return move

    def bill(self, product, quantity, price):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.env["res.partner"].create({"name": "Supplier"}).id,
                "invoice_date": "2026-11-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        bill.action_post()

    def make_lot(self, product, name, quantity=0, **vals):
        """A lot or serial number, with some of it in the shop's stock."""
        lot = self.env["stock.lot"].create(
            {"name": name, "product_id": product.id, **vals}
        )
        if quantity:
            self.env["stock.quant"]._update_available_quantity(
                product, self.warehouse.lot_stock_id, quantity, lot_id=lot
            )
        return lot

    def assert_valued(self, *products):
        """The valuation accounts say to the cent what the stock is worth."""
        worth, booked = {}, {}
        self.env.flush_all()
        self.env.invalidate_all()
        for product in products:
            account = product._get_product_accounts()["stock_valuation"]
            value = Decimal(f"{product.total_value:.2f}")
            worth[account] = worth.get(account, 0) + value
        for account in worth:
            lines = self.env["account.move.line"].search(
                [("account_id", "=", account.id), ("parent_state", "=", "posted")]
            )
            booked[account] = Decimal(f"{sum(lines.mapped('balance')):.2f}")
        self.assertEqual(booked, worth)
