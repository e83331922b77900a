from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_raso_lines(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        return action | {"domain": [("product_id", "in", self.ids)]}
