from odoo import fields, models

# what is wrong, where all else only waits for time or for a person
CONTRADICTIONS = frozenset(
    ("conflict", "z_differs", "z_nothing", "vat", "net", "payment", "stock")
)


class RasoRegisterDay(models.Model):
    """A till's day: does everything agree (design, *Day complete?*)?

    Rows are made and written by steps in sets: nothing here is computed on reading
    but texts.
    """

    _name = "raso.register.day"
    _description = "RASO Till Day"
    _inherit = ["mail.thread"]
    _order = "day desc, register_id"
    _check_company_auto = True
    # nobody may write a day, but everybody who reads it may comment on it
    _mail_post_access = "read"

    register_id = fields.Many2one(
        "raso.register", string="Till", required=True, readonly=True
    )
    shop_id = fields.Many2one("raso.shop", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True, help="As printed on the receipts.")
    state = fields.Selection(
        [("open", "Open"), ("differs", "Differs"), ("complete", "Complete")],
        required=True,
        readonly=True,
        default="open",
        help="Complete: all is booked, and receipts, Z reports, entries and stock "
        "agree to the cent. Open: something waits. Differs: figures contradict.",
    )
    is_stale = fields.Boolean(
        string="To Check", readonly=True, help="Something changed; checked again soon."
    )
    checked_at = fields.Datetime(string="Last Checked", readonly=True)
    reasons = fields.Json(
        string="Reason Codes", readonly=True, help="Why it isn't complete, as codes."
    )
    notes = fields.Json(
        string="Note Codes", readonly=True, help="What is worth knowing, as codes."
    )

    receipt_count = fields.Integer(string="Receipts", readonly=True)
    booked_count = fields.Integer(string="Booked Receipts", readonly=True)
    waiting_count = fields.Integer(
        string="Not Booked Yet",
        readonly=True,
        help="Receipts that are ready and wait for the Z report, the day's end "
        "or Book Now.",
    )
    held_count = fields.Integer(
        string="Held",
        readonly=True,
        help="Receipts that something is missing for: each says what.",
    )
    conflict_count = fields.Integer(
        string="Conflicts",
        readonly=True,
        help="Receipts that came again with another content: a person decides "
        "which is right.",
    )
    cancelled_count = fields.Integer(
        string="Cancelled",
        readonly=True,
        help="Receipts that somebody cancelled here: they aren't booked.",
    )
    missing_count = fields.Integer(
        string="Numbers Missing",
        readonly=True,
        help="Receipt numbers between those received that didn't come.",
    )
    revenue_count = fields.Integer(
        string="Revenue to Make",
        readonly=True,
        help="Daily sheets whose revenue entry isn't made yet.",
    )
    z_count = fields.Integer(string="Z Reports", readonly=True)
    document_count = fields.Integer(string="Trade Documents", readonly=True)
    stock_difference_count = fields.Integer(
        string="Stock Differences",
        readonly=True,
        help="Products whose transfers don't hold what was sold.",
    )

    amount_received = fields.Monetary(
        string="Received",
        readonly=True,
        help="What the day's receipts add up to, with VAT, returns taken off.",
    )
    amount_booked = fields.Monetary(
        string="Booked", readonly=True, help="What the booked receipts add up to."
    )
    amount_z = fields.Monetary(
        string="Z",
        readonly=True,
        help="What the Z reports say of these receipts, returns taken off.",
    )
    amount_ledger = fields.Monetary(
        string="Ledger", readonly=True, help="Revenue and VAT of the posted entries."
    )
    vat_received = fields.Monetary(string="VAT Received", readonly=True)
    vat_booked = fields.Monetary(string="VAT Booked", readonly=True)
    vat_z = fields.Monetary(string="Z VAT", readonly=True)
    vat_ledger = fields.Monetary(string="Ledger VAT", readonly=True)
    amount_tara = fields.Monetary(
        string="Tara", readonly=True, help="Tara documents; the sums leave them out."
    )

    _day_uniq = models.UniqueIndex(
        "(register_id, day)", "The till has this day already."
    )
    _company_idx = models.Index("(company_id, day)")
    _stale_idx = models.Index("(day) WHERE is_stale")
    _incomplete_idx = models.Index("(register_id, state) WHERE state != 'complete'")
