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
    percent = fields.Float(
        digits=(5, 2),
        required=True,
        help="A line fits a rate if its VAT is this part of its net amount, e.g. "
        "21. Receipts with a line that fits none are held.",
    )
    fiscal_group = fields.Integer(
        help="Group of the till's VAT that Z reports count this rate in: 1 = A, "
        "2 = B … 0: none, so that Z reports can't confirm its sales."
    )
    date_from = fields.Date(
        required=True,
        default="1990-01-01",
        help="First day of the rate: receipts of earlier days don't use it.",
    )
    date_to = fields.Date(
        help="Last day of the rate: receipts of later days don't use it. Empty: "
        "it still holds."
    )
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
