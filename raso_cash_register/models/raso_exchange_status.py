from odoo import models

# RASO's status of a row by what became of it (interface page, part 2)
STATUS_BY_STATE = {"received": 2, "read": 1, "partial": 4, "error": 3}
TROUBLES_SHOWN = 3


class RasoExchange(models.Model):
    """What RASO is told of its rows: a courtesy, our own table is the memory."""

    _inherit = "raso.exchange"

    def _send_status(self, session):
        self.ensure_one()
        session.set_status(
            self.source_id, self.status_wanted, self._prepare_status_message()
        )
        self.status_sent = self.status_wanted

    def _want_status(self):
        """Have RASO told of the state, unless another program had the row before us."""
        for exchange in self.filtered(lambda exchange: not exchange.is_taken_by_other):
            exchange.status_wanted = STATUS_BY_STATE[exchange.state]

    def _ask_for_status(self):
        """RASO has set the rows back to new: they get their status once more."""
        self.write({"status_sent": 0, "is_taken_by_other": False})
        self._want_status()

    def _forget_status(self):
        """The rows are gone from the server: nobody is left to be told."""
        for exchange in self:
            exchange.status_sent = exchange.status_wanted

    def _prepare_status_message(self):
        """Say in English what became of the row: RASO's administrator reads it.

        The client cuts it to what the server's column holds.
        """
        result = self.with_context(lang="en_US")._describe_result()
        message = f"{self._get_mark()}: {result}"
        return " ".join(message.split())

    def _describe_result(self):
        if self.state == "received":
            return "received"
        if self.state == "error" and self.error_text:
            return f"not read. {self.error_text}"
        counts = (
            (self.sale_count, "read"),
            (self.known_count, "known already"),
            (self.conflict_count, "in conflict with what was read before"),
            (self.issue_count, "not readable"),
        )
        said = ", ".join(f"{count} {what}" for count, what in counts if count)
        issues = self.issue_ids.filtered(lambda issue: not issue.is_solved)
        shown = "".join(
            f"; {issue.place}: {issue.reason}" for issue in issues[:TROUBLES_SHOWN]
        )
        return f"{said or 'read, nothing in it'}{shown}"
