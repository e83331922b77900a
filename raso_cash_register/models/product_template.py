from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        result = super().write(vals)
        if "taxes_id" in vals:
            self.env["raso.connection"]._wake()
        return result

    def action_view_raso_lines(self):
        templates = self.with_context(active_test=False)
        return templates.product_variant_ids.action_view_raso_lines()
