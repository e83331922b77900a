from odoo import api, models

from ..tools.kvitas import check_root, read_document


class RasoProviderKvitas(models.AbstractModel):
    """Every receipt with its lines and payments (interface page, part 3)."""

    _name = "raso.provider.kvitas"
    _inherit = "raso.provider"
    _description = "RASO Provider: KVITAS"

    @api.model
    def _get_data_provider(self):
        return "KVITAS"

    @api.model
    def _get_contents(self):
        return ("sales", "sf", "returns")

    @api.model
    def _check_root(self, tag):
        check_root(tag)

    @api.model
    def _read_document(self, exchange, stream, handler):
        read_document(
            stream,
            exchange.data_type,
            handler,
            encoding=exchange.encoding or None,
            shop_no=exchange.shop_no or "",
        )
