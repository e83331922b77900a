from decimal import Decimal

from odoo import Command

from .common import RasoCase


class BookingCase(RasoCase):
    """A set-up company with a shop, its till and a few products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["raso.setup"].create({}).action_apply()
        rates = cls.env["raso.vat.rate"].search([("company_id", "=", cls.company.id)])
        cls.taxes = {rate.percent: rate.tax_id for rate in rates}
        cls.cash_journal = cls.env["account.journal"].create(
            {"name": "Till cash", "type": "cash", "code": "KASA"}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.shop = cls.env["raso.shop"].create(
            {
                "number": "01",
                "name": "Shop 01",
                "warehouse_id": cls.warehouse.id,
                "cash_journal_id": cls.cash_journal.id,
            }
        )
        cls.till = cls.env["raso.register"].create(
            {"shop_id": cls.shop.id, "number": "1", "name": "Till 1"}
        )
        cls.cash_account = cls.cash_journal.default_account_id.code
        cls.user = cls.env["res.users"].create(
            {
                "name": "Shop manager",
                "login": "shop-manager",
                "group_ids": [
                    Command.link(cls.env.ref("raso_cash_register.group_raso_user").id),
                    Command.link(cls.env.ref("base.group_user").id),
                ],
            }
        )
        cls.coffee = cls.make_product("Coffee", "COFFEE", "4770001", 21)
        cls.book_item = cls.make_product("Book", "BOOK", "4770002", 5)
        cls.apples = cls.make_product(
            "Apples", "APPLES", "4770003", 21, uom_id=cls.env.ref("uom.product_uom_kgm")
        )

    @classmethod
    def make_product(cls, name, reference, barcode, percent, **vals):
        tax = cls.taxes.get(percent) if percent is not None else None
        uom = vals.pop("uom_id", cls.env.ref("uom.product_uom_unit"))
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": reference,
                "barcode": barcode,
                "is_storable": True,
                "standard_price": 0.5,
                "uom_id": uom.id,
                "taxes_id": [Command.set(tax.ids if tax else [])],
                **vals,
            }
        )

    def find_documents(self, **values):
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["raso.trade.document"].search(domain, order="id")

    def sum_accounts(self, moves):
        """Return ``{account code: Decimal balance}`` of posted entries, zeros out."""
        sums = {}
        for line in moves.line_ids.filtered(lambda line: line.parent_state == "posted"):
            code = line.account_id.code
            sums[code] = sums.get(code, Decimal(0)) + Decimal(f"{line.balance:.2f}")
        return {code: balance for code, balance in sums.items() if balance}

    def assert_accounts(self, moves, expected):
        expected = {code: Decimal(balance) for code, balance in expected.items()}
        self.assertEqual(self.sum_accounts(moves), expected)

    def assert_settled(self):
        """No receivable of till sales is left open."""
        open_lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        self.assertFalse(open_lines)

    def sum_stock(self, pickings):
        """Return ``{product: quantity}`` that left, done moves only."""
        sums = {}
        for move in pickings.move_ids.filtered(lambda move: move.state == "done"):
            sign = 1 if move.location_dest_id.usage == "customer" else -1
            quantity = Decimal(f"{move.quantity:.3f}") * sign
            sums[move.product_id] = sums.get(move.product_id, Decimal(0)) + quantity
        return {product: quantity for product, quantity in sums.items() if quantity}


class RivileCase(BookingCase):
    """The shop is booked from RIVILĖ's daily sheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.provider = "rivile"

    def make_connection(self, **vals):
        return super().make_connection(**{"provider": "rivile", **vals})


def line(code="4770001", quantity=1, amount="1.21", vat="0.21", **elements):
    """The elements of one ``Sale``."""
    return {
        "CODE": code,
        "NAME": elements.pop("NAME", "Item"),
        "QTY": quantity,
        "AMOUNT": amount,
        "VATSUM": vat,
        **elements,
    }


COFFEE = line()
BOOK = line("4770002", 2, "10.50", "0.50")
APPLES = line("4770003", "0.345", "2.42", "0.42")
