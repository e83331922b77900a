from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _skip_push(self):
        """Till sales end at customers or in the shop's stock, whatever the routes."""
        return bool(self.picking_id.raso_trade_document_id) or super()._skip_push()
