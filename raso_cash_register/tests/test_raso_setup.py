from odoo.exceptions import UserError

from .common import RasoCase


class TestSetup(RasoCase):
    def find(self, model, company=None):
        company = company or self.company
        return self.env[model].search([("company_id", "=", company.id)])

    def test_lithuanian_company(self):
        self.env["raso.setup"].create({}).action_apply()
        types = self.find("raso.transaction.type")
        self.assertRecordValues(
            types,
            [
                {"code": "SALE", "kind": "sale", "trade": "entry"},
                {"code": "RET", "kind": "return", "trade": "entry"},
                {"code": "SF", "kind": "sf", "trade": "invoice"},
                {"code": "SFR", "kind": "sf_return", "trade": "invoice"},
                {"code": "SHEET", "kind": "sheet", "trade": "later"},
                {"code": "SHEETR", "kind": "sheet_return", "trade": "later"},
            ],
        )
        sheets = types.filtered(lambda kind: kind.trade == "later")
        self.assertEqual(set(sheets.mapped("grouping")), {"document"})
        self.assertEqual(set(sheets.mapped("ripe")), {"now"})
        self.assertEqual(set(sheets.journal_id.mapped("type")), {"general"})
        self.assertEqual(set(types.mapped("receivable_account_id.code")), {"241100"})
        self.assertEqual(set(types.mapped("income_account_id.code")), {"500000"})
        kinds = self.find("raso.payment.kind")
        self.assertEqual(
            [
                (k.code, k.usage, k.account_id.code, k.gain_account_id.code)
                for k in kinds
            ],
            [
                ("0", "cash", False, False),
                ("1001", "rounding", "631900", "500900"),
                ("1002", "rounding", "631900", "500900"),
                ("2", "clearing", "273000", False),
                ("3", "voucher", "442001", False),
            ],
        )
        self.assertEqual(kinds.filtered("is_gain").mapped("code"), ["1002"])
        self.assertTrue(kinds.filtered(lambda k: k.code == "3").account_id.reconcile)
        rates = self.find("raso.vat.rate")
        self.assertEqual(
            [(rate.percent, rate.tax_id.amount, bool(rate.tax_id)) for rate in rates],
            [(21, 21, True), (12, 12, True), (9, 0, False), (5, 5, True), (0, 0, True)],
        )
        self.assertGreaterEqual(self.env.ref("uom.decimal_product_uom").digits, 3)

    def test_reduced_rate(self):
        """The 12 % tax feeds line 30 of the VAT return and account 4492."""
        self.env["raso.setup"].create({}).action_apply()
        tax = self.find("raso.vat.rate").filtered(lambda r: r.percent == 12).tax_id
        parts = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        parts = parts.filtered(lambda part: part.repartition_type == "tax")
        self.assertEqual(set(parts.account_id.mapped("code")), {"449200"})
        self.assertEqual(set(parts.tag_ids.mapped("name")), {"30_tax"})

    def test_twice_makes_nothing_new(self):
        models = (
            *("raso.transaction.type", "raso.payment.kind", "raso.vat.rate"),
            *("account.journal", "account.tax"),
        )
        self.env["raso.setup"].create({}).action_apply()
        self.find("raso.payment.kind")[0].name = "Kept"
        before = [self.find(model) for model in models]
        accounts = self.env["account.account"].search_count([])
        self.env["raso.setup"].create({}).action_apply()
        self.assertEqual([self.find(model) for model in models], before)
        self.assertEqual(self.env["account.account"].search_count([]), accounts)
        self.assertEqual(self.find("raso.payment.kind")[0].name, "Kept")

    def test_tara(self):
        """Its account is asked for, and kept when the set-up runs again."""
        self.env["raso.setup"].create({}).action_apply()
        accounts = self.env["account.account"].search(
            [("company_ids", "in", self.company.id)], limit=2
        )
        setup = self.env["raso.setup"].create({"tara_account_id": accounts[0].id})
        setup.action_apply()
        kind = self.find("raso.transaction.type").filtered(lambda k: k.kind == "tara")
        self.assertRecordValues(
            kind,
            [
                {
                    "code": "TARA",
                    "trade": "entry",
                    "income_account_id": accounts[0].id,
                    "income_policy": "always",
                    "is_stock": True,
                }
            ],
        )
        again = self.env["raso.setup"].create({})
        self.assertEqual(again.tara_account_id, accounts[0])
        again.tara_account_id = accounts[1]
        again.action_apply()
        self.assertEqual(kind.income_account_id, accounts[0])
        self.assertEqual(len(self.find("raso.transaction.type")), 7)

    def test_other_chart(self):
        """Another country's company: its own defaults; nothing is guessed."""
        company = self.env["res.company"].create(
            {"name": "Latvian shop", "country_id": self.env.ref("base.lv").id}
        )
        self.env["account.chart.template"].try_loading(
            "generic_coa", company, install_demo=False
        )
        company.currency_id = self.env.ref("base.EUR")
        env = self.env(context={"allowed_company_ids": company.ids})
        setup = env["raso.setup"].create({})
        self.assertFalse(setup.is_lithuanian)
        self.assertTrue(setup.receivable_account_id)
        self.assertFalse(setup.clearing_account_id | setup.voucher_account_id)
        setup.action_apply()
        self.assertEqual(len(self.find("raso.transaction.type", company)), 6)
        self.assertEqual(
            self.find("raso.payment.kind", company).mapped("code"),
            ["0", "1001", "1002"],
        )
        sale_taxes = env["account.tax"].search(
            [("company_id", "=", company.id), ("type_tax_use", "=", "sale")]
        )
        self.assertEqual(
            set(self.find("raso.vat.rate", company).mapped("percent")),
            set(sale_taxes.mapped("amount")),
        )

    def test_accounts_are_needed(self):
        setup = self.env["raso.setup"].create({"income_account_id": False})
        with self.assertRaisesRegex(UserError, "revenue account"):
            setup.action_apply()

    def test_operation_types_of_a_shop(self):
        """Straight between stock and customers, whatever steps the warehouse has."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_ship"
        shops = self.env["raso.shop"].create(
            [
                {"number": number, "name": number, "warehouse_id": warehouse.id}
                for number in ("91", "92")
            ]
        )
        self.assertEqual(shops[0].out_type_id, shops[1].out_type_id)
        customers = self.env.ref("stock.stock_location_customers")
        self.assertRecordValues(
            shops[0].out_type_id | shops[0].in_type_id,
            [
                {
                    "code": "outgoing",
                    "default_location_src_id": warehouse.lot_stock_id.id,
                    "default_location_dest_id": customers.id,
                    "reservation_method": "manual",
                },
                {
                    "code": "incoming",
                    "default_location_src_id": customers.id,
                    "default_location_dest_id": warehouse.lot_stock_id.id,
                    "reservation_method": "manual",
                },
            ],
        )
