from odoo import api, fields, models

from .raso_cash_sale import KINDS


class RasoTradeDocument(models.Model):
    """What was booked together: its cash sales, transfers and entries."""

    _name = "raso.trade.document"
    _description = "Trade Document"
    _inherit = ["mail.thread"]
    _order = "day desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    transaction_type_id = fields.Many2one(
        "raso.transaction.type", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, string="Type", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    shop_id = fields.Many2one("raso.shop", readonly=True)
    register_id = fields.Many2one("raso.register", string="Till", readonly=True)
    day = fields.Date(required=True, readonly=True, help="The business day.")
    date = fields.Date(
        string="Accounting Date",
        required=True,
        readonly=True,
        help="The day, or the first open one after it if its period is locked.",
    )
    group_key = fields.Char(required=True, readonly=True)
    supplement = fields.Integer(
        readonly=True, help="0 for the first document of its till and day."
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    state = fields.Selection(
        [
            ("failed", "Failed"),
            ("prepared", "Prepared"),
            ("booked", "Booked"),
            ("unbooked", "Unbooked"),
        ],
        required=True,
        readonly=True,
        tracking=True,
        help="Booked: transfer and entries are made. Prepared: they are drafts, "
        "Confirm posts them. Failed: Trouble says why. Unbooked: all of it "
        "was taken back.",
    )
    revenue_state = fields.Selection(
        [("todo", "To make"), ("held", "Held"), ("done", "Made")],
        string="Revenue Entry",
        readonly=True,
        help="Daily sheets: the goods are written off first, revenue follows.",
    )
    is_write_off = fields.Boolean(
        readonly=True,
        help="Only writes off items whose money was booked before they had a product.",
    )
    error_text = fields.Text(
        string="Trouble",
        readonly=True,
        help="What keeps the document from being booked, and the way out.",
    )
    sale_ids = fields.One2many(
        "raso.cash.sale", "trade_document_id", string="Cash Sales"
    )
    picking_ids = fields.One2many("stock.picking", "raso_trade_document_id")
    move_ids = fields.One2many("account.move", "raso_trade_document_id")
    sale_count = fields.Integer(string="Receipts", readonly=True)
    held_ids = fields.Many2many(
        "raso.cash.sale",
        string="Held Receipts",
        compute="_compute_held_ids",
        help="Receipts of the same till, day and type that wait for a person. Once "
        "their cause is gone they are booked as a supplement.",
    )
    amount_received = fields.Monetary(
        readonly=True, help="What the receipts of the document add up to."
    )
    vat_received = fields.Monetary(string="VAT Received", readonly=True)
    amount_booked = fields.Monetary(
        readonly=True, help="What its sale entries or invoices add up to."
    )
    vat_booked = fields.Monetary(string="VAT Booked", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference",
        help="What the receipts say more than the books. Nothing where the books are "
        "yet to be made, or the type books no revenue.",
    )

    _group_uniq = models.UniqueIndex(
        "(transaction_type_id, group_key, supplement) WHERE state != 'failed'",
        "This supplement of the till's day is already booked.",
    )

    @api.depends(
        *("amount_received", "amount_booked", "state", "revenue_state"),
        "transaction_type_id.trade",
    )
    def _compute_difference(self):
        for document in self:
            is_due = (
                document.state == "booked"
                and document.revenue_state not in ("todo", "held")
                and document.transaction_type_id.trade != "none"
            )
            document.difference = is_due and document.currency_id.round(
                document.amount_received - document.amount_booked
            )

    @api.depends("state")
    def _compute_held_ids(self):
        sales = self.env["raso.cash.sale"].search(
            [
                ("register_id", "in", self.register_id.ids),
                ("day", "in", self.mapped("day")),
                ("state", "in", ("held", "conflict")),
            ]
        )
        for document in self:
            document.held_ids = sales.filtered(
                lambda sale, document=document: (
                    sale.register_id == document.register_id
                    and sale.day == document.day
                    and sale.kind == document.kind
                )
            )
