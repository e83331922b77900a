from decimal import Decimal
from random import Random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .booking import line
from .common import receipt
from .stocking import PERPETUAL, StockCase

SF = {"PartnerCode": "300367240", "PartnerName": "UAB „Pirkėjas“"}


def sold(number, product, quantity, **elements):
    """A receipt of one product for 1.21 each."""
    amount = Decimal("1.21") * quantity
    vat = Decimal("0.21") * quantity
    part = line(product.barcode, quantity, str(amount), str(vat))
    return receipt(number, part, **elements)


class TestCost(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = {}
        with freeze_time("2026-10-01 06:00:00"):
            for number, method in enumerate(PERPETUAL, 1):
                cls.goods[method] = cls.make_product(
                    f"Tea {method}",
                    f"TEA{number}",
                    f"477100{number}",
                    21,
                    categ_id=cls.make_category(method).id,
                    standard_price=2.345 if method == "standard" else 0,
                )

    def receive_all(self):
        """Two deliveries each, at costs that don't divide evenly."""
        for method, product in self.goods.items():
            first, second = (2.345, 2.345) if method == "standard" else (1.0, 4.333)
            if method == "standard":
                self.receive(product, 20, first)
                self.receive(product, 20, second, "2026-11-02")
            else:
                self.receive(product, 3, first)
                self.receive(product, 30, second, "2026-11-02")
        self.assert_valued(*self.goods.values())

    def each(self, number, quantity, **elements):
        return [
            sold(f"{number}{part}", product, quantity, **elements)
            for part, product in enumerate(self.goods.values())
        ]

    def test_days_of_every_method(self):
        """A mix of days, supplements and returns, never a cent off."""
        self.receive_all()
        self.book(*self.each(1, 1))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(2, 1))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(3, -1))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(4, 7, SaleDate="2026-11-23"))
        self.assert_valued(*self.goods.values())

    def test_fifo_takes_the_first(self):
        product = self.goods["fifo"]
        self.receive_all()
        booked = self.book(sold("1", product, 4))
        expense = product._get_product_accounts()["expense"].code
        cost = booked.move_ids.filtered(lambda move: move.raso_part == "cost")
        self.assertEqual(self.sum_accounts(cost)[expense], Decimal("7.33"))

    def test_invoice_books_its_own_cost(self):
        """Not what the next goods cost (the FIFO trap), and no lines by Odoo."""
        product = self.goods["fifo"]
        self.receive_all()
        booked = self.book(sold("1", product, 3, InvoiceNo="RSF-1", **SF), data_type=1)
        self.assertFalse(
            booked.move_ids.line_ids.filtered(lambda part: part.display_type == "cogs")
        )
        cost = booked.move_ids.filtered(lambda move: move.raso_part == "cost")
        accounts = product._get_product_accounts()
        self.assert_accounts(
            cost,
            {accounts["expense"].code: 3, accounts["stock_valuation"].code: -3},
        )
        self.assert_valued(product)

    def test_invoice_of_goods_that_others_deliver(self):
        """A type that leaves the stock alone leaves its cost to Odoo."""
        self.env["raso.transaction.type"].search([("kind", "=", "sf")]).is_stock = False
        product = self.goods["standard"]
        self.receive_all()
        booked = self.book(sold("1", product, 2, InvoiceNo="RSF-1", **SF), data_type=1)
        lines = booked.move_ids.line_ids
        self.assertEqual(
            sorted(
                lines.filtered(lambda part: part.display_type == "cogs").mapped(
                    "balance"
                )
            ),
            [-4.69, 4.69],
        )

    def test_booked_by_who_sees_no_stock(self):
        """A RASO manager books: whether he may see the stock doesn't matter."""
        self.receive_all()
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.book(*self.each(1, 2))
        manager = self.env["res.users"].create(
            {
                "name": "Booker",
                "login": "booker",
                "group_ids": [
                    Command.set(
                        self.env.ref("raso_cash_register.group_raso_manager").ids
                    )
                ],
            }
        )
        self.find_sales().with_user(manager).action_book_now()
        self.assertEqual(set(self.find_sales().mapped("state")), {"booked"})
        self.assert_valued(*self.goods.values())

    def test_invoices_and_their_returns(self):
        self.receive_all()
        for number in range(1, 3):
            for product in self.goods.values():
                name = f"RSF-{number}-{product.default_code}"
                self.book(sold(name, product, 2, InvoiceNo=name, **SF), data_type=1)
        for product in self.goods.values():
            name = f"RSFK-{product.default_code}"
            self.book(sold(name, product, -2, InvoiceNo=name, **SF), data_type=1)
        self.assertEqual(
            self.find_documents().mapped("state"), ["booked"] * len(self.goods) * 3
        )
        self.assert_valued(*self.goods.values())

    def test_credit_note_by_hand(self):
        """It takes goods back as any of Odoo's does: its own lines say their cost."""
        product = self.goods["standard"]
        self.receive_all()
        booked = self.book(sold("1", product, 2, InvoiceNo="RSF-1", **SF), data_type=1)
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        credit = self.env["account.move"].browse(action["res_id"])
        credit.name = "RSFK-1"
        credit.action_post()
        self.assertEqual(
            set(credit.line_ids.mapped("display_type")) & {"cogs"}, {"cogs"}
        )

    def test_sold_before_other_goods_came(self):
        """A day that is booked late: what came since changes what is left."""
        self.receive_all()
        for product in self.goods.values():
            price = 2.345 if product == self.goods["standard"] else 7.77
            self.receive(product, 5, price, "2026-11-23")
        self.book(*self.each(1, 5))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(2, 3, SaleDate="2026-11-23"))
        self.assert_valued(*self.goods.values())

    def test_below_zero(self):
        """Sold before the goods were entered, sold on, and brought back."""
        self.receive_all()
        self.book(*self.each(1, 50))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(2, 3))
        self.assert_valued(*self.goods.values())
        self.book(*self.each(3, -2))
        self.assert_valued(*self.goods.values())
        self.find_documents().action_unbook()
        self.assert_valued(*self.goods.values())

    def test_price_set_by_hand(self):
        """Odoo keeps a price that a person set in whole cents."""
        product = self.goods["average"]
        with freeze_time("2026-11-03 06:00:00"):
            product.standard_price = 3.456
        self.book(sold("1", product, 7))
        self.assertEqual(product.total_value, -24.22)
        self.assert_valued(product)

    def test_unbook_takes_cost_back(self):
        self.receive_all()
        before = [product.total_value for product in self.goods.values()]
        booked = self.book(*self.each(1, 5))
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})
        self.assert_valued(*self.goods.values())
        after = [product.total_value for product in self.goods.values()]
        self.assertEqual(after, before)
        self.find_sales().action_book_now()
        self.assert_valued(*self.goods.values())

    def test_unbook_after_more_was_sold(self):
        """FIFO: goods come back on another place of the stack than they left."""
        self.receive_all()
        first = self.book(*self.each(1, 4))
        self.book(*self.each(2, 8, SaleDate="2026-11-23"))
        first.action_unbook()
        self.assert_valued(*self.goods.values())
        self.find_sales().action_book_now()
        self.assert_valued(*self.goods.values())

    def test_unbook_in_a_locked_period(self):
        self.receive_all()
        booked = self.book(*self.each(1, 5))
        self.company.fiscalyear_lock_date = "2026-11-22"
        booked.action_unbook()
        self.assert_valued(*self.goods.values())
        undo = booked.move_ids.filtered(lambda move: move.raso_part == "undo")
        self.assertEqual({str(day) for day in undo.mapped("date")}, {"2026-11-24"})
        self.assert_accounts(booked.move_ids, {})

    def test_unbook_a_return(self):
        self.receive_all()
        self.book(*self.each(1, 5))
        returned = self.book(*self.each(2, -2)) - self.find_documents(kind="sale")
        self.assert_valued(*self.goods.values())
        self.book(*self.each(3, 1, SaleDate="2026-11-23"))
        returned.action_unbook()
        self.assert_valued(*self.goods.values())
        self.assertEqual(set(returned.mapped("state")), {"unbooked"})

    def test_unbook_invoice(self):
        product = self.goods["fifo"]
        self.receive_all()
        booked = self.book(sold("1", product, 5, InvoiceNo="RSF-1", **SF), data_type=1)
        booked.action_unbook()
        self.assert_valued(product)
        self.assert_accounts(booked.move_ids, {})
        self.find_sales().action_book_now()
        self.assert_valued(product)

    def test_goods_alone_book_their_cost(self):
        """A type that books no money writes off stock: its cost goes with it."""
        types = self.env["raso.transaction.type"].search([])
        types.write({"trade": "none", "payment_journal_id": False})
        self.receive_all()
        booked = self.book(*self.each(1, 2))
        self.assertEqual(set(booked.move_ids.mapped("raso_part")), {"cost"})
        self.assert_valued(*self.goods.values())

    def test_any_mix(self):
        """Whatever is sold, invoiced, returned, unbooked and received in between."""
        chance = Random(19)
        self.receive_all()
        for number in range(100, 114):
            day = chance.choice(["2026-11-20", "2026-11-22", "2026-11-23"])
            act = chance.choice(["sale", "sale", "return", "sf", "unbook", "receive"])
            if act == "unbook":
                booked = self.find_documents(state="booked")
                chance.choice(booked or [booked]).action_unbook()
            elif act == "receive":
                for method in ("average", "fifo"):
                    price = chance.choice(["0.333", "7.77", "2"])
                    self.receive(self.goods[method], 3, price, "2026-11-24")
            else:
                quantity = chance.randint(1, 3) * (-1 if act == "return" else 1)
                invoice = {"InvoiceNo": f"RSF-{number}", **SF} if act == "sf" else {}
                for part in self.goods.values():
                    name = f"{number}{part.id}"
                    if invoice:
                        invoice["InvoiceNo"] = name
                    self.book(sold(name, part, quantity, SaleDate=day, **invoice))
            with self.subTest(number=number, act=act, day=day):
                self.assert_valued(*self.goods.values())

    def test_periodic_books_no_cost(self):
        booked = self.book(receipt("1", line()))
        self.assertNotIn("cost", booked.move_ids.mapped("raso_part"))

    def test_costs_no_query_a_product(self):
        """Goods with a steady price: as many queries for ten as for two."""
        counts = []
        for number in (4, 2, 10):  # the first fills caches
            with freeze_time("2026-10-01 06:00:00"):
                products = self.env["product.product"].union(
                    *(
                        self.make_product(
                            f"Tea {number}-{part}",
                            False,
                            f"47{number:02}{part:03}",
                            21,
                            categ_id=self.goods[method].categ_id.id,
                            standard_price=1,
                        )
                        for part, method in enumerate(
                            ["standard", "average"] * (number // 2)
                        )
                    )
                )
            document = self.make_document(products)
            pickings = document._make_pickings()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            valued = document._measure_before(pickings, document._find_last_moment())
            document._measure_costs(valued)
            counts.append(self.env.cr.sql_log_count - start)
            self.assertFalse(valued.others)
        self.assertEqual(counts[1], counts[2])

    def make_document(self, products):
        """A document of one receipt that is not booked yet."""
        documents = self.env["raso.trade.document"]
        self.env["raso.transaction.type"].search([]).ripe = "z"
        number = str(len(products))
        lines = [line(part.barcode) for part in products]
        paid = Decimal("1.21") * len(products)
        self.book(receipt(number, *lines, payments=[("0", paid)]))
        sales = self.find_sales(number)
        self.assertEqual(sales.state, "matched")
        [group] = documents._find_ripe_groups(self.company, sales)
        document = documents.create(documents._prepare_document_vals(group, sales))
        document._take_sales(sales)
        return document


class TestCostAccounts(StockCase):
    def test_unbook_without_an_account(self):
        """It is said in words, with the document's state as it was."""
        category = self.make_category("standard")
        self.coffee.categ_id = category
        booked = self.book(receipt("1", line()))
        category.property_account_expense_categ_id = False
        self.company.expense_account_id = False
        with self.assertRaisesRegex(UserError, "no expense or stock"):
            booked.action_unbook()
        self.assertEqual(booked.state, "booked")


class TestCostOfCompanies(StockCase):
    def test_each_values_its_own(self):
        """The goods of another company are no part of this one's FIFO stack."""
        category = self.make_category("fifo")
        product = self.make_product(
            "Shared", "SHARED", "4771009", 21, categ_id=category.id, standard_price=0
        )
        self.receive(product, 2, 1)
        self.receive(product, 2, 5, "2026-11-02")
        other = self.env["res.company"].create({"name": "Other"})
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env["stock.quant"].with_company(other)._update_available_quantity(
            product, place.lot_stock_id, 2
        )
        booked = self.book(sold("1", product, 3))
        cost = booked.move_ids.filtered(lambda move: move.raso_part == "cost")
        expense = product._get_product_accounts()["expense"].code
        self.assertEqual(self.sum_accounts(cost)[expense], 7)
