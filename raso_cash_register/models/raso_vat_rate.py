from odoo import api, fields, models


class RasoVatRate(models.Model):
    """A VAT rate of the tills with its days, and the sale tax that books it."""

    _name = "raso.vat.rate"
    _description = "RASO VAT Rate"
    _inherit = ["raso.rules"]
    _order = "company_id, percent desc, date_from"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    percent = fields.Float(digits=(5, 2), required=True)
    fiscal_group = fields.Integer(help="Tax group of the tills: 1 = A, 2 = B …")
    date_from = fields.Date(required=True, default="1990-01-01")
    date_to = fields.Date(help="Last day of the rate; empty: still valid.")
    tax_id = fields.Many2one(
        "account.tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent')]",
        help="Books lines of this rate whose product has no tax of the same rate. "
        "Empty for goods outside VAT, such as deposits.",
    )

    _percent_uniq = models.UniqueIndex(
        "(company_id, percent, date_from)",
        "This rate already starts on that day.",
    )

    @api.depends("percent")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.percent:g} %"
