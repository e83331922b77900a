from odoo import api, models


class RasoClient(models.AbstractModel):
    """The way to a RASO set-up: lists, takes and acknowledges its documents."""

    _name = "raso.client"
    _description = "RASO Client"

    @api.model
    def _open(self, connection):
        """Return a session to use in a ``with`` block, by one thread.

        It has the methods of `clients.mssql.ExchangeDatabase`: ``list_rows``,
        ``read_row``, ``set_status`` and ``check``.

        :raise TransportError: from every method; the server is away or refuses
        :raise SetupError: from every method; it isn't set up as it must be
        """
        raise NotImplementedError
