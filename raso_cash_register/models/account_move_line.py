from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    raso_is_payment = fields.Boolean(
        string="Paid With",
        readonly=True,
        copy=False,
        help="What customers of a sheet paid with, where its revenue entry debits "
        "payment accounts directly.",
    )
