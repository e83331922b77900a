from odoo import fields, models


class RasoZReport(models.Model):
    """A Z report of a fiscal device (interface page, part 5)."""

    _name = "raso.z.report"
    _description = "RASO Z Report"
    _order = "printed_at desc, id desc"
    _check_company_auto = True
    _rec_name = "number"

    company_id = fields.Many2one("res.company", required=True, index=True)
    exchange_id = fields.Many2one(
        "raso.exchange",
        ondelete="restrict",
        index=True,
        help="The document that it came in.",
    )
    shop_id = fields.Many2one("raso.shop", required=True, check_company=True)
    register_id = fields.Many2one(
        "raso.register", string="Till", required=True, check_company=True
    )
    fiscal_no = fields.Char(
        string="Fiscal Device",
        help="The number of the fiscal device that printed it. Two devices may "
        "have Z reports of the same number.",
    )
    number = fields.Char(string="Z No.", required=True)
    last_receipt = fields.Char()
    cashier = fields.Char()
    printed_at = fields.Datetime(
        required=True,
        help="When the till was closed. Receipts up to then, since its last Z "
        "report, are compared with it.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary(
        string="Turnover", help="DienosApyvarta: the day's turnover with VAT."
    )
    figures = fields.Json(help="Every figure of the report by its RASO name.")

    _identity_uniq = models.UniqueIndex(
        "(company_id, fiscal_no, number)",
        "This Z report of the fiscal device is already here.",
    )
    _register_idx = models.Index("(register_id, printed_at)")
