from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# a connection that isn't fetched for so long, or for three of its waits, is late
LATE = timedelta(hours=1)
SHORT = 160


class RasoConnection(models.Model):
    """How a connection is, in a word, and what of it waits: for the dashboard."""

    _inherit = "raso.connection"

    health = fields.Selection(
        [
            ("fine", "Fine"),
            ("draft", "Waits for confirmation"),
            ("new", "Not fetched yet"),
            ("late", "Not fetched for long"),
            ("failing", "Failing"),
        ],
        compute="_compute_health",
        help="Not fetched for long: the scheduled action hasn't run for an hour, or "
        "for three of the connection's intervals.",
    )
    trouble = fields.Char(compute="_compute_health", help="The last error, in short.")
    unreadable_count = fields.Integer(
        string="Not or Partly Read", compute="_compute_exchange_counts"
    )
    unread_count = fields.Integer(
        string="Waiting to Be Read", compute="_compute_exchange_counts"
    )

    @api.depends("state", "failure_count", "last_error", "last_success_at", "interval")
    def _compute_health(self):
        now = fields.Datetime.now()
        for connection in self:
            longest = max(LATE, 3 * timedelta(minutes=connection.interval))
            connection.trouble = False
            if connection.state == "draft":
                connection.health = "draft"
            elif connection.failure_count:
                connection.health = "failing"
                connection.trouble = (connection.last_error or "")[:SHORT]
            elif not connection.last_success_at:
                connection.health = "new"
            elif now - connection.last_success_at > longest:
                connection.health = "late"
            else:
                connection.health = "fine"

    def _compute_exchange_counts(self):
        for name, domain in self._get_exchange_domains().items():
            groups = self.env["raso.exchange"]._read_group(
                domain & Domain("connection_id", "in", self.ids),
                ["connection_id"],
                ["__count"],
            )
            counts = {connection.id: count for connection, count in groups}
            for connection in self:
                connection[name] = counts.get(connection.id, 0)

    @api.model
    def _get_exchange_domains(self):
        return {
            "unreadable_count": Domain("state", "in", ("partial", "error")),
            "unread_count": self.env["raso.exchange"]._get_readable_domain(),
        }

    @api.model
    def retrieve_dashboard(self):
        """Return the cards of all connections, as the till dashboard shows them."""
        connections = self.search([])
        labels = dict(self._fields["health"]._description_selection(self.env))
        is_many = len(self.env.companies) > 1
        return [
            {
                "id": connection.id,
                "name": connection.name,
                "company": connection.company_id.name if is_many else "",
                "health": connection.health,
                "label": labels[connection.health],
                "trouble": connection.trouble or "",
                "last_fetch": fields.Datetime.to_string(connection.last_success_at),
                "unreadable_count": connection.unreadable_count,
                "unread_count": connection.unread_count,
            }
            for connection in connections
        ]

    def action_view_unreadable(self):
        return self._open_exchanges("unreadable_count")

    def action_view_unread(self):
        return self._open_exchanges("unread_count")

    def action_view_all_exchanges(self):
        return self._open_exchanges(None)

    def _open_exchanges(self, name):
        self.ensure_one()
        domain = Domain("connection_id", "=", self.id)
        if name:
            domain &= self._get_exchange_domains()[name]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_exchange_action"
        )
        return action | {"domain": list(domain), "context": {}}
