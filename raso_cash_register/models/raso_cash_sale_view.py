from odoo import models

from .window import open_records


class RasoCashSale(models.Model):
    _inherit = "raso.cash.sale"
    # nobody may write a receipt, but everybody who reads it may comment on it
    _mail_post_access = "read"

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        return action | {"domain": [("cash_sale_id", "=", self.id)]}

    def action_view_trade_document(self):
        self.ensure_one()
        return open_records(self.trade_document_id, self.env._("Trade Document"))

    def action_view_exchange(self):
        self.ensure_one()
        return open_records(self.exchange_id, self.env._("Exchange"))

    def action_view_disputed(self):
        self.ensure_one()
        return open_records(self.disputed_id, self.env._("Disputed Receipt"))


class RasoCashSaleLine(models.Model):
    _inherit = "raso.cash.sale.line"

    def action_view_cash_sale(self):
        self.ensure_one()
        return open_records(self.cash_sale_id, self.env._("Receipt"))
