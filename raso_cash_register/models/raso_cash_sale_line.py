from odoo import fields, models

from .raso_cash_sale import KINDS

LINE_STATES = [
    ("white", "White: no product yet"),
    ("ready", "Ready"),
    ("grey", "Grey: written off"),
    ("excluded", "Excluded"),
]

# states of a receipt whose items may still be assigned
OPEN_STATES = ("new", "held", "matched")


class RasoCashSaleLine(models.Model):
    """An item of a receipt: what users know as *Cash sales*.

    Holds its receipt's shop, till, day, type, number and cashier as plain columns, so
    that lists over millions of rows need no join.
    """

    _name = "raso.cash.sale.line"
    _description = "RASO Cash Sale Line"
    _order = "day desc, id desc"
    _rec_name = "name"
    _check_company_auto = True

    cash_sale_id = fields.Many2one(
        "raso.cash.sale",
        string="Receipt",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    shop_id = fields.Many2one("raso.shop", readonly=True)
    register_id = fields.Many2one("raso.register", string="Till", readonly=True)
    day = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, string="Type", readonly=True)
    number = fields.Char(string="Receipt No.", readonly=True)
    cashier = fields.Char(readonly=True)
    code = fields.Char(string="Barcode", readonly=True, help="CODE as received.")
    vcode = fields.Char(string="Item Code", readonly=True, help="VCODE as received.")
    name = fields.Char(string="Item", readonly=True, index="trigram")
    comment = fields.Char(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount = fields.Monetary(readonly=True, help="With VAT, discount taken off.")
    vat = fields.Monetary(string="VAT", readonly=True)
    discount = fields.Monetary(
        readonly=True,
        help="Taken off already: the amount holds what the customer paid.",
    )
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="What is moved and sold. Empty (a white line): no product has the "
        "barcode, so the goods wait. Choose it here or with Assign Item.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        readonly=True,
        help="The unit that the quantity counts: the product's, or a packaging's.",
    )
    product_quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the product's own unit."
    )
    vat_percent = fields.Float(
        string="VAT %",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="What the VAT is in percent of the net amount, as the line's own "
        "figures give it.",
    )
    vat_rate_id = fields.Many2one(
        "raso.vat.rate",
        string="VAT Rate",
        readonly=True,
        help="The VAT rate that the line's figures fit, within rounding. Empty: "
        "none, so the receipt is held.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        readonly=True,
        help="Books the line's VAT: the product's own tax if it has the same "
        "rate, else that of the VAT rate.",
    )
    warning = fields.Selection(
        [
            ("several", "Several products have this code"),
            ("codes", "Item code and barcode name different products"),
            ("vat", "The product has another VAT rate"),
            ("archived", "The product is archived"),
        ],
        readonly=True,
        help="Something to look at. The receipt is booked all the same.",
    )
    vat_roundings = fields.Integer(
        string="VAT Roundings",
        readonly=True,
        default=2,
        help="How many times half a cent the VAT may miss its rate.",
    )
    write_off_id = fields.Many2one(
        "raso.trade.document",
        string="Written Off By",
        readonly=True,
        index="btree_not_null",
        help="The document that wrote the item off after its money was booked.",
    )
    is_late = fields.Boolean(
        string="Goods to Write Off",
        readonly=True,
        default=False,
        help="Its money was booked before it had a product: once it has one, its "
        "goods are written off by a document of their own.",
    )
    exclude_reason = fields.Char(
        readonly=True,
        help="Why somebody keeps the item out of the stock. Its money is booked "
        "all the same.",
    )
    state = fields.Selection(LINE_STATES, required=True, readonly=True, default="white")

    _day_idx = models.Index("(company_id, day)")
    _white_idx = models.Index("(company_id, code) WHERE state = 'white'")
    # searches look for number, codes and name at once: each has to have its index
    _number_idx = models.Index("(number, day)")
    _code_idx = models.Index("(code, day)")
    _vcode_idx = models.Index("(vcode) WHERE vcode IS NOT NULL")
    _late_idx = models.Index("(company_id) WHERE is_late")
