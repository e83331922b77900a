import json
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .raso_cash_sale_line import OPEN_STATES
from .raso_register_day_check import STATES

# bars of a card's chart; the last one is today
GRAPH_DAYS = 14


class RasoRegister(models.Model):
    """What the dashboard says of tills: each figure by one query for all cards."""

    _inherit = "raso.register"

    currency_id = fields.Many2one(related="company_id.currency_id")
    sale_ids = fields.One2many("raso.cash.sale", "register_id", string="Receipts")
    line_ids = fields.One2many(
        "raso.cash.sale.line", "register_id", string="Cash Sales"
    )
    day_ids = fields.One2many("raso.register.day", "register_id", string="Till Days")

    amount_today = fields.Monetary(string="Sales Today", compute="_compute_sales")
    amount_yesterday = fields.Monetary(
        string="Sales Yesterday", compute="_compute_sales"
    )
    today_count = fields.Integer(string="Receipts Today", compute="_compute_sales")
    yesterday_count = fields.Integer(
        string="Receipts Yesterday", compute="_compute_sales"
    )
    kanban_dashboard_graph = fields.Text(compute="_compute_sales")
    last_sale_day = fields.Date(
        string="Day of the Last Receipt", compute="_compute_last_sale"
    )
    last_sale_at = fields.Datetime(string="Last Receipt", compute="_compute_last_sale")
    last_fetch_at = fields.Datetime(
        string="Last Fetch",
        compute="_compute_last_fetch_at",
        help="When a connection that takes the till's shop last fetched all there was.",
    )
    white_count = fields.Integer(string="White Lines", compute="_compute_waiting")
    held_count = fields.Integer(string="Held Receipts", compute="_compute_waiting")
    conflict_count = fields.Integer(string="Conflicts", compute="_compute_waiting")
    differing_count = fields.Integer(
        string="Days That Differ", compute="_compute_waiting"
    )
    open_count = fields.Integer(string="Days Not Complete", compute="_compute_waiting")
    unbooked_count = fields.Integer(
        string="Days Not Booked", compute="_compute_waiting"
    )
    is_waiting = fields.Boolean(
        string="Something Waits",
        compute="_compute_waiting",
        search="_search_is_waiting",
        help="White lines, held receipts, conflicts, or days over that differ or "
        "aren't complete.",
    )

    def _compute_sales(self):
        """What came of each day; checked days know their sums, the others are summed.

        Whatever comes for a day or changes its receipts marks it for a check.
        """
        today = self._get_today()
        days = [today - timedelta(days=ago) for ago in range(GRAPH_DAYS)][::-1]
        sales = defaultdict(dict)
        for register, day, amount, count in self._read_sales(days):
            sales[register][day] = (amount, count)
        titles = [
            format_date(self.env, day, date_format="EEEE, d MMMM") for day in days
        ]
        for register in self:
            of_days = sales[register.id]
            register.amount_today, register.today_count = of_days.get(today, (0, 0))
            register.amount_yesterday, register.yesterday_count = of_days.get(
                days[-2], (0, 0)
            )
            register.kanban_dashboard_graph = json.dumps(
                [
                    {
                        "key": self.env._("Sales"),
                        "values": [
                            {
                                "label": str(day.day),
                                "title": title,
                                "value": of_days.get(day, (0, 0))[0],
                                "type": "future" if day == today else "past",
                                "day": str(day),
                            }
                            for day, title in zip(days, titles, strict=True)
                        ],
                        "is_sample_data": False,
                    }
                ]
            )

    def _read_sales(self, days):
        """Return till, day, amount and number of receipts, as Till Days count them.

        Tara is no sale. The number is that of the last two of ``days`` only.
        """
        self.env["raso.cash.sale"].flush_model()
        self.env["raso.register.day"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT day.register_id, day.day,
                       COALESCE(CASE WHEN is_live THEN sold.amount
                                     ELSE day.amount_received END, 0)::float,
                       sold.count
                  FROM raso_register_day day
            CROSS JOIN LATERAL (
                        SELECT day.is_stale OR day.day >= %(yesterday)s
                               OR day.reasons @> '[["internal"]]' AS is_live) a
            CROSS JOIN LATERAL (
                        SELECT sum(amount_total) AS amount, count(*) AS count
                          FROM raso_cash_sale s
                         WHERE is_live
                           AND s.register_id = day.register_id AND s.day = day.day
                           AND s.is_identity AND s.state = ANY(%(states)s)
                           AND s.kind NOT IN ('tara', 'tara_cash')) sold
                 WHERE day.register_id = ANY(%(ids)s)
                   AND day.day BETWEEN %(first)s AND %(last)s
                """,
                ids=self.ids,
                states=STATES,
                first=days[0],
                yesterday=days[-2],
                last=days[-1],
            )
        )

    @api.model
    def _get_sold_domain(self):
        """Return which receipts the figures of sales count."""
        return (
            Domain("is_identity", "=", True)
            & Domain("state", "in", STATES)
            & Domain("kind", "not in", ("tara", "tara_cash"))
        )

    def _compute_last_sale(self):
        self.env["raso.cash.sale"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT till.id, last.day, CASE WHEN last.has_time THEN last.sold_at END
                  FROM unnest(%(ids)s) AS till(id)
            CROSS JOIN LATERAL (
                        SELECT s.day, s.sold_at, s.has_time
                          FROM raso_cash_sale s
                         WHERE s.register_id = till.id AND s.day <= %(last)s
                      ORDER BY s.day DESC, s.sold_at DESC LIMIT 1) last
                """,
                ids=self.ids,
                # a till's clock may be a day ahead, what is later is held
                last=self._get_today() + timedelta(days=1),
            )
        )
        last = {register: (day, moment) for register, day, moment in rows}
        for register in self:
            register.last_sale_day, register.last_sale_at = last.get(
                register.id, (False, False)
            )

    def _compute_last_fetch_at(self):
        connections = self.env["raso.connection"].search(
            [("state", "=", "confirmed"), ("company_id", "in", self.company_id.ids)]
        )
        for register in self:
            moments = connections.filtered(
                lambda connection, register=register: (
                    connection.company_id == register.company_id
                    and (
                        connection.is_all_shops
                        or register.shop_id in connection.shop_ids
                    )
                    and connection.last_success_at
                )
            ).mapped("last_success_at")
            register.last_fetch_at = max(moments, default=False)

    def _compute_waiting(self):
        waits = self._get_waits()
        for name, (lines, domain) in waits.items():
            if name == "white_count":
                counts = self._count_white()
            else:
                groups = self.env[self._fields[lines].comodel_name]._read_group(
                    domain & Domain("register_id", "in", self.ids),
                    ["register_id"],
                    ["__count"],
                )
                counts = {register.id: count for register, count in groups}
            for register in self:
                register[name] = counts.get(register.id, 0)
        for register in self:
            register.is_waiting = any(register[name] for name in waits)

    def _count_white(self):
        """Return the number of white lines by till.

        Their domain makes PostgreSQL look at all receipts; this, at those lines only.
        """
        self.env["raso.cash.sale.line"].flush_model()
        self.env["raso.cash.sale"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT line.register_id, count(*)
                      FROM raso_cash_sale_line line
                      JOIN raso_cash_sale sale ON sale.id = line.cash_sale_id
                     WHERE line.state = 'white' AND line.register_id = ANY(%(ids)s)
                       AND (line.is_late OR sale.state = ANY(%(states)s))
                  GROUP BY 1
                    """,
                    ids=self.ids,
                    states=list(OPEN_STATES),
                )
            )
        )

    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain(lines, "any", domain) for lines, domain in self._get_waits().values()
        )

    @api.model
    def _get_waits(self):
        """Return, by field, what of the till it counts and which of them."""
        over = Domain("day", "<", self._get_today())
        return {
            "white_count": (
                "line_ids",
                Domain("state", "=", "white")
                & (
                    Domain("is_late", "=", True)
                    | Domain("cash_sale_id.state", "in", OPEN_STATES)
                ),
            ),
            "held_count": ("sale_ids", Domain("state", "=", "held")),
            "conflict_count": ("sale_ids", Domain("state", "=", "conflict")),
            "differing_count": ("day_ids", Domain("state", "=", "differs")),
            "open_count": ("day_ids", Domain("state", "=", "open") & over),
            "unbooked_count": (
                "day_ids",
                over & (Domain("waiting_count", ">", 0) | Domain("held_count", ">", 0)),
            ),
        }

    @api.model
    def _get_today(self):
        """Return the day on the tills' clocks."""
        return self.env["raso.cash.sale"]._local_now().date()
