from odoo import api, models


class RasoProvider(models.AbstractModel):
    """A dialect of RASO's documents: what its export calls a *data provider*.

    Z reports look the same whatever the provider and are read without one.
    """

    _name = "raso.provider"
    _description = "RASO Provider"

    @api.model
    def _get_data_provider(self):
        """Return the name that stands in the rows' ``DataProvider``."""
        raise NotImplementedError

    @api.model
    def _get_contents(self):
        """Return the contents of exchanges that ``_read_document`` can read."""
        raise NotImplementedError

    @api.model
    def _check_root(self, exchange, tag):
        """:raise PayloadError: the provider's documents have another root element"""
        raise NotImplementedError

    @api.model
    def _read_document(self, exchange, stream, handler):
        """Read a document from a binary stream, as `tools.kvitas.read_document` does.

        :raise PayloadError: the document as a whole can't be read, or from here on
        """
        raise NotImplementedError

    @api.model
    def _show_source(self, exchange, stream, position):
        """Return the XML of what stands at ``position`` of a document, to look at.

        :param position: of the receipt or sheet, as `_read_document` counted it
        :return: empty if the document holds no such part
        :raise PayloadError: the document breaks before its end
        """
        raise NotImplementedError
