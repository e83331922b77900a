from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..exceptions import SetupError

HALF_CENT = Decimal("0.005")


class Paid(NamedTuple):
    """Money of one payment kind, as the tills counted it."""

    kind_id: int
    usage: str
    amount: Decimal


class RasoTradeDocumentPayment(models.Model):
    """What the customers paid with, against the receivable of the sale."""

    _inherit = "raso.trade.document"

    def _make_payments(self):
        """Split the payments by kind, and reconcile them with the sale.

        Cash is a line of the till's cash journal; all else is one entry: clearing
        and vouchers on their accounts, cash rounding as loss and gain.
        """
        paid = self._sum_payments()
        receivable = self._find_receivable()
        cash = sum((part.amount for part in paid if part.usage == "cash"), Decimal(0))
        if cash:
            self._make_cash_line(receivable, cash)
        lines = [*self._prepare_kind_lines(paid), *self._prepare_rounding_lines()]
        total = sum((Decimal(repr(line["balance"])) for line in lines), Decimal(0))
        if total:
            lines.append(
                self._prepare_line(receivable, -total, partner_id=self.partner_id.id)
            )
        if lines:
            journal = self.transaction_type_id.payment_journal_id
            self._post(self._make_entry(journal, lines, "payment"))
        self._reconcile(receivable)

    def _preview_payments(self):
        """Return the values of lines that show what `_make_payments` would book."""
        paid = self._sum_payments()
        lines = [
            *self._prepare_cash_lines(paid),
            *self._prepare_kind_lines(paid),
            *self._prepare_rounding_lines(),
        ]
        total = sum((Decimal(repr(line["balance"])) for line in lines), Decimal(0))
        if total:
            lines.append(self._prepare_line(self._find_receivable(), -total))
        return lines

    def _find_receivable(self):
        """An SF's own receivable account, else the type's."""
        invoices = self.move_ids.filtered(lambda move: move.is_invoice())
        if invoices:
            return invoices.line_ids.account_id.filtered(
                lambda account: account.account_type == "asset_receivable"
            )
        return self.transaction_type_id.receivable_account_id

    def _sum_payments(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind.id, kind.usage, sum(payment.amount)::text
                  FROM raso_cash_sale_payment payment
                  JOIN raso_cash_sale sale ON sale.id = payment.cash_sale_id
                  JOIN raso_payment_kind kind ON kind.id = payment.kind_id
                 WHERE sale.trade_document_id = %s
              GROUP BY kind.id, kind.usage ORDER BY kind.code
                """,
                self.id,
            )
        )
        return [Paid(kind_id, usage, Decimal(text)) for kind_id, usage, text in rows]

    def _get_cash_journal(self):
        """:raise SetupError: the till has none"""
        journal = self.register_id._find_cash_journal()
        if not journal:
            raise SetupError(
                self.env._(
                    "Till %(till)s has no cash journal. Choose one on the till or "
                    "its shop.",
                    till=self.register_id.display_name,
                )
            )
        return journal

    def _make_cash_line(self, receivable, amount):
        journal = self._get_cash_journal()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": self.date,
                "payment_ref": self.name,
                "partner_id": self.partner_id.id,
                "amount": float(amount),
                "counterpart_account_id": receivable.id,
                "raso_trade_document_id": self.id,
                "raso_part": "payment",
            }
        )
        self._check_dates(line.move_id)  # it was posted as it was made

    def _prepare_kind_lines(self, paid):
        kinds = self.env["raso.payment.kind"]
        by_account = defaultdict(Decimal)
        for part in paid:
            if part.usage in ("clearing", "voucher"):
                by_account[kinds.browse(part.kind_id)] += part.amount
        for kind, amount in by_account.items():
            if amount:
                yield self._prepare_line(
                    kind.account_id, amount, name=f"{self.name} {kind.name}"
                )

    def _prepare_rounding_lines(self):
        """Loss and gain of cash rounding (interface page, part 6).

        A receipt's is what its lines differ from its payments, signed. A sheet sums
        both up and says each.
        """
        loss, gain = self._sum_rounding()
        kind = self.env["raso.payment.kind"]
        if loss or gain:
            kind = kind.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("usage", "=", "rounding"),
                ],
                order="code",
                limit=1,
            )
        for account, amount in ((kind.account_id, loss), (kind.gain_account_id, gain)):
            if amount:
                yield self._prepare_line(account, amount)

    def _sum_rounding(self):
        """Return loss, positive, and gain, negative.

        :raise SetupError: a sheet's own figures miss its lines and payments
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.number, gap::text,
                       CASE WHEN is_sheet THEN said.loss ELSE greatest(gap, 0) END
                            ::text,
                       CASE WHEN is_sheet THEN said.gain ELSE least(gap, 0) END::text
                  FROM raso_cash_sale sale
            CROSS JOIN LATERAL (
                        SELECT sale.amount_total - sale.amount_paid AS gap,
                               sale.kind IN ('sheet', 'sheet_return', 'tara')
                                   AS is_sheet
                       ) calc
            CROSS JOIN LATERAL (
                        SELECT count(*) AS payments,
                               COALESCE(abs(sum(p.amount) FILTER (
                                   WHERE kind.usage = 'rounding'
                                     AND kind.is_gain IS NOT TRUE)), 0) AS loss,
                               COALESCE(-abs(sum(p.amount) FILTER (
                                   WHERE kind.usage = 'rounding'
                                     AND kind.is_gain)), 0) AS gain
                          FROM raso_cash_sale_payment p
                     LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
                         WHERE p.cash_sale_id = sale.id) said
                 WHERE sale.trade_document_id = %(document)s AND said.payments > 0
                   AND (gap != 0 OR said.loss != 0 OR said.gain != 0)
                """,
                document=self.id,
            )
        )
        loss = gain = Decimal(0)
        for number, gap, one_loss, one_gain in rows:
            gap, one_loss, one_gain = map(Decimal, (gap, one_loss, one_gain))
            if abs(one_loss + one_gain - gap) > HALF_CENT:
                raise SetupError(
                    self.env._(
                        "Sheet %(number)s: its lines and payments differ by %(gap)s, "
                        "its rounding says %(rounding)s. Compare with the Z report.",
                        number=number,
                        gap=self.currency_id.format(float(gap)),
                        rounding=self.currency_id.format(float(one_loss + one_gain)),
                    )
                )
            loss += one_loss
            gain += one_gain
        return loss, gain

    def _reconcile(self, receivable):
        """Match the sale with its payments; a refund is the same the other way."""
        lines = self.move_ids.line_ids.filtered(
            lambda line: (
                line.account_id == receivable
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
        if len(lines) > 1:
            lines.reconcile()
        self._settle_credit_notes(receivable)
