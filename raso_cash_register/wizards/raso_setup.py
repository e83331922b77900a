from odoo import api, fields, models

# template ids of the Lithuanian chart (notes, part 7)
LT_ACCOUNTS = {
    "receivable_account_id": "account_account_template_2411",
    "income_account_id": "account_account_template_5000",
    "clearing_account_id": "account_chart_template_lithuania_liquidity_transfer",
    "loss_account_id": "account_account_template_6319",
    "gain_account_id": "account_account_template_5009",
}
LT_VAT_EXEMPT = "account_tax_template_sales_0_vat5"


class RasoSetup(models.TransientModel):
    """Make the usual transaction types, payment kinds and VAT rates of a company.

    Everything is proposed; what is left empty is made where that is safe (journals,
    the voucher liability of the Lithuanian chart), else its part is left out.
    """

    _name = "raso.setup"
    _description = "RASO Set-up"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        readonly=True,
    )
    is_lithuanian = fields.Boolean(compute="_compute_is_lithuanian")
    journal_id = fields.Many2one(
        "account.journal",
        string="Sales Journal",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Journal of receipts and returns. Empty: a new one is made.",
    )
    invoice_journal_id = fields.Many2one(
        "account.journal",
        string="SF Journal",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Journal of SF alone: they bear RASO's numbers, and Odoo's own numbers "
        "must not go on from them. Empty: a new one is made.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        string="Payments Journal",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Journal of card, voucher and rounding entries. Empty: a new one is made.",
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable')]",
        help="Debited with every sale and credited with its payments: after a "
        "whole day it is empty but for sales on account.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Revenue Account",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Credited with the sale of items whose product and category have no "
        "income account.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Anonymous Customer",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Customer of receipts that name nobody. Empty: a new one is made.",
    )
    clearing_account_id = fields.Many2one(
        "account.account",
        string="Card Clearing Account",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Holds card payments until the bank pays them: a reconcilable account. "
        "Empty: card receipts are held until their payment kind has one.",
    )
    voucher_account_id = fields.Many2one(
        "account.account",
        string="Gift Voucher Liability",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Owed for vouchers sold. Empty: in the Lithuanian chart a reconcilable "
        "sub-account of 4420 is made, elsewhere voucher receipts are held.",
    )
    loss_account_id = fields.Many2one(
        "account.account",
        string="Cash Rounding Loss",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Debited when cash rounding makes customers pay less than the goods cost.",
    )
    gain_account_id = fields.Many2one(
        "account.account",
        string="Cash Rounding Gain",
        compute="_compute_defaults",
        store=True,
        readonly=False,
        check_company=True,
        help="Credited when cash rounding makes customers pay more than the "
        "goods cost.",
    )
    tara_account_id = fields.Many2one(
        "account.account",
        compute="_compute_tara_account_id",
        store=True,
        readonly=False,
        check_company=True,
        help="Deposits for packaging that customers paid and are paid back. Empty: "
        "tara documents are held. Ask your accountant: no chart says which it is.",
    )
    is_three_decimals = fields.Boolean(
        string="Three Decimals for Quantities",
        default=True,
        help="Weighed goods have grams. With fewer decimals Odoo would round them, so "
        "their receipts are held.",
    )

    @api.depends("company_id")
    def _compute_is_lithuanian(self):
        for setup in self:
            setup.is_lithuanian = setup.company_id.root_id.chart_template == "lt"

    @api.depends("company_id")
    def _compute_defaults(self):
        for setup in self:
            for field, record in setup._find_defaults().items():
                setup[field] = record

    @api.depends("company_id")
    def _compute_tara_account_id(self):
        """It is never guessed: only what is set up already is proposed."""
        for setup in self:
            setup.tara_account_id = setup._find_type("tara").income_account_id

    def _find_defaults(self):
        """What is set up already, else the Lithuanian chart's, else the company's.

        A branch keeps its parent's books: it takes what is set up there.
        """
        sale = self._find_type("sale")
        kinds = self._find_nearest("raso.payment.kind", [], "code")
        kind = {
            usage: kinds.filtered_domain([("usage", "=", usage)])[:1]
            for usage in ("clearing", "voucher", "rounding")
        }
        found = {
            "journal_id": sale.journal_id,
            "invoice_journal_id": self._find_type("sf").journal_id,
            "payment_journal_id": sale.payment_journal_id,
            "partner_id": sale.partner_id,
            "receivable_account_id": sale.receivable_account_id,
            "income_account_id": sale.income_account_id,
            "clearing_account_id": kind["clearing"].account_id,
            "voucher_account_id": kind["voucher"].account_id,
            "loss_account_id": kind["rounding"].account_id,
            "gain_account_id": kind["rounding"].gain_account_id,
        }
        proposals = self._propose_accounts()
        return {
            field: record or proposals.get(field, record)
            for field, record in found.items()
        }

    def _find_type(self, kind):
        return self._find_nearest(
            "raso.transaction.type", [("kind", "=", kind)], "sequence, id"
        )[:1]

    def _find_nearest(self, model, domain, order):
        """The company's own records, else those of the nearest company above it."""
        companies = self.company_id.parent_ids
        # who sets up a branch need not see its parent
        records = self.env[model].sudo()
        records = records.search(
            [*domain, ("company_id", "in", companies.ids)], order=order
        )
        for company in reversed(companies):
            if own := records.filtered(
                lambda one, company=company: one.company_id == company
            ):
                return own
        return records

    def _propose_accounts(self):
        company = self.company_id
        if self.is_lithuanian:
            return {
                field: self._find_in_chart(template)
                for field, template in LT_ACCOUNTS.items()
            }
        receivable = (
            self.env["res.partner"]
            .with_company(company)
            ._fields["property_account_receivable_id"]
        )
        return {
            "receivable_account_id": receivable.get_company_dependent_fallback(
                self.env["res.partner"].with_company(company)
            ),
            "income_account_id": company.income_account_id,
            "loss_account_id": company.default_cash_difference_expense_account_id,
            "gain_account_id": company.default_cash_difference_income_account_id,
        }

    def _find_in_chart(self, template):
        """The company's account or tax of a chart's template, or an empty one."""
        root = self.company_id.root_id
        return (
            self.env["account.chart.template"]
            .with_company(root)
            .ref(template, raise_if_not_found=False)
        )
