from odoo import api, models

from ..tools import kvitas, rivile
from ..tools.payload import show_element


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
        return ("sales", "sf", "returns", "tara", "tara_cash")

    @api.model
    def _check_root(self, exchange, tag):
        if exchange.data_type not in rivile.TARA_TYPES:
            kvitas.check_root(tag)

    @api.model
    def _read_document(self, exchange, stream, handler):
        # tara has no form of its own here: what RIVILE sends is looked for
        is_tara = exchange.data_type in rivile.TARA_TYPES
        read_document = (rivile if is_tara else kvitas).read_document
        read_document(
            stream,
            exchange.data_type,
            handler,
            encoding=exchange.encoding or None,
            shop_no=exchange.shop_no or "",
        )

    @api.model
    def _show_source(self, exchange, stream, position):
        encoding = exchange.encoding or None
        if exchange.data_type in rivile.TARA_TYPES:
            return show_element(stream, 1, encoding=encoding)
        return show_element(stream, 2, "Sales", position, encoding=encoding)
