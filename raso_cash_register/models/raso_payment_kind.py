from odoo import api, fields, models
from odoo.exceptions import ValidationError

USAGES = [
    ("cash", "Cash"),
    ("clearing", "Clearing (card)"),
    ("voucher", "Gift voucher"),
    ("on_account", "On account"),
    ("rounding", "Cash rounding"),
]


class RasoPaymentKind(models.Model):
    """What a payment code of RASO means in the books (interface page, part 6)."""

    _name = "raso.payment.kind"
    _description = "RASO Payment Kind"
    _inherit = ["raso.rules"]
    _order = "company_id, code"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    code = fields.Char(
        required=True,
        help="CODE of the payment as RASO sends it, e.g. 0 for cash. Receipts "
        "with a code that isn't in this list are held.",
    )
    name = fields.Char(
        required=True,
        translate=True,
        help="How customers paid, as shown on receipts and entries.",
    )
    active = fields.Boolean(
        default=True, help="Archived: receipts with this payment code are held."
    )
    usage = fields.Selection(
        USAGES,
        required=True,
        help="Cash: a line of the till's cash journal.\n"
        "Clearing: debited to the account below until the bank pays.\n"
        "Gift voucher: debited to the liability that selling it credited.\n"
        "On account: an SF stays open; receipts without an SF are held.\n"
        "Cash rounding: the difference of goods and money, no payment.",
    )
    account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Clearing and vouchers: the account debited with what was paid. "
        "Cash rounding: the expense account of what customers paid too "
        "little.",
    )
    is_gain = fields.Boolean(
        string="Rounded Up",
        help="Cash rounding: the code of what customers paid too much, RASO's 1002. "
        "On a daily sheet signs say nothing: codes without this mark are losses, those "
        "with it gains.",
    )
    gain_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Cash rounding: the income account of what customers paid too much.",
    )
    z_counter = fields.Integer(
        help="Which counter of the Z report holds this kind: n of "
        "DienosApyvartaKreditan_n, e.g. 1; 0 for cash. With a wrong number "
        "days differ that are right.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "A payment kind with this code already exists."
    )

    @api.constrains("usage", "account_id", "gain_account_id")
    def _check_accounts(self):
        for kind in self:
            if kind.usage in ("clearing", "voucher") and not kind.account_id:
                raise ValidationError(
                    self.env._(
                        "Payment kind %(code)s: choose the account it is booked on.",
                        code=kind.code,
                    )
                )
            if kind.usage == "rounding" and not (
                kind.account_id and kind.gain_account_id
            ):
                raise ValidationError(
                    self.env._(
                        "Payment kind %(code)s: choose the accounts of rounding "
                        "loss and gain.",
                        code=kind.code,
                    )
                )
