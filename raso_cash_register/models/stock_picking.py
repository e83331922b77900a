from odoo import fields, models

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

    def action_view_raso_trade_document(self):
        self.ensure_one()
        return open_records(self.raso_trade_document_id, self.env._("Trade Document"))
