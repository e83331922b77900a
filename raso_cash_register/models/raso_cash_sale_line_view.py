from odoo import api, models

# what has one unit: a product, and nearly always a barcode
ALIKE = ("product_id", "code")
QUANTITIES = ("quantity:sum", "product_quantity:sum")


class RasoCashSaleLine(models.Model):
    """The list that users know as *Cash sales*."""

    _inherit = "raso.cash.sale.line"

    @api.model
    def web_read_group(self, domain, groupby, aggregates=(), **kwargs):
        """Leave out the sums of pieces and kilograms: only of one product they tell."""
        result = super().web_read_group(domain, groupby, aggregates, **kwargs)
        parts = list(domain)
        # a group of one product, opened to others
        is_alike = not {"|", "!"} & set(map(str, parts)) and any(
            field in ALIKE and operator == "=" and value
            for field, operator, value in (part for part in parts if part != "&")
        )
        if not is_alike:
            self._leave_out_quantities(result["groups"], groupby)
        return result

    def _leave_out_quantities(self, groups, groupby):
        if not groupby or groupby[0] in ALIKE:
            return
        for group in groups:
            group.update(dict.fromkeys(group.keys() & set(QUANTITIES), False))
            inner = group.get("__groups")
            if inner:
                self._leave_out_quantities(inner["groups"], groupby[1:])
