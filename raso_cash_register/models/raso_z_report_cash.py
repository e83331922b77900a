from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .rights import ensure_manager
from .window import open_records

CASH_FIGURES = {
    "cash_in": ("IdetaGrynuju1", "IdetaGrynuju2"),
    "cash_out": ("IsimtaGrynuju1", "IsimtaGrynuju2"),
}


class RasoZReport(models.Model):
    """Cash put into the drawer and taken out of it, booked on request."""

    _inherit = "raso.z.report"

    cash_in = fields.Monetary(string="Cash Put In", compute="_compute_cash", store=True)
    cash_out = fields.Monetary(
        string="Cash Taken Out", compute="_compute_cash", store=True
    )
    # written under the report's row lock: cash is never booked twice
    is_cash_booked = fields.Boolean(string="Cash Booked", readonly=True, copy=False)
    cash_move_ids = fields.One2many(
        "account.move", "raso_z_report_id", string="Cash Entries", readonly=True
    )

    @api.depends("figures")
    def _compute_cash(self):
        for report in self:
            figures = report.figures or {}
            for field, names in CASH_FIGURES.items():
                total = sum(Decimal(figures.get(name, 0)) for name in names)
                report[field] = float(total)

    def action_book_cash(self):
        """Ask for the counterpart account of the cash that was moved."""
        ensure_manager(self.env)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book Cash In / Out"),
            "res_model": "raso.cash.book",
            "view_mode": "form",
            "target": "new",
            "context": {"default_report_ids": self.ids},
        }

    def action_take_back_cash(self):
        """Remove the cash lines, or answer them where their period is locked."""
        ensure_manager(self.env)
        self.check_access("read")
        for report in self:
            report.sudo()._take_back_cash()
        return True

    def action_view_cash_moves(self):
        self.ensure_one()
        return open_records(self.cash_move_ids, self.env._("Cash Entries"))

    def _book_cash(self, account):
        """Make a statement line of each sum, dated the report's day.

        :raise UserError: before anything is made, for the first that can't be booked
        """
        reports = self.filtered(lambda report: report.cash_in or report.cash_out)
        if not reports:
            raise UserError(
                self.env._("No cash was put in or taken out by these Z reports.")
            )
        reports.lock_for_update(allow_referencing=True)
        for report in reports:
            report._check_cash_ready()
        for report in reports:
            report = report.with_company(report.company_id)
            report.is_cash_booked = True
            report.env["account.bank.statement.line"].create(
                [*report._prepare_cash_lines(account)]
            )

    def _check_cash_ready(self):
        """:raise UserError: booked already, no journal, or the day is locked"""
        if self.is_cash_booked:
            raise UserError(
                self.env._(
                    "Cash of Z report %(number)s is booked already. Take it back "
                    "first to book it anew.",
                    number=self.number,
                )
            )
        journal = self.register_id._find_cash_journal()
        if not journal:
            raise UserError(
                self.env._(
                    "Till %(till)s has no cash journal. Choose one on the till or "
                    "its shop.",
                    till=self.register_id.display_name,
                )
            )
        self._check_open(journal, self.day)

    def _check_open(self, journal, day):
        """Checked before anything is made: Odoo would move the date without a word."""
        company = self.company_id
        locks = company._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "Z report %(number)s: %(day)s is locked: %(lock)s. Open the "
                    "period, or let an accountant decide.",
                    number=self.number,
                    day=day,
                    lock=company._format_lock_dates(locks),
                )
            )

    def _prepare_cash_lines(self, account):
        for amount, text in (
            (self.cash_in, self.env._("Cash put in, Z %(number)s")),
            (-self.cash_out, self.env._("Cash taken out, Z %(number)s")),
        ):
            if amount:
                yield self._prepare_cash_line(
                    self.register_id._find_cash_journal(),
                    self.day,
                    text % {"number": self.number},
                    amount,
                    account,
                )

    def _prepare_cash_line(self, journal, day, text, amount, account):
        return {
            "journal_id": journal.id,
            "date": day,
            "payment_ref": text,
            "amount": amount,
            "counterpart_account_id": account.id,
            "raso_z_report_id": self.id,
        }

    def _take_back_cash(self):
        self.lock_for_update(allow_referencing=True)
        if not self.is_cash_booked:
            raise UserError(
                self.env._(
                    "Cash of Z report %(number)s is not booked.", number=self.number
                )
            )
        self = self.with_company(self.company_id)
        # first: what is booked may not be taken back
        self.is_cash_booked = False
        lines = self.cash_move_ids.statement_line_id
        answered = lines.filtered("raso_answered_id")
        for line in (lines - answered - answered.raso_answered_id).sorted("id"):
            move = line.move_id
            locks = move._get_violated_lock_dates(move.date, False)
            move.line_ids.remove_move_reconcile()
            if not locks:
                line.unlink()
            else:
                self._answer_cash_line(line)

    def _answer_cash_line(self, line):
        """Book the opposite today: the line's own day is locked."""
        _liquidity, _suspense, others = line._seek_for_lines()
        account = others.account_id
        today = self.env["raso.cash.sale"]._local_now().date()
        self._check_open(line.journal_id, today)
        answer = self.env["account.bank.statement.line"].create(
            {
                **self._prepare_cash_line(
                    line.journal_id,
                    today,
                    self.env._("Taken back: %(ref)s", ref=line.payment_ref),
                    -line.amount,
                    account,
                ),
                "raso_answered_id": line.id,
            }
        )
        if account.reconcile:
            both = (line | answer).move_id.line_ids
            both.filtered(lambda part: part.account_id == account).reconcile()


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    raso_answered_id = fields.Many2one(
        "account.bank.statement.line",
        string="Takes Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
