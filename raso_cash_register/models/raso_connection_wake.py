from odoo import api, models
from odoo.tools import SQL


class RasoConnection(models.Model):
    """Running the scheduled action as soon as something waits for it."""

    _inherit = "raso.connection"

    @api.model
    def _trigger(self):
        self.env.ref("raso_cash_register.raso_connection_cron_run").sudo()._trigger()

    @api.model
    def _wake(self):
        """Run soon if a receipt or an item waits for set-up; cheap where none does."""
        for model in ("raso.cash.sale.line", "raso.cash.sale"):
            self.env[model].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT 1 FROM raso_cash_sale_line "
                "WHERE state = 'white') OR EXISTS (SELECT 1 FROM raso_cash_sale "
                "WHERE state = 'held')"
            )
        )
        if rows[0][0]:
            self._trigger()
