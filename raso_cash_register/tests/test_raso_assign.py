from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .booking import COFFEE, line
from .common import receipt
from .white import BAG, TEA, WhiteCase


class TestAssign(WhiteCase):
    def test_grouped_as_received(self):
        self.take(
            receipt("1", TEA, BAG),
            receipt("2", TEA),
            receipt("3", TEA | {"NAME": "Tea, green"}),
        )
        wizard = self.open_assign(self.find_sales().line_ids)
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"name": "Tea", "count": 2, "quantity": 6, "amount": 7.26},
                {"name": "Bag", "count": 1, "quantity": 2, "amount": 0.20},
                {"name": "Tea, green", "count": 1, "quantity": 3, "amount": 3.63},
            ],
        )
        self.assertEqual(wizard.line_ids.mapped("code"), ["5550001", False, "5550001"])
        self.assertEqual(wizard.line_ids.mapped("vcode"), [False, "BAG-7", False])
        self.assertEqual(set(wizard.line_ids.mapped("is_remembered")), {True})
        self.assertFalse(wizard.skipped_text)

    def test_product_found_by_barcode_reference_or_name(self):
        self.tea.barcode = "999"
        for text in ("999", "TEA", "Green t"):
            found = self.env["product.product"].name_search(text, limit=1)
            self.assertEqual(found[0][0], self.tea.id, text)

    def test_remembered_for_every_receipt(self):
        """Other receipts with the code get the product, and so do those to come."""
        self.take(receipt("1", TEA), receipt("2", TEA, COFFEE), receipt("3", BAG))
        first, second, third = self.find_sales()
        self.assign(first.line_ids, self.tea)
        code = self.env["raso.code"].search([("code", "=", "5550001")])
        self.assertEqual(code.product_id, self.tea)
        self.assertEqual((first.state, second.state), ("booked", "booked"))
        self.assertEqual((third.state, third.hold_cause), ("held", "white"))
        booked = self.find_documents()
        self.assertEqual(booked.sale_ids, first | second)
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.tea: 6, self.coffee: 1}
        )
        self.take(receipt("4", TEA))
        self.assertEqual(self.find_sales("4").state, "booked")

    def test_code_of_an_item_without_barcode(self):
        self.take(receipt("1", BAG), receipt("2", BAG))
        self.assign(self.find_sales("1").line_ids, self.tea)
        code = self.env["raso.code"].search([("code", "=", "BAG-7")])
        self.assertEqual(code.product_id, self.tea)
        self.assertEqual(self.find_sales("2").state, "booked")

    def test_not_remembered(self):
        self.take(receipt("1", TEA), receipt("2", TEA))
        first, second = self.find_sales()
        self.assign(first.line_ids, self.tea, remember=False)
        self.assertFalse(self.env["raso.code"].search([("code", "=", "5550001")]))
        self.assertEqual((first.state, second.state), ("booked", "held"))

    def test_code_remembered_anew(self):
        self.env["raso.code"].create({"code": "OLD", "product_id": self.coffee.id})
        self.take(receipt("1", TEA))
        self.env["raso.code"]._remember(self.company, {"OLD": self.tea})
        self.assertEqual(
            self.env["raso.code"].search([("code", "=", "OLD")]).product_id, self.tea
        )

    def test_one_code_two_products(self):
        self.take(receipt("1", TEA), receipt("2", TEA | {"NAME": "Mint"}))
        wizard = self.open_assign(self.find_sales().line_ids)
        wizard.line_ids[0].product_id = self.tea
        wizard.line_ids[1].product_id = self.coffee
        with self.assertRaisesRegex(UserError, "one product only"):
            wizard.action_assign()
        wizard.line_ids.is_remembered = False
        wizard.action_assign()
        booked = self.find_documents().picking_ids
        self.assertEqual(self.sum_stock(booked), {self.tea: 3, self.coffee: 3})

    def test_nothing_chosen(self):
        self.take(receipt("1", TEA))
        with self.assertRaisesRegex(UserError, "at least one"):
            self.open_assign(self.find_sales().line_ids).action_assign()

    def test_skipped_and_said(self):
        self.take(receipt("1", COFFEE), receipt("2", TEA, COFFEE), receipt("3", TEA))
        self.take(receipt("3", TEA, TEA))
        lines = self.find_sales().line_ids
        self.exclude(self.find_sales("2").line_ids.filtered("product_id"))
        wizard = self.open_assign(lines)
        self.assertEqual(wizard.line_ids.count, 2)
        for text in (
            "Skipped, as their receipts are booked: 1",
            "Skipped, as they are excluded: 1",
            "Skipped, as their receipts are in conflict: 2",
        ):
            self.assertIn(text, wizard.skipped_text)
        with self.assertRaisesRegex(UserError, "their receipts are booked"):
            self.open_assign(self.find_sales("1").line_ids)

    def test_from_a_receipt(self):
        self.take(receipt("1", TEA, COFFEE))
        action = self.find_sales().with_user(self.user).action_assign()
        wizard = self.env["raso.assign"].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("name"), ["Tea"])
        self.assertFalse(wizard.skipped_text)

    def test_chosen_on_the_line(self):
        self.take(receipt("1", TEA))
        lines = self.find_sales().line_ids.with_user(self.user)
        lines.product_id = self.tea
        self.assertEqual(lines.state, "grey")
        self.assertFalse(self.env["raso.code"].search([("code", "=", "5550001")]))

    def test_product_taken_off_the_line(self):
        self.sale_type.ripe = "z"
        self.take(receipt("1", TEA))
        lines = self.find_sales().line_ids.with_user(self.user)
        lines.product_id = self.tea
        self.assertEqual((lines.state, lines.uom_id), ("ready", self.tea.uom_id))
        lines.product_id = False
        self.assertEqual((lines.state, lines.uom_id.id), ("white", False))
        self.assertEqual(self.find_sales().hold_cause, "white")

    def test_lines_that_stay_as_they_are(self):
        """Every refusal names its own reason."""
        self.take(receipt("1", TEA), receipt("2", TEA), receipt("3", TEA, COFFEE))
        self.take(receipt("1", TEA, TEA))
        self.find_sales("2").action_cancel()
        excluded = self.find_sales("3").line_ids.filtered("product_id")
        self.exclude(excluded)
        conflict = self.find_sales("1").filtered(lambda sale: sale.state == "conflict")
        for lines, text in (
            (conflict.line_ids, "in conflict"),
            (self.find_sales("2").line_ids, "not to be booked"),
            (excluded, "is excluded"),
        ):
            with self.assertRaisesRegex(UserError, text):
                lines.with_user(self.user).product_id = self.tea
        with self.assertRaises(AccessError):
            excluded.with_user(self.user).state = "white"

    def test_weighed(self):
        """The till's quantity counts the product's own unit, to the gram."""
        self.take(receipt("1", line("7770001", "0.345", "2.42", "0.42")))
        self.assign(self.find_sales().line_ids, self.apples)
        self.assertEqual(
            self.sum_stock(self.find_documents().picking_ids),
            {self.apples: Decimal("0.345")},
        )
        self.assertEqual(self.find_sales().line_ids.uom_id, self.apples.uom_id)

    def test_assigned_item_counts_the_products_own_unit(self):
        """A packaging's barcode counts packs; a code tied by hand counts units."""
        dozen = self.env.ref("uom.product_uom_dozen")
        self.take(receipt("1", TEA))
        self.assign(self.find_sales().line_ids, self.tea)
        self.env["product.uom"].create(
            {"product_id": self.tea.id, "uom_id": dozen.id, "barcode": "5550012"}
        )
        self.take(receipt("2", TEA | {"CODE": "5550012"}))
        self.assertEqual(
            [
                (part.uom_id, part.product_quantity)
                for part in self.find_sales().line_ids.sorted("number")
            ],
            [(self.tea.uom_id, 3), (dozen, 36)],
        )
        self.assertEqual(
            self.sum_stock(self.find_documents().picking_ids), {self.tea: 39}
        )

    def test_service(self):
        """Nothing to move: grey when booked."""
        self.tea.is_storable = False
        self.tea.type = "service"
        self.take(receipt("1", TEA))
        self.assign(self.find_sales().line_ids, self.tea)
        self.assertEqual(self.find_sales().line_ids.state, "grey")
        self.assertFalse(self.find_documents().picking_ids)

    def test_goods_without_inventory(self):
        """Not storable: moved for the record, never on hand."""
        self.tea.is_storable = False
        self.take(receipt("1", TEA))
        self.assign(self.find_sales().line_ids, self.tea)
        self.assertEqual(self.find_sales().line_ids.state, "grey")
        self.assertFalse(
            self.env["stock.quant"].search([("product_id", "=", self.tea.id)])
        )

    def test_other_company(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        theirs = self.make_product("Tea", "THEIRS", False, None, company_id=other.id)
        self.take(receipt("1", TEA))
        wizard = self.open_assign(self.find_sales().line_ids)
        with self.assertRaisesRegex(UserError, "belongs to"):
            wizard.sudo().line_ids.product_id = theirs
        stranger = new_test_user(
            self.env,
            "stranger",
            "raso_cash_register.group_raso_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.open_assign(self.find_sales().line_ids, stranger)

    def test_strangers_assign_nothing(self):
        self.take(receipt("1", TEA))
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.open_assign(self.find_sales().line_ids, stranger)
