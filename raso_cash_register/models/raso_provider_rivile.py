from odoo import api, models

from ..tools.payload import show_element
from ..tools.rivile import read_document


class RasoProviderRivile(models.AbstractModel):
    """Daily sheets, SF and tara, each one document (interface page, part 4)."""

    _name = "raso.provider.rivile"
    _inherit = "raso.provider"
    _description = "RASO Provider: RIVILĖ"

    @api.model
    def _get_data_provider(self):
        return "RIVILE"

    @api.model
    def _get_contents(self):
        return ("sales", "sf", "returns", "tara", "tara_cash")

    @api.model
    def _check_root(self, exchange, tag):
        """Any root will do: its name varies."""

    @api.model
    def _read_document(self, exchange, stream, handler):
        read_document(
            stream,
            exchange.data_type,
            handler,
            encoding=exchange.encoding or None,
            shop_no=exchange.shop_no or "",
        )

    @api.model
    def _show_source(self, exchange, stream, position):
        # a sheet is the whole document
        return show_element(stream, 1, encoding=exchange.encoding or None)
