from odoo import api, fields, models

KINDS = [
    ("sale", "Sale"),
    ("return", "Return"),
    ("sf", "SF"),
    ("sf_return", "SF return"),
    ("sheet", "Daily sheet"),
    ("sheet_return", "Daily sheet return"),
    ("tara", "Tara"),
    ("tara_cash", "Tara paid in cash"),
]
PROVIDERS = [("kvitas", "KVITAS"), ("rivile", "RIVILĖ")]
STATES = [
    ("new", "New"),
    ("matched", "Matched"),
    ("held", "Held"),
    ("booked", "Booked"),
    ("conflict", "Conflict"),
    ("before_start", "Before start"),
    ("not_booked", "Not booked"),
    ("cancelled", "Cancelled"),
]
# in the order they are looked for: the first that applies is the one shown
HOLD_CAUSES = [
    ("future", "Dated in the future"),
    ("shop", "Shop is not set up"),
    ("till", "Till has no cash journal"),
    ("white", "White line: no product"),
    ("vat", "No VAT rate fits"),
    ("payment_kind", "Payment kind is not set up"),
    ("payment_sum", "Payments miss the lines"),
    ("on_account", "On account without an SF"),
    ("partner", "Partner is not certain"),
    ("quantity", "Quantity has too many decimals"),
    ("month", "Sheet spans two months"),
    ("lot", "No free lot or serial number"),
    ("type", "No transaction type"),
    ("locked", "Period is locked"),
    ("booking", "Booking failed"),
    ("unbooked", "Unbooked"),
]


class RasoCashSale(models.Model):
    """A receipt of a till, as received and as understood.

    Filled in sets with SQL by the steps *read*, *match* and *book* (design, part 5):
    its states are plain columns that each step writes.
    """

    _name = "raso.cash.sale"
    _description = "RASO Cash Sale"
    _inherit = ["mail.thread"]
    _order = "day desc, sold_at desc, id desc"
    _check_company_auto = True
    _rec_name = "number"

    exchange_id = fields.Many2one(
        "raso.exchange", required=True, readonly=True, ondelete="restrict", index=True
    )
    position = fields.Integer(readonly=True, help="Place in the document, from 1.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    shop_id = fields.Many2one("raso.shop", required=True, readonly=True)
    register_id = fields.Many2one(
        "raso.register", string="Till", required=True, readonly=True
    )
    kind = fields.Selection(
        KINDS,
        string="Type",
        required=True,
        readonly=True,
        help="What came: it decides which transaction type books it.",
    )
    provider = fields.Selection(
        PROVIDERS,
        string="Data Provider",
        required=True,
        readonly=True,
        default="kvitas",
        help="The data provider that sent the document.",
    )
    series = fields.Char(
        required=True,
        readonly=True,
        default="receipt",
        help="What the number counts: receipts of a till, or a kind of sheet.",
    )
    number = fields.Char(string="Receipt No.", required=True, readonly=True)
    z_no = fields.Char(
        string="Z No.", readonly=True, help="LASTZ: the Z report that a sheet sums up."
    )
    z_report_id = fields.Many2one(
        "raso.z.report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The Z report that counts this receipt, found by the till and the "
        "time. Empty: none has come yet.",
    )
    day = fields.Date(required=True, readonly=True, help="As printed on the receipt.")
    first_day = fields.Date(
        readonly=True,
        help="A sheet of several days is dated with the last; this is its first.",
    )
    sold_at = fields.Datetime(
        readonly=True,
        help="When it was sold by the till's clock. A receipt without a time "
        "counts as sold at the day's end.",
    )
    has_time = fields.Boolean(readonly=True, help="The receipt bears a time.")
    cashier = fields.Char(readonly=True)
    invoice_no = fields.Char(string="SF No.", readonly=True)
    partner_code = fields.Char(string="Company Code", readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True, index="trigram")
    partner_vat = fields.Char(string="VAT Code", readonly=True)
    partner_address = fields.Char(string="Address", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        help="The customer that the SF names, found by its company code, VAT "
        "code or name; made if nobody has them.",
    )
    amount_total = fields.Monetary(string="Total", readonly=True)
    amount_vat = fields.Monetary(string="VAT", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid", readonly=True, help="Payments, cash rounding not counted."
    )
    fingerprint = fields.Char(readonly=True, help="sha256 of the normalised content.")
    occurrence = fields.Integer(
        readonly=True, help="0; more when a person said that several are real."
    )
    is_identity = fields.Boolean(
        readonly=True,
        help="This record stands for its shop, till, number and day; "
        "a disputed content of the same receipt does not.",
    )
    disputed_id = fields.Many2one(
        "raso.cash.sale",
        string="Disputes",
        readonly=True,
        index="btree_not_null",
        help="The receipt that has the same identity and another content.",
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="new",
        help="New: not looked at yet. Matched: ready to be booked. Held: "
        "something is missing, Why? says what. Booked, cancelled or in "
        "conflict: nothing more happens by itself.",
    )
    hold_cause = fields.Selection(HOLD_CAUSES, readonly=True)
    hold_text = fields.Text(readonly=True, help="What booking said when it failed.")
    transaction_type_id = fields.Many2one(
        "raso.transaction.type",
        readonly=True,
        help="The rules by which it is booked; Why? says how they were chosen.",
    )
    trade_document_id = fields.Many2one(
        "raso.trade.document",
        readonly=True,
        index="btree_not_null",
        help="The document that booked it, with its transfer and entries.",
    )
    line_ids = fields.One2many("raso.cash.sale.line", "cash_sale_id", string="Lines")
    payment_ids = fields.One2many(
        "raso.cash.sale.payment", "cash_sale_id", string="Payments"
    )

    _identity_uniq = models.UniqueIndex(
        "(register_id, number, day, provider, series, occurrence) WHERE is_identity",
        "This receipt is already here.",
    )
    _invoice_uniq = models.UniqueIndex(
        "(company_id, provider, invoice_no, kind, occurrence) "
        "WHERE is_identity AND invoice_no IS NOT NULL AND invoice_no != ''",
        "This SF is already here.",
    )
    _open_idx = models.Index("(company_id, state) WHERE state IN ('new', 'held')")
    _ripe_idx = models.Index(
        "(register_id, day, transaction_type_id) WHERE state = 'matched'"
    )
    _day_idx = models.Index("(company_id, day, shop_id, register_id)")
    _number_idx = models.Index("(number, day)")
    _waits_idx = models.Index(
        "(register_id, state) WHERE state IN ('held', 'conflict')"
    )

    @api.depends("number", "register_id", "day")
    def _compute_display_name(self):
        for sale in self:
            sale.display_name = (
                f"{sale.register_id.display_name} / {sale.number} ({sale.day})"
            )
