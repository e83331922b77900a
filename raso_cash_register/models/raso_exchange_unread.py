from odoo import api, models

from ..texts import _lt, join_texts
from .told import tell


class RasoExchange(models.Model):
    """Documents that nobody can read: kept whole, and said."""

    _inherit = "raso.exchange"

    @api.model
    def _store(self, connection, row):
        """Say on the connection when a kind of them comes for the first time."""
        exchange = super()._store(connection, row)
        remark = self._explain_unread(exchange.content, exchange.data_type)
        if remark and not self._has_earlier(exchange):
            remark = tell(self.env, remark)
            connection.message_post(body=": ".join((exchange.display_name, remark)))
        return exchange

    @api.model
    def _prepare_exchange_vals(self, connection, row, payload):
        vals = super()._prepare_exchange_vals(connection, row, payload)
        remark = self._explain_unread(vals["content"], row.data_type)
        remarks = [*filter(None, (vals["note"], remark))]
        vals["note"] = join_texts(remarks) if remarks else False
        return vals

    def _explain_unread(self, content, data_type):
        """Return why documents of this content are not read, or ''."""
        if content == "cash":
            return _lt(
                "The form of documents on cash put in or taken out is not known: it is "
                "kept as it came and not read. Book such cash from the Z reports."
            )
        if content == "unknown":
            return _lt(
                "Nobody knows what DataType %(type)s holds: it is kept as it came and "
                "never booked. Ask RASO's administrator what was exported.",
                type=data_type,
            )
        return ""

    def _has_earlier(self, exchange):
        return bool(
            self.search_count(
                [
                    ("connection_id", "=", exchange.connection_id.id),
                    ("data_type", "=", exchange.data_type),
                    ("id", "!=", exchange.id),
                ],
                limit=1,
            )
        )
