from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import SetupError
from .rights import ensure_manager

# what sums over documents must not count once its receipts are free again
CLEARED = (
    *("sale_count", "amount_received", "vat_received", "amount_booked", "vat_booked"),
)


class RasoTradeDocumentUnbook(models.Model):
    """Take a booking back: its receipts are *matched* again."""

    _inherit = "raso.trade.document"

    def action_unbook(self):
        """Take the documents back, each by itself; say which could not be."""
        self._check_manager()
        reason = self.env._("Unbooked by %(user)s.", user=self.env.user.name)
        troubles = []
        for document in self:
            try:
                document.sudo()._unbook(reason, wait=True)
            except UserError as err:
                if len(self) == 1:
                    raise
                troubles.append(f"{document.name}: {err}")
        if not troubles:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Not unbooked"),
                "message": "\n".join(troubles),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_retry(self):
        """Match the receipts of failed or unbooked documents again and book them."""
        self._check_manager()
        for document in self:
            sales = document.sudo()._find_held()
            sales._match(document.company_id)
            sales._book_freed(document.company_id)
            sales._book_now()
            document.sudo().exists()._drop_settled()
        return True

    def _check_manager(self):
        ensure_manager(self.env)
        self.check_access("read")

    def _find_held(self):
        """Receipts of this document's group that wait for a person to book them."""
        sales = self.env["raso.cash.sale"].search(
            [
                ("transaction_type_id", "=", self.transaction_type_id.id),
                ("register_id", "=", self.register_id.id),
                ("state", "=", "held"),
                ("hold_cause", "in", ("booking", "unbooked")),
            ]
        )
        return sales.filtered(lambda sale: self.group_key in sale._get_group_keys())

    def _drop_settled(self):
        """Remove the failed ones that no receipt waits for any more.

        Their receipts were booked under another key: their Z report came meanwhile,
        or another type books them now.
        """
        self.filtered(
            lambda document: (
                document.state == "failed"
                and not document.is_write_off
                and not document._find_held()
            )
        ).unlink()

    def _unbook(self, reason, wait=False):
        """Reverse the document's entries and transfers; free its receipts.

        :param reason: who and why, kept in the chatter
        :param wait: the receipts wait for a person, else the next run books them
        :raise UserError: a period is locked where the correction can't be made, an
            account is missing …; nothing is changed then
        """
        self.ensure_one()
        if self.state not in ("booked", "prepared"):
            raise UserError(
                self.env._("%(name)s is not booked.", name=self.display_name)
            )
        self = self.with_company(self.company_id)
        self.register_id.lock_for_update(allow_referencing=True)
        try:
            with self.env.cr.savepoint():
                self._take_back()
                self._release_sales(reason if wait else None)
        except SetupError as err:  # an account or journal that was there is gone
            raise UserError(str(err)) from err
        self.message_post(body=f"{reason} {self._clear_figures()}".strip())

    def _clear_figures(self):
        """Nothing is booked by it any more; return what was, for its history."""
        if self.is_write_off:
            return ""
        text = self.env._(
            "Receipts that it held: %(count)s; received %(received)s, booked "
            "%(booked)s.",
            count=self.sale_count,
            received=self.currency_id.format(self.amount_received),
            booked=self.currency_id.format(self.amount_booked),
        )
        self.write(dict.fromkeys(CLEARED, 0))
        return text

    def _take_back(self):
        is_prepared = self.state == "prepared"
        # first: what is booked may not be taken back
        self.write({"state": "unbooked", "revenue_state": False})
        if is_prepared:
            self._delete_drafts()
        else:
            self._unbook_entries()
            self._return_goods()

    def _unbook_entries(self):
        # cost goes back with the goods: as much as they are worth now
        moves = self.move_ids.filtered(
            lambda move: move.state == "posted" and move.raso_part != "cost"
        )
        cash = moves.statement_line_id
        invoices = moves.filtered(lambda move: move.is_invoice())
        self._check_invoices(invoices)
        self._note_opened(moves)
        moves.line_ids.remove_move_reconcile()
        entries = moves - cash.move_id - invoices
        self._unbook_cash(cash)
        if entries:
            entries._reverse_moves(
                [
                    {
                        "date": self._find_open_day(move),
                        "ref": self.env._("Unbooked: %(ref)s", ref=move.ref),
                        "raso_trade_document_id": self.id,
                        "raso_part": "undo",
                    }
                    for move in entries
                ],
                cancel=True,
            )
        # keeps its number for the next booking
        invoices.button_draft()
        invoices.button_cancel()

    def _check_invoices(self, invoices):
        """:raise UserError: an invoice that may not be changed any more"""
        for move in invoices:
            locks = move._get_violated_lock_dates(move.date, move._affect_tax_report())
            if locks or move.inalterable_hash:
                why = (
                    self.company_id._format_lock_dates(locks)
                    if locks
                    else self.env._("its journal seals posted entries")
                )
                raise UserError(
                    self.env._(
                        "SF %(number)s can't be unbooked: %(why)s. Correct it with a "
                        "credit note.",
                        number=move.name,
                        why=why,
                    )
                )

    def _note_opened(self, moves):
        """Name what an accountant had matched with these entries: it is open again."""
        matched = moves.line_ids.matched_debit_ids.debit_move_id
        matched |= moves.line_ids.matched_credit_ids.credit_move_id
        others = matched.move_id - self.move_ids
        if others:
            self.message_post(
                body=self.env._(
                    "Matched with entries of this document before it was unbooked, "
                    "and open again: %(entries)s.",
                    entries=self._list_names(others.mapped("name")),
                )
            )

    def _find_open_day(self, move):
        """The entry's own day where it is open, else today's."""
        locks = move._get_violated_lock_dates(move.date, move._affect_tax_report())
        return (
            move.date if not locks else self.env["raso.cash.sale"]._local_now().date()
        )

    def _unbook_cash(self, lines):
        """Remove cash lines of an open period; answer those locked or sealed."""
        for line in lines:
            is_open = self._find_open_day(line.move_id) == line.date
            if is_open and not line.move_id.inalterable_hash:
                line.unlink()
                continue
            # the account of the line itself: its type may name another one by now
            _liquidity, _suspense, others = line._seek_for_lines()
            receivable = others.account_id
            answer = line.create(
                {
                    "journal_id": line.journal_id.id,
                    "date": self._find_open_day(line.move_id),
                    "payment_ref": self.env._("Unbooked: %(ref)s", ref=self.name),
                    "partner_id": line.partner_id.id,
                    "amount": -line.amount,
                    "counterpart_account_id": receivable.id,
                    "raso_trade_document_id": self.id,
                    "raso_part": "undo",
                }
            )
            both = (line | answer).move_id.line_ids
            both.filtered(
                lambda part, account=receivable: part.account_id == account
            ).reconcile()

    def _release_sales(self, hold_text):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET state = 'ready' WHERE state = 'grey' "
                "AND cash_sale_id = ANY(%s)",
                self.sale_ids.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale SET trade_document_id = NULL, state = %s, "
                "hold_cause = %s, hold_text = %s WHERE id = ANY(%s)",
                "held" if hold_text else "matched",
                "unbooked" if hold_text else None,
                hold_text,
                self.sale_ids.ids,
            )
        )
        self.env.invalidate_all(flush=False)
