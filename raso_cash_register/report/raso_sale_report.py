from odoo import fields, models
from odoo.tools import SQL

from ..models.raso_cash_sale import KINDS, STATES
from ..models.window import open_records
from .common import COUNTED, HOUR, IS_COUNTED, WEEKDAY, WEEKDAYS


class RasoSaleReport(models.Model):
    """Every item that the tills sold, once.

    Whatever a receipt's items say twice is left out: contents that are disputed or
    cancelled, what the data provider sent that doesn't book the shop, and tara that
    may repeat other tara. Conditions on company and day reach the items' index.
    """

    _name = "raso.sale.report"
    _description = "Till Sales Analysis"
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
    name = fields.Char(string="Item", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Of an SF."
    )
    vat_rate_id = fields.Many2one("raso.vat.rate", string="VAT Rate", readonly=True)
    receipt_count = fields.Integer(
        string="Receipts",
        aggregator="count_distinct",
        readonly=True,
        help="Receipts, SF and sheets that the items stand on.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="In the product's own unit; of items without a product as received. "
        "Returns are negative.",
    )
    amount_total = fields.Monetary(
        string="With VAT",
        readonly=True,
        help="Discounts are taken off. Returns are negative: sums are after returns.",
    )
    amount_vat = fields.Monetary(string="VAT", readonly=True)
    amount_untaxed = fields.Monetary(
        string="Without VAT", readonly=True, help="With VAT less VAT, as the till says."
    )
    discount = fields.Monetary(
        readonly=True, help="What the till says it took off, for information."
    )
    cost = fields.Monetary(
        readonly=True,
        help="What the goods were worth when they were written off. Goods that aren't "
        "written off yet, or have no cost, add nothing.",
    )
    margin = fields.Monetary(
        readonly=True,
        help="Without VAT less the cost, of items whose cost is known alone: the "
        "others add nothing.",
    )

    _depends = {
        "raso.cash.sale": [
            *("is_identity", "state", "kind", "day", "sold_at", "has_time"),
            *("cashier", "partner_id"),
        ],
        "raso.cash.sale.line": [
            *("cash_sale_id", "company_id", "shop_id", "register_id", "day", "kind"),
            *("number", "name", "product_id", "vat_rate_id", "quantity", "cost"),
            *("product_quantity", "amount", "vat", "discount", "state"),
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["currency_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, l.company_id, company.currency_id, l.shop_id, l.register_id,
                   l.day, l.kind, l.number, l.cash_sale_id, l.name, l.product_id,
                   template.categ_id, l.vat_rate_id, l.discount,
                   s.cashier, s.state, s.partner_id,
                   %(hour)s AS hour, %(weekday)s AS weekday,
                   l.cash_sale_id AS receipt_count,
                   COALESCE(l.product_quantity, l.quantity) AS quantity,
                   l.amount AS amount_total, l.vat AS amount_vat,
                   l.amount - l.vat AS amount_untaxed,
                   item.cost, l.amount - l.vat - item.cost AS margin
              FROM raso_cash_sale_line l
              JOIN raso_cash_sale s ON s.id = l.cash_sale_id
        CROSS JOIN LATERAL (
                SELECT CASE WHEN l.state = 'grey' THEN l.cost END AS cost) item
         LEFT JOIN res_company company ON company.id = l.company_id
         LEFT JOIN product_product product ON product.id = l.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE %(is_counted)s
            """,
            hour=HOUR,
            weekday=WEEKDAY,
            is_counted=IS_COUNTED,
        )

    def action_view_cash_sale(self):
        self.ensure_one()
        return open_records(self.cash_sale_id, self.env._("Receipt"))
