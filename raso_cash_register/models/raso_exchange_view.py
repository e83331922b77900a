from odoo import models

from .window import open_records


class RasoExchange(models.Model):
    _inherit = "raso.exchange"
    # nobody may write an exchange, but everybody who reads it may comment on it
    _mail_post_access = "read"

    def action_view_sales(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_action"
        )
        return action | {"domain": [("exchange_id", "=", self.id)]}

    def action_view_connection(self):
        self.ensure_one()
        return open_records(self.connection_id, self.env._("Connection"))

    def action_view_document(self):
        """Open the bytes as RASO sent them; the browser shows or saves them."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }
