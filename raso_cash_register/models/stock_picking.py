from odoo import api, fields, models
from odoo.exceptions import UserError

from .window import open_records


class StockPicking(models.Model):
    _inherit = "stock.picking"

    raso_trade_document_id = fields.Many2one(
        "raso.trade.document",
        string="Trade Document",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The till sales whose goods this transfer writes off or takes back.",
    )

    def _action_done(self):
        self._check_not_prepared()
        return super()._action_done()

    def action_cancel(self):
        self._check_not_prepared()
        return super().action_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepared(self):
        self._check_not_prepared()

    def _check_not_prepared(self):
        """:raise UserError: a draft that goes with its trade document alone"""
        document = self.raso_trade_document_id.filtered(
            lambda document: document.state == "prepared"
        )[:1]
        if document:
            raise UserError(
                self.env._(
                    "This draft belongs to %(document)s. Use Confirm or Unbook on "
                    "that trade document.",
                    document=document.name,
                )
            )

    def action_view_raso_trade_document(self):
        self.ensure_one()
        return open_records(self.raso_trade_document_id, self.env._("Trade Document"))
