from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .raso_cash_sale import KINDS


class RasoTransactionType(models.Model):
    """The rules by which a kind of cash sale is booked (design, part 4)."""

    _name = "raso.transaction.type"
    _description = "RASO Transaction Type"
    _inherit = ["mail.thread", "raso.rules"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    sequence = fields.Integer(
        default=10,
        help="Of two types that fit equally well, the one higher in the list books.",
    )
    code = fields.Char(
        required=True, help="Short name, e.g. SALE. Each type has its own."
    )
    name = fields.Char(
        required=True,
        translate=True,
        tracking=True,
        help="What the type is called in lists and on its documents.",
    )
    active = fields.Boolean(
        default=True,
        help="Archived: it books nothing more. Receipts that no other type books "
        "are held.",
    )
    kind = fields.Selection(
        KINDS,
        string="Books",
        required=True,
        help="The kind of receipts that this type books. What no type books is held.",
    )
    shop_id = fields.Many2one(
        "raso.shop",
        check_company=True,
        help="The type books this shop's receipts only, and goes before types of "
        "all shops. Empty: every shop of the company.",
    )
    register_id = fields.Many2one(
        "raso.register",
        string="Till",
        check_company=True,
        domain="[('shop_id', '=', shop_id)]",
        help="The type books this till's receipts only, and goes before types of "
        "its shop. Empty: every till of the shop.",
    )
    is_stock = fields.Boolean(
        string="Write Off Goods",
        default=True,
        help="On: a transfer moves the goods out of stock, or back into it. Off: "
        "the stock is left alone.",
    )
    trade = fields.Selection(
        [
            ("none", "Nothing"),
            ("entry", "Journal entry"),
            ("later", "Journal entry, by Make Revenue Entry"),
            ("invoice", "Customer invoice"),
        ],
        required=True,
        default="entry",
        tracking=True,
        help="How revenue and VAT are booked. Nothing: not at all, e.g. if "
        "another program does. Journal entry: with the goods. By Make "
        "Revenue Entry: later, for daily sheets. Customer invoice: an SF "
        "with the number of RASO.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', 'in', ('sale', 'general'))]",
        help="Revenue and VAT are booked in this journal. Empty: nothing can be "
        "booked unless Trade says Nothing.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Cards, vouchers and cash rounding are booked in this journal; cash "
        "goes to the cash journal of the till.",
    )
    receivable_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable')]",
        help="Debited with the sale, credited with its payments. "
        "An SF uses its customer's own account.",
    )
    income_account_id = fields.Many2one(
        "account.account",
        string="Revenue Account",
        check_company=True,
        help="Credited with the net amount of items whose product says no "
        "account, or of all, as chosen beside it.",
    )
    income_policy = fields.Selection(
        [
            ("fallback", "When the product has none"),
            ("always", "Always"),
        ],
        required=True,
        default="fallback",
        string="Use the Revenue Account",
        help="Items whose own account, or their category's, is no income account keep "
        "it whatever is chosen: gift vouchers and deposits are owed, not earned.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Anonymous Customer",
        check_company=True,
        help="Customer on the entries of receipts that name nobody.",
    )
    grouping = fields.Selection(
        [
            ("day", "Till and day"),
            ("z", "Z report"),
            ("document", "Every receipt"),
        ],
        required=True,
        default="day",
        help="What becomes one transfer and one entry. Till and day: few, large "
        "documents. Z report: documents that agree with one report each. "
        "Every receipt: most documents, each receipt found by itself.",
    )
    ripe = fields.Selection(
        [
            ("now", "At once"),
            ("z", "When the Z report is here"),
            ("day", "When the day is over (04:00)"),
            ("z_or_day", "At the Z report, or when the day is over"),
        ],
        required=True,
        default="z_or_day",
        string="Book",
        help="When receipts are booked by themselves. At once: what comes later "
        "of the same day makes further documents. At the Z report: the day "
        "is whole, but a report that doesn't come is waited for. Book Now "
        "never waits.",
    )
    is_split = fields.Boolean(
        string="Book Payments",
        default=True,
        help="On: what customers paid is booked against the receivable. Off: the "
        "receivable stays open for payments booked by hand.",
    )

    is_draft = fields.Boolean(
        string="Leave Drafts",
        help="Transfers and entries are only prepared: a person confirms them on the "
        "trade document.",
    )
    is_revenue_auto = fields.Boolean(
        string="Make Revenue Entries by Itself",
        help="The scheduled action makes the revenue entry right after the goods were "
        "written off.",
    )
    is_direct = fields.Boolean(
        string="Debit Payment Accounts Directly",
        help="The revenue entry debits cash and cards itself instead of the "
        "receivable; no statement lines are made.",
    )
    white_policy = fields.Selection(
        [
            ("hold", "Hold the receipt"),
            ("money", "Book the money, write off later"),
        ],
        string="White Lines",
        required=True,
        default="hold",
        help="A white line is an item without a product. Hold the receipt: "
        "neither its money nor its goods are booked until somebody chooses "
        "one. Book the money: only its goods wait.",
    )
    lock_policy = fields.Selection(
        [
            ("hold", "Hold the receipt"),
            ("next", "Book on the first open day"),
        ],
        string="Locked Period",
        required=True,
        default="hold",
        help="A day whose period is locked. Hold the receipt: it waits until "
        "somebody opens the period. First open day: it is booked, with a "
        "date later than that of the sale.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "A transaction type with this code already exists."
    )

    @api.constrains("trade", "is_split", "is_stock", "receivable_account_id")
    def _check_prepared(self):
        """Drafts are confirmed by the rules that they were made by."""
        prepared = self.env["raso.trade.document"].search(
            [("transaction_type_id", "in", self.ids), ("state", "=", "prepared")],
            limit=1,
        )
        if prepared:
            raise ValidationError(
                self.env._(
                    "%(document)s holds drafts made by %(type)s as it is now. Confirm "
                    "or unbook what is prepared first, then change the type.",
                    document=prepared.name,
                    type=prepared.transaction_type_id.name,
                )
            )

    def _find_booking_day(self, day, is_later=False):
        """Return the accounting date of ``day``: itself, or the first open one.

        :param is_later: of the revenue entry that follows the goods
        """
        if self.lock_policy == "hold":
            return day
        while locks := self._find_violated(day, is_later):
            day = max(lock for lock, _field in locks) + timedelta(days=1)
        return day

    def _find_lock(self, day, is_later=False):
        """Return what locks ``day`` for this type's entries, in words, or ''.

        Checked before anything is made: Odoo would move the date without a word.
        """
        locks = self._find_violated(day, is_later)
        return self.company_id._format_lock_dates(sorted(locks)) if locks else ""

    def _find_violated(self, day, is_later):
        """Return ``{(lock date, field), …}`` that ``day`` violates."""
        company = self.company_id
        none = self.env["account.journal"]
        checks = []
        if self.is_stock and not is_later:
            checks.append((False, none))
        if is_later or self.trade in ("entry", "invoice"):
            checks.append((True, self.journal_id))
            if self.is_split:
                checks.append((False, self.payment_journal_id))
        return {
            lock
            for has_tax, journal in checks
            for lock in company._get_violated_lock_dates(day, has_tax, journal)
        }
