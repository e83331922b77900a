from datetime import timedelta

from odoo import fields, models

from ..tools.trouble import Trouble

# a server may be away so long before somebody is told
OUTAGE = timedelta(hours=1)
# RASO deletes what nobody took after about 14 days (interface page, part 1)
PURGE = timedelta(days=14)
PURGE_NEARS = timedelta(days=7)


class RasoAlarm(models.Model):
    """Connections that bring nothing: told again each day, as sales get lost."""

    _inherit = "raso.alarm"

    def _gather_failing(self):
        now = fields.Datetime.now()
        connections = self.env["raso.connection"].search(
            [
                ("state", "=", "confirmed"),
                ("failure_count", ">", 0),
                ("failing_since", "<=", now - OUTAGE),
            ]
        )
        for connection in connections - self._find_purged():
            values = {
                "since": fields.Datetime.to_string(connection.failing_since),
                "error": connection.last_error or "",
            }
            yield self._prepare_trouble("failing", connection, values)

    def _gather_purge(self):
        """Connections whose server has data that soon nobody can get any more."""
        now = fields.Datetime.now()
        for connection in self._find_purged():
            since = connection.last_success_at or connection.failing_since
            values = {
                "since": fields.Datetime.to_string(since),
                "lost_from": fields.Datetime.to_string(since + PURGE),
                "is_lost": since + PURGE <= now,
                "is_stopped": connection.state == "draft",
                "error": connection.last_error if connection.failure_count else "",
            }
            yield self._prepare_trouble("purge", connection, values)

    def _find_purged(self):
        """Return the connections that brought nothing for long, stopped ones too."""
        limit = fields.Datetime.now() - PURGE_NEARS
        return self.env["raso.connection"].search(
            [
                "|",
                ("last_success_at", "<=", limit),
                "&",
                "&",
                ("last_success_at", "=", False),
                ("failing_since", "<=", limit),
                ("state", "=", "confirmed"),
            ]
        )

    def _prepare_trouble(self, kind, connection, values):
        today = str(fields.Date.context_today(self))
        return Trouble(
            kind, connection.id, connection.company_id.id, None, [today], values
        )
