from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rights import ensure_manager


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
        return sales.filtered(lambda sale: sale._get_group_key() == self.group_key)

    def _unbook(self, reason, wait=False):
        """Reverse the document's entries and transfers; free its receipts.

        :param reason: who and why, kept in the chatter
        :param wait: the receipts wait for a person, else the next run books them
        :raise UserError: a period is locked where the correction can't be made
        """
        self.ensure_one()
        if self.state not in ("booked", "prepared"):
            raise UserError(
                self.env._("%(name)s is not booked.", name=self.display_name)
            )
        self = self.with_company(self.company_id)
        self.register_id.lock_for_update(allow_referencing=True)
        with self.env.cr.savepoint():
            is_prepared = self.state == "prepared"
            # first: what is booked may not be taken back
            self.write({"state": "unbooked", "revenue_state": False})
            if is_prepared:
                self._delete_drafts()
            else:
                self._unbook_entries()
                self._return_goods()
            self._release_sales(reason if wait else None)
        self.message_post(body=reason)

    def _unbook_entries(self):
        moves = self.move_ids.filtered(lambda move: move.state == "posted")
        moves.line_ids.remove_move_reconcile()
        cash = moves.statement_line_id
        invoices = moves.filtered(lambda move: move.is_invoice())
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
        # keeps its number for the next booking; refused by Odoo where it is locked
        invoices.button_draft()
        invoices.button_cancel()

    def _find_open_day(self, move):
        """The entry's own day where it is open, else today's."""
        locks = move._get_violated_lock_dates(move.date, move._affect_tax_report())
        return (
            move.date if not locks else self.env["raso.cash.sale"]._local_now().date()
        )

    def _unbook_cash(self, lines):
        """Remove cash lines of an open period; answer those of a locked one."""
        for line in lines:
            if self._find_open_day(line.move_id) == line.date:
                line.unlink()
                continue
            answer = line.create(
                {
                    "journal_id": line.journal_id.id,
                    "date": self._find_open_day(line.move_id),
                    "payment_ref": self.env._("Unbooked: %(ref)s", ref=self.name),
                    "partner_id": line.partner_id.id,
                    "amount": -line.amount,
                    "counterpart_account_id": self._find_receivable().id,
                    "raso_trade_document_id": self.id,
                    "raso_part": "undo",
                }
            )
            both = (line | answer).move_id.line_ids
            both.filtered(
                lambda part: part.account_id == self._find_receivable()
            ).reconcile()

    def _return_goods(self):
        for picking in self.picking_ids.filtered(lambda done: done.state == "done"):
            is_out = picking.picking_type_id == self.shop_id.out_type_id
            operation = self.shop_id.in_type_id if is_out else self.shop_id.out_type_id
            back = self.env["stock.picking"].create(
                {
                    **self._prepare_picking_vals(operation),
                    "location_id": picking.location_dest_id.id,
                    "location_dest_id": picking.location_id.id,
                }
            )
            for move in picking.move_ids:
                self._return_move(back, move)
            back.with_context(cancel_backorder=True)._action_done()
            self._check_done(back.move_ids)
            if not self.company_id._get_violated_lock_dates(
                picking.date_done.date(), False, self.env["account.journal"]
            ):
                back.date_done = picking.date_done

    def _return_move(self, back, move):
        """The same lots go the other way, valued as they went."""
        vals = self._prepare_move_vals(back, move.product_id, move.quantity)
        vals["origin_returned_move_id"] = move.id
        vals["picked"] = True
        vals["move_line_ids"] = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "quantity": line.quantity,
                    "lot_id": line.lot_id.id,
                    "picking_id": back.id,
                    "company_id": self.company_id.id,
                    "location_id": line.location_dest_id.id,
                    "location_dest_id": line.location_id.id,
                }
            )
            for line in move.move_line_ids
        ]
        return self.env["stock.move"].create(vals)

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
