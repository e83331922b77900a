from odoo import api, models
from odoo.tools import SQL


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


class RasoRules(models.AbstractModel):
    """Rules that a receipt was matched by: what isn't booked yet follows new ones."""

    _name = "raso.rules"
    _description = "Rules by Which RASO Receipts Are Matched"
    _inherit = ["raso.wakes"]
    # fields that only say something of the record
    _not_rules = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._match_anew()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - self._not_rules:
            self._match_anew()
        return result

    def _match_anew(self):
        """Send matched receipts of the companies back to the step *match*."""
        sales = self.env["raso.cash.sale"]
        sales.flush_model(["state"])
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale SET state = 'new' "
                "WHERE state = 'matched' AND company_id = ANY(%s)",
                self.company_id.ids,
            )
        )
        if self.env.cr.rowcount:
            sales.invalidate_model(["state"])
            self.env["raso.connection"]._trigger()
