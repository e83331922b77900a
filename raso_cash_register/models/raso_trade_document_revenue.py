import logging
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import SetupError

_logger = logging.getLogger(__name__)


class RasoTradeDocumentRevenue(models.Model):
    """*Make revenue entry*: revenue and payments of daily sheets (design, part 4).

    Their goods are written off first, by the same document.
    """

    _inherit = "raso.trade.document"

    @api.model
    def _find_revenue_to_make(self, companies):
        """Return the documents whose revenue the scheduled action has to enter."""
        return self.search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "booked"),
                ("revenue_state", "in", ("todo", "held")),
                ("transaction_type_id.is_revenue_auto", "=", True),
            ],
            # what is held was tried before: it never starves what is new
            order="revenue_state desc, day, id",
        )

    def _try_revenue(self, accounts=None):
        """Make the revenue entry; what stops it is written on the document.

        :param accounts: `_make_revenue`'s
        """
        self.ensure_one()
        if not self.try_lock_for_update():  # another worker has it
            return
        self.invalidate_recordset(["state", "revenue_state"])
        if self.state != "booked" or self.revenue_state not in ("todo", "held"):
            return
        self = self.with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                self._make_revenue(accounts or {})
        except (UserError, SetupError) as err:
            self._hold_revenue(str(err))
        else:
            _logger.info("Revenue of trade document %s entered", self.name)

    def _hold_revenue(self, text):
        if (self.revenue_state, self.error_text) != ("held", text):
            self.write({"revenue_state": "held", "error_text": text})
            self.message_post(
                body=self.env._("Revenue entry is held: %(text)s", text=text)
            )

    def _make_revenue(self, accounts):
        """Enter revenue and VAT by rate, and what the customers paid with.

        :param accounts: ``{line's place: (balance shown, account)}`` that a person
            chose in the entry's revenue lines instead of the proposed ones
        :raise SetupError: a payment code isn't set up, a period is locked …
        """
        kind = self.transaction_type_id
        self.date = kind._find_booking_day(self.day, is_later=True)
        self._check_revenue()
        lines = self._prepare_revenue_entry()
        self._choose_accounts(lines, accounts)
        if lines:
            self._post(self._make_entry(kind.journal_id, lines, "sale"))
        if kind.is_split and not kind.is_direct:
            self._make_payments()
        self.write({"revenue_state": "done", "error_text": False})
        self._check_booked()

    def _choose_accounts(self, lines, accounts):
        """:raise SetupError: the lines aren't those that the person saw any more"""
        for place, (balance, account) in accounts.items():
            line = lines[place] if place < len(lines) else {}
            is_seen = line.get("display_type") == "product" and not (
                self.currency_id.compare_amounts(line["balance"], balance)
            )
            if not is_seen:
                raise SetupError(
                    self.env._(
                        "Its items or accounts changed while Make Revenue Entry was "
                        "open: open the window again."
                    )
                )
            line["account_id"] = account.id

    def _check_revenue(self):
        """:raise SetupError: the entry can't be made as the document stands"""
        kind = self.transaction_type_id
        day = kind._find_booking_day(self.day, is_later=True)
        lock = kind._find_lock(day, is_later=True)
        if lock:
            raise SetupError(
                self.env._(
                    "%(day)s is locked: %(lock)s. Open the period, or set the type to "
                    "book on the first open day.",
                    day=day,
                    lock=lock,
                )
            )
        sales = self.sale_ids
        sales._match_payments(self.company_id, sales.ids)
        sales.invalidate_recordset()
        sales.payment_ids.invalidate_recordset()
        codes = {pay.code or "–" for pay in sales.payment_ids if not pay.kind_id}
        if codes:
            raise SetupError(
                self.env._(
                    "Payment code %(codes)s is not set up. Add it in Configuration ▸ "
                    "RASO ▸ Payment Kinds.",
                    codes=", ".join(sorted(codes)),
                )
            )
        if any(pay.kind_id.usage == "on_account" for pay in sales.payment_ids):
            raise SetupError(
                self.env._(
                    "The sheet holds sales on account, which name no customer. Only "
                    "an SF can stay open: book the payment kind otherwise."
                )
            )

    def _prepare_revenue_entry(self):
        """Return the values of the entry's lines, not yet created.

        The receivable is debited, or with *Debit payment accounts directly* what the
        customers paid with.
        """
        kind = self.transaction_type_id
        if not kind.is_direct:
            return self._prepare_sale_lines()
        sums = self._sum_lines()
        paid = self._sum_payments()
        payments = [
            *self._prepare_cash_lines(paid),
            *self._prepare_kind_lines(paid),
            *self._prepare_rounding_lines(),
        ]
        return [
            *({**line, "raso_is_payment": True} for line in payments),
            *self._prepare_revenue_lines(sums),
            *self._prepare_tax_lines(sums),
        ]

    def _prepare_cash_lines(self, paid):
        cash = sum((part.amount for part in paid if part.usage == "cash"), Decimal(0))
        if cash:
            journal = self._get_cash_journal()
            yield self._prepare_line(journal.default_account_id, cash)
