from odoo import fields, models
from odoo.tools import SQL

from ..models.raso_cash_sale import KINDS, STATES
from ..models.raso_payment_kind import USAGES
from ..models.window import open_records
from .common import COUNTED, HOUR, IS_COUNTED, WEEKDAY, WEEKDAYS


class RasoPaymentReport(models.Model):
    """Every payment of the receipts that count, once (see `raso.sale.report`)."""

    _name = "raso.payment.report"
    _description = "Till Payments Analysis"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "number"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    shop_id = fields.Many2one("raso.shop", readonly=True)
    register_id = fields.Many2one("raso.register", string="Till", readonly=True)
    cashier = fields.Char(readonly=True)
    day = fields.Date(readonly=True, help="As printed on the receipts.")
    hour = fields.Char(
        readonly=True, help="By the clock of the till. Daily sheets bear no time."
    )
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    kind = fields.Selection(KINDS, string="Type", readonly=True)
    state = fields.Selection(
        [pair for pair in STATES if pair[0] in COUNTED], readonly=True
    )
    cash_sale_id = fields.Many2one("raso.cash.sale", string="Receipt", readonly=True)
    number = fields.Char(string="Receipt No.", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Of an SF."
    )
    code = fields.Char(string="Payment Code", readonly=True, help="As RASO sends it.")
    payment_kind_id = fields.Many2one("raso.payment.kind", readonly=True)
    usage = fields.Selection(USAGES, string="Booked As", readonly=True)
    receipt_count = fields.Integer(
        string="Receipts",
        aggregator="count_distinct",
        readonly=True,
        help="Receipts, SF and sheets that were paid so.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="What was paid; returns are negative. Cash rounding is what the money "
        "misses of the goods: positive is the shop's loss, negative its gain. All "
        "kinds together are the sales with VAT, but for SF sold on account.",
    )

    _depends = {
        "raso.cash.sale": [
            *("is_identity", "state", "kind", "day", "sold_at", "has_time"),
            *("cashier", "partner_id", "shop_id", "register_id", "number"),
            *("company_id", "amount_total", "amount_paid"),
        ],
        "raso.cash.sale.payment": ["cash_sale_id", "code", "amount", "kind_id"],
        "raso.payment.kind": ["usage", "is_gain"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        """The sign of a rounding row says nothing (interface page, part 6).

        A receipt's rounding has the sign of its goods less its money; on a sheet the
        code tells loss from gain.
        """
        return SQL(
            """
            SELECT p.id, s.company_id, company.currency_id, s.shop_id, s.register_id,
                   s.day, s.kind, s.state, s.cashier, s.number, s.partner_id,
                   %(hour)s AS hour, %(weekday)s AS weekday,
                   p.cash_sale_id, p.cash_sale_id AS receipt_count,
                   p.code, p.kind_id AS payment_kind_id, kind.usage,
                   CASE WHEN kind.usage IS DISTINCT FROM 'rounding' THEN p.amount
                        WHEN s.kind IN ('sheet', 'sheet_return', 'tara')
                        THEN abs(p.amount)
                             * CASE WHEN kind.is_gain THEN -1 ELSE 1 END
                        ELSE abs(p.amount) * sign(s.amount_total - s.amount_paid)
                        END AS amount
              FROM raso_cash_sale_payment p
              JOIN raso_cash_sale s ON s.id = p.cash_sale_id
         LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
         LEFT JOIN res_company company ON company.id = s.company_id
             WHERE %(is_counted)s
            """,
            hour=HOUR,
            weekday=WEEKDAY,
            is_counted=IS_COUNTED,
        )

    def action_view_cash_sale(self):
        self.ensure_one()
        return open_records(self.cash_sale_id, self.env._("Receipt"))
