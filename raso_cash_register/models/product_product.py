from odoo import api, models

# what receipts are matched by
NAMING = {"barcode", "default_code"}


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if any(NAMING & vals.keys() for vals in vals_list):
            self.env["raso.connection"]._wake()
        return products

    def write(self, vals):
        result = super().write(vals)
        if NAMING & vals.keys():
            self.env["raso.connection"]._wake()
        return result

    def action_view_raso_lines(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        return action | {"domain": [("product_id", "in", self.ids)]}

    def _with_valuation_context(self):
        """A superuser, as the scheduled action is, values its company's goods only.

        Record rules, which see to it elsewhere, don't hold for him, and the goods of
        another company would lengthen the FIFO stack of this one.
        """
        products = super()._with_valuation_context()
        if not self.env.su:
            return products
        locations = self.env["stock.location"].browse(products.env.context["location"])
        own = locations.filtered(
            lambda location: location.company_id == self.env.company
        )
        return products.with_context(location=own.ids)
