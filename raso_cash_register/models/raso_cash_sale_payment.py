from odoo import fields, models


class RasoCashSalePayment(models.Model):
    """A payment of a receipt: the code as received and the kind it means."""

    _name = "raso.cash.sale.payment"
    _description = "RASO Cash Sale Payment"
    _order = "cash_sale_id, id"
    _rec_name = "code"

    cash_sale_id = fields.Many2one(
        "raso.cash.sale", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    code = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    kind_id = fields.Many2one("raso.payment.kind", readonly=True)
