from odoo import api, models


class RasoWakes(models.AbstractModel):
    """Set-up for which receipts may wait: when it changes they are tried at once."""

    _name = "raso.wakes"
    _description = "Set-up That RASO Receipts Wait For"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["raso.connection"]._wake()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["raso.connection"]._wake()
        return result
