from odoo import api, fields, models
from odoo.exceptions import UserError

from .window import open_records


class RasoTradeDocument(models.Model):
    _inherit = "raso.trade.document"
    # nobody may write the document, but everybody who reads it may comment on it
    _mail_post_access = "read"

    # as superuser: those who may not open a transfer or an entry see that it is there
    picking_count = fields.Integer(compute="_compute_picking_count", compute_sudo=True)
    move_count = fields.Integer(compute="_compute_move_count", compute_sudo=True)

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        for document in self:
            document.picking_count = len(document.picking_ids)

    @api.depends("move_ids")
    def _compute_move_count(self):
        for document in self:
            document.move_count = len(document.move_ids)

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

    def action_view_moves(self):
        self.ensure_one()
        views = [
            (self.env.ref("account.view_move_tree").id, "list"),
            (self.env.ref("account.view_move_form").id, "form"),
        ]
        if self.move_count == 1:
            views.pop(0)
        return open_records(self.move_ids, self.env._("Entries"), views=views)
