from odoo.exceptions import UserError

from .booking import BOOK, COFFEE
from .common import receipt
from .white import BAG, TEA, WhiteCase


class TestExclude(WhiteCase):
    def test_money_only(self):
        """Nothing is written off; revenue is on the type's account with its VAT."""
        self.take(receipt("1", TEA, COFFEE))
        tea = self.find_sales().line_ids.filtered(lambda part: part.state == "white")
        self.exclude(tea, "Sold by the neighbour")
        self.assertRecordValues(
            tea, [{"state": "excluded", "exclude_reason": "Sold by the neighbour"}]
        )
        booked = self.find_documents()
        self.assertEqual(self.find_sales().state, "booked")
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})
        self.assert_accounts(
            booked.move_ids,
            {self.cash_account: "4.84", "449200": "-0.84", "500000": "-4.00"},
        )
        self.assertEqual(tea.state, "excluded")

    def test_who_and_why(self):
        self.take(receipt("1", TEA, BAG), receipt("2", TEA))
        self.exclude(self.find_sales().line_ids, "Counted twice")
        for sale, items in zip(self.find_sales(), ("Tea, Bag", "Tea"), strict=True):
            body = sale.message_ids[0].body
            for text in ("Shop manager", items, "Counted twice"):
                self.assertIn(text, body)

    def test_own_account_of_the_product_does_not_matter(self):
        income = self.env["account.account"].search([("code", "=", "500100")])
        self.coffee.property_account_income_id = income
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE))
        sale = self.find_sales()
        self.exclude(sale.line_ids)
        for policy in ("fallback", "always"):
            self.sale_type.income_policy = policy
            sale.action_book_now()
            booked = self.find_documents(state="booked")
            self.assertEqual(self.sum_accounts(booked.move_ids)["500000"], -1)
            self.assertFalse(booked.picking_ids)
            booked.action_unbook()

    def test_excluded_item_holds_nothing(self):
        """Neither its product's lots nor its decimals matter any more."""
        self.coffee.tracking = "serial"
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE, BOOK), receipt("2", COFFEE))
        first, second = self.find_sales()
        self.exclude(first.line_ids.filtered(lambda part: part.code == COFFEE["CODE"]))
        (first | second).action_book_now()
        self.assertEqual((first.state, second.state), ("booked", "held"))

    def test_sf(self):
        self.take(
            receipt("1", TEA, COFFEE, InvoiceNo="RSF-1", PartnerCode="300367240"),
            data_type=1,
        )
        self.exclude(self.find_sales().line_ids.filtered(lambda p: p.state == "white"))
        invoice = self.find_documents().move_ids.filtered(lambda m: m.is_invoice())
        self.assertEqual(invoice.amount_total, 4.84)
        self.assertEqual(invoice.invoice_line_ids.mapped("product_id.name"), ["Coffee"])

    def test_take_in_again(self):
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE, TEA))
        lines = self.find_sales().line_ids
        self.exclude(lines)
        self.assertEqual(self.find_sales().state, "matched")
        lines.with_user(self.user).action_take_in()
        coffee, tea = lines.sorted("code")
        self.assertRecordValues(
            coffee | tea,
            [
                {"state": "ready", "product_id": self.coffee.id},
                {"state": "white", "product_id": False},
            ],
        )
        self.assertEqual(lines.mapped("exclude_reason"), [False, False])
        self.assertEqual(self.find_sales().hold_cause, "white")
        self.assertIn("took in again", self.find_sales().message_ids[0].body)

    def test_not_once_booked(self):
        self.take(receipt("1", TEA), receipt("2", COFFEE))
        lines = self.find_sales("1").line_ids
        self.exclude(lines)
        with self.assertRaisesRegex(UserError, "Unbook"):
            lines.with_user(self.user).action_take_in()
        with self.assertRaisesRegex(UserError, "booked"):
            self.exclude(self.find_sales("2").line_ids)
