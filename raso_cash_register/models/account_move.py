from odoo import api, fields, models
from odoo.exceptions import UserError

from .window import open_records


class AccountMove(models.Model):
    _inherit = "account.move"

    raso_trade_document_id = fields.Many2one(
        "raso.trade.document",
        string="Trade Document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The till sales that this entry books.",
    )

    raso_part = fields.Selection(
        [
            ("sale", "Revenue and VAT"),
            ("payment", "Payments"),
            ("cost", "Cost"),
            ("undo", "Unbooking"),
        ],
        string="Books",
        readonly=True,
        copy=False,
        help="Which part of the trade document the entry books.",
    )

    def action_view_raso_trade_document(self):
        self.ensure_one()
        return open_records(self.raso_trade_document_id, self.env._("Trade Document"))

    def button_draft(self):
        self._check_not_booked()
        return super().button_draft()

    def button_cancel(self):
        self._check_not_booked()
        return super().button_cancel()

    def _post(self, soft=True):
        self._check_not_prepared()
        return super()._post(soft)

    def _check_not_prepared(self):
        """:raise UserError: a draft that is confirmed with its trade document"""
        document = self.raso_trade_document_id.filtered(
            lambda document: document.state == "prepared"
        )[:1]
        if document:
            raise UserError(
                self.env._(
                    "This draft belongs to %(document)s. Use Confirm on that trade "
                    "document: it moves the goods and books the payments too.",
                    document=document.name,
                )
            )

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Goods that a trade document wrote off have their cost in its own entry.

        It says what their moves were worth; Odoo's lines would say what the next
        goods are worth (notes: the FIFO trap), rounded by line.
        """
        others = self.filtered(
            lambda move: (
                not (
                    move.raso_trade_document_id
                    and move.raso_trade_document_id.transaction_type_id.is_stock
                )
            )
        )
        return super(
            AccountMove, others
        )._stock_account_prepare_realtime_out_lines_vals()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_not_booked()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note for an SF is an accountant's to make; all else is unbooked."""
        self.filtered(lambda move: not move.is_invoice())._check_not_booked()
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def _check_not_booked(self):
        """What a trade document made goes only with the document.

        :raise UserError: an entry of a booked document
        """
        document = self.raso_trade_document_id.filtered(
            lambda document: document.state in ("booked", "prepared")
        )[:1]
        if document:
            raise UserError(
                self.env._(
                    "This entry books the till sales of %(document)s. Use Unbook on "
                    "that trade document: it takes the goods and payments back too.",
                    document=document.name,
                )
            )
