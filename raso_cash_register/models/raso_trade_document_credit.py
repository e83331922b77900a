from odoo import models

from ..exceptions import SetupError


class RasoTradeDocumentCredit(models.Model):
    """What ties an SF to its returns, and to the customer's account."""

    _inherit = "raso.trade.document"

    def _is_credit_note(self, sale):
        """Whether money goes back: Odoo posts no invoice below zero, nor the reverse.

        An exchange for something cheaper may be an SF below zero.
        """
        sign = self.currency_id.compare_amounts(sale.amount_total, 0)
        return sign < 0 or (not sign and self._is_refund())

    def _find_original(self, sale):
        """The booked SF that a return names by number and customer, or none."""
        moves = self.env["account.move"]
        if not self._is_refund() or not sale.invoice_no:
            return moves
        return moves.search(
            [
                ("raso_trade_document_id.kind", "=", "sf"),
                ("company_id", "=", self.company_id.id),
                ("name", "=", sale.invoice_no),
                ("partner_id", "=", sale.partner_id.id),
                ("state", "=", "posted"),
            ],
            limit=1,
        )

    def _find_number(self, sale):
        """RASO's number. Where a return bears its SF's, its receipt's is added.

        Its day, where it has no other number. Without an SF number the receipt's own
        has to do; it counts by till and may start again.
        """
        if original := self._find_original(sale):
            is_receipt = sale.number != sale.invoice_no
            return f"{original.name}/{sale.number if is_receipt else self.day}"
        if sale.invoice_no:
            return sale.invoice_no
        till = self.register_id
        return f"{till.shop_id.number}/{till.number}/{self.day}/{sale.number}"

    def _check_number(self, sale, number):
        """Odoo finds a used number only when it posts, and says it in SQL's words.

        A return that came before the SF it names took that number for its own: it is
        taken back, and the next run books it as credit note of the SF.
        """
        taken = self.env["account.move"].search(
            [
                ("name", "=", number),
                ("journal_id", "=", self.transaction_type_id.journal_id.id),
                ("state", "=", "posted"),
            ],
            limit=1,
        )
        early = taken.raso_trade_document_id
        if (
            self.kind == "sf"
            and early.kind == "sf_return"
            and taken.partner_id == sale.partner_id
        ):
            early._unbook(
                self.env._(
                    "Unbooked: SF %(number)s has come, which it names.", number=number
                )
            )
        elif taken:
            raise SetupError(
                self.env._(
                    "Number %(number)s is already taken in journal %(journal)s. "
                    "Look at that invoice: cancel it, or this SF.",
                    number=number,
                    journal=taken.journal_id.name,
                )
            )

    def _prepare_term_vals(self, sale):
        """What stays open is due by the customer's terms, what was paid the same day.

        A discount for early payment would change the invoice's VAT: such terms only
        lend their last day.
        """
        payments = sale.payment_ids
        is_open = not payments or "on_account" in payments.kind_id.mapped("usage")
        term = sale.partner_id.property_payment_term_id
        if not is_open or not term:
            due = self.day
        elif not term.early_discount:
            return {"invoice_payment_term_id": term.id}
        else:
            due = max(line._get_due_date(self.day) for line in term.line_ids)
        return {"invoice_payment_term_id": False, "invoice_date_due": due}

    def _tie_credit_notes(self):
        """Link a credit note to its SF, and to an SF those of the one it replaces.

        Only once it is posted: Odoo would reconcile both, whatever was paid back.
        """
        move = self.move_ids.filtered(lambda move: move.is_invoice())
        move.reversed_entry_id = self._find_original(self.sale_ids)
        orphans = move.search(
            [
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("reversed_entry_id.raso_trade_document_id.kind", "=", "sf"),
                ("reversed_entry_id.company_id", "=", self.company_id.id),
                ("reversed_entry_id.name", "=", move.name),
                ("reversed_entry_id.state", "=", "cancel"),
                ("partner_id", "=", move.partner_id.id),
            ]
        )
        orphans.reversed_entry_id = move

    def _settle_credit_notes(self, receivable):
        """What was returned on account lowers what its SF leaves open."""
        invoice = self.move_ids.filtered(lambda move: move.is_invoice())
        family = invoice | invoice.reversed_entry_id | invoice.reversal_move_ids
        lines = family.line_ids.filtered(
            lambda line: (
                line.account_id == receivable
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
        if len(set(lines.mapped(lambda line: line.balance > 0))) > 1:
            lines.reconcile()
