from odoo import api, fields, models
from odoo.exceptions import UserError

from .window import open_records


class RasoTradeDocument(models.Model):
    _inherit = "raso.trade.document"
    # nobody may write the document, but everybody who reads it may comment on it
    _mail_post_access = "read"

    # as superuser: those who may not open a transfer or an entry see that it is there
    picking_count = fields.Integer(compute="_compute_picking_count", compute_sudo=True)
    entry_count = fields.Integer(compute="_compute_move_counts", compute_sudo=True)
    payment_count = fields.Integer(compute="_compute_move_counts", compute_sudo=True)
    invoice_count = fields.Integer(compute="_compute_move_counts", compute_sudo=True)

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        for document in self:
            document.picking_count = len(document.picking_ids)

    @api.depends("move_ids.raso_part", "move_ids.move_type")
    def _compute_move_counts(self):
        for document in self:
            invoices, payments, entries = document._sort_moves()
            document.invoice_count = len(invoices)
            document.payment_count = len(payments)
            document.entry_count = len(entries)

    def _sort_moves(self):
        """Return its invoices, its payments, and all other entries."""
        invoices = self.move_ids.filtered(lambda move: move.is_invoice())
        payments = self.move_ids.filtered(lambda move: move.raso_part == "payment")
        return invoices, payments, self.move_ids - invoices - payments

    def action_book_again(self):
        """Book again, and show what was made: a failed document is gone by then.

        :raise UserError: its receipts are booked by another document already
        """
        self.ensure_one()
        if not self.is_write_off and not self._find_held():
            raise UserError(
                self.env._(
                    "No receipt of %(name)s waits to be booked: they are booked by "
                    "another document, or held for another reason.",
                    name=self.name,
                )
            )
        same = [
            ("transaction_type_id", "=", self.transaction_type_id.id),
            ("group_key", "=", self.group_key),
        ]
        before = self.search(same)
        self.action_retry()
        made = self.search(same) - before
        return open_records(made, self.env._("Trade")) if made else True

    def action_view_sales(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_action"
        )
        return action | {"domain": [("trade_document_id", "=", self.id)]}

    def action_view_pickings(self):
        self.ensure_one()
        return open_records(self.picking_ids, self.env._("Transfers"))

    def action_view_invoices(self):
        self.ensure_one()
        invoices, _payments, _entries = self._sort_moves()
        return self._open_moves(invoices, self.env._("Invoice"))

    def action_view_payments(self):
        self.ensure_one()
        _invoices, payments, _entries = self._sort_moves()
        return self._open_moves(payments, self.env._("Payments"))

    def action_view_entries(self):
        self.ensure_one()
        _invoices, _payments, entries = self._sort_moves()
        return self._open_moves(entries, self.env._("Entries"))

    def _open_moves(self, moves, name):
        views = [
            (self.env.ref("account.view_move_tree").id, "list"),
            (self.env.ref("account.view_account_move_kanban").id, "kanban"),
            (self.env.ref("account.view_move_form").id, "form"),
        ]
        if len(moves) == 1:
            views = views[2:]
        return open_records(moves, name, views=views)
