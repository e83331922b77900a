from odoo import api, fields, models


class RasoRegister(models.Model):
    """A till. An empty number stands for the whole shop (RASO leaves PosNo empty)."""

    _name = "raso.register"
    _description = "RASO Till"
    _inherit = ["raso.wakes"]
    _order = "shop_id, number"
    _check_company_auto = True

    shop_id = fields.Many2one(
        "raso.shop", required=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    number = fields.Char(
        default="",
        help="PosNo as RASO sends it. It is text: 01 and 1 are two tills. Empty: "
        "it stands for the whole shop, whose documents name no till.",
    )
    name = fields.Char(
        required=True,
        help="What the till is called in lists and on documents, e.g. “Till 2”.",
    )
    active = fields.Boolean(
        default=True,
        help="Archived: the till is hidden from lists and choices. What RASO "
        "still sends of it is taken and booked all the same.",
    )
    cash_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'cash')]",
        help="Cash of this till is booked in this journal. Empty: in the shop's. "
        "Without either, receipts paid in cash are held.",
    )

    _number_uniq = models.UniqueIndex(
        "(shop_id, COALESCE(number, ''))",
        "A till with this number already exists in the shop.",
    )

    @api.depends("name", "shop_id.number")
    def _compute_display_name(self):
        for register in self:
            register.display_name = f"{register.shop_id.number} / {register.name}"

    def _find_cash_journal(self):
        return self.cash_journal_id or self.shop_id.cash_journal_id
