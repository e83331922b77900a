from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.rights import ensure_manager
from .raso_setup import LT_ACCOUNTS


class RasoCashBook(models.TransientModel):
    """Book the cash that Z reports say was put in and taken out."""

    _name = "raso.cash.book"
    _description = "Book Cash In / Out"
    _check_company_auto = True

    report_ids = fields.Many2many(
        "raso.z.report",
        string="Z Reports",
        required=True,
        help="Their cash put in and taken out is booked; those that are booked "
        "already are left out.",
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cash_in = fields.Monetary(string="Cash Put In", compute="_compute_sums")
    cash_out = fields.Monetary(string="Cash Taken Out", compute="_compute_sums")
    account_id = fields.Many2one(
        "account.account",
        string="Counterpart Account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        check_company=True,
        help="Cash on its way between till and bank: credited with what was put "
        "in, debited with what was taken out. The last one used is "
        "proposed.",
    )

    @api.depends("report_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.report_ids.company_id[:1]

    @api.depends("report_ids")
    def _compute_sums(self):
        for wizard in self:
            reports = wizard.report_ids.filtered(
                lambda report: not report.is_cash_booked
            )
            wizard.cash_in = sum(reports.mapped("cash_in"))
            wizard.cash_out = sum(reports.mapped("cash_out"))

    @api.depends("company_id")
    def _compute_account_id(self):
        for wizard in self:
            wizard.account_id = wizard._find_last_account() or wizard._find_in_chart()

    def _find_last_account(self):
        last = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("raso_z_report_id", "!=", False),
                    ("company_id", "=", self.company_id.id),
                ],
                order="id desc",
                limit=1,
            )
        )
        _liquidity, _suspense, others = (
            last.statement_line_id._seek_for_lines() if last else (None, None, last)
        )
        return (others and others.account_id) or self.env["account.account"]

    def _find_in_chart(self):
        """Money in transit of the Lithuanian chart; nothing is guessed elsewhere."""
        accounts = self.env["account.account"]
        root = self.company_id.root_id
        if root.chart_template != "lt":
            return accounts
        template = LT_ACCOUNTS["clearing_account_id"]
        charts = self.env["account.chart.template"].sudo().with_company(root)
        return charts.ref(template, raise_if_not_found=False) or accounts

    def action_book(self):
        """Book all of them, or none."""
        self.ensure_one()
        ensure_manager(self.env)
        self.report_ids.check_access("read")
        if len(self.report_ids.company_id) > 1:
            raise UserError(
                self.env._("Choose Z reports of one company: its account is used.")
            )
        if not self.account_id:
            raise UserError(self.env._("Choose the counterpart account."))
        self.report_ids.sudo()._book_cash(self.account_id.sudo())
        return True
