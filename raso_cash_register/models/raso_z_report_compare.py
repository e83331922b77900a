from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.causes import Cause, find_causes
from ..tools.compare import NOTHING, Comparison, Money, Received, compare
from ..tools.days import shop_day

# what the till printed: held receipts too, but neither a disputed content nor what
# the other data provider sent of the same sales
COUNTED = ("new", "matched", "held", "booked", "before_start")
TARA_KINDS = ("tara", "tara_cash")


class Unit(NamedTuple):
    """What is compared at once: a Z report with its sales, as a rule.

    Sheets of a whole shop name no till: they are compared, on their day, with all
    reports of the shop's tills that have no sales of their own.
    """

    reports: models.Model
    whole_till_id: int | None = None

    @property
    def figures(self):
        sums = defaultdict(Decimal)
        for report in self.reports:
            for name, value in (report.figures or {}).items():
                sums[name] += Decimal(value)
        return sums


class RasoZReport(models.Model):
    """How a Z report compares with what was received (design, *Day complete?*)."""

    _inherit = "raso.z.report"

    day = fields.Date(
        compute="_compute_day",
        store=True,
        help="The shop's day that it was printed in: a day lasts until 04:00.",
    )
    state = fields.Selection(
        [
            ("agrees", "Agrees"),
            ("differs", "Differs"),
            ("nothing", "Nothing received"),
        ],
        string="Comparison",
        readonly=True,
        help="Does it say the same as the cash sales that were received? "
        "Empty: not compared yet.",
    )
    variant = fields.Selection(
        [
            ("apart", "Returns stand beside the turnover"),
            ("net", "Returns are taken off the turnover"),
            ("apart_mixed", "Returns beside the turnover, in sheets with the sales"),
            ("net_mixed", "Returns taken off the turnover, in sheets with the sales"),
        ],
        string="Returns Are Counted",
        readonly=True,
        help="The way of counting that fitted best. Empty: there are no returns.",
    )
    comparison = fields.Json(
        string="Compared Figures",
        readonly=True,
        help="Figure, ours and the report's, as text.",
    )
    causes = fields.Json(readonly=True, help="Codes of what explains a difference.")
    amount_difference = fields.Monetary(
        string="Difference",
        readonly=True,
        help="Received less the Z report's turnover, returns taken off.",
    )
    vat_difference = fields.Monetary(string="VAT Difference", readonly=True)

    _day_idx = models.Index("(shop_id, day)")

    @api.depends("printed_at")
    def _compute_day(self):
        for report in self:
            report.day = report.printed_at and shop_day(report.printed_at)

    def _compare(self):
        """Compare the reports with what was received, and keep the result.

        :return: the reports compared, which may be more (see `Unit`)
        """
        units = self._find_units()
        received = self._sum_units(units)
        comparisons = [
            compare(ours, unit.figures)
            for unit, ours in zip(units, received, strict=True)
        ]
        clues = self._find_clues(
            {
                index: (unit, received[index])
                for index, unit in enumerate(units)
                if comparisons[index].differences
            }
        )
        for index, unit in enumerate(units):
            comparison = comparisons[index]
            causes = find_causes(comparison, clues[index]) if index in clues else []
            state = _tell_state(received[index], comparison)
            unit.reports._keep(state, comparison, causes)
        return self.browse().union(*(unit.reports for unit in units))

    def _keep(self, state, comparison: Comparison, causes: list[Cause]):
        """Write what changed, so that a check that finds the same writes nothing."""
        vals = {
            "state": state,
            "variant": comparison.variant or False,
            "comparison": [
                [row.figure, str(row.ours), str(row.z)] for row in comparison.rows
            ]
            or False,
            "causes": [[cause.code, cause.values] for cause in causes] or False,
            "amount_difference": float(comparison.gap),
            "vat_difference": float(comparison.vat_gap),
        }
        for report in self:
            changed = {name: val for name, val in vals.items() if report[name] != val}
            if changed:
                report.write(changed)

    def _find_units(self):
        """Return the units that the reports are compared in."""
        lonely = self - self._find_owning()
        whole = self._find_whole_tills(lonely)
        siblings = self.search(
            [
                ("shop_id", "in", [shop for shop, _day in whole]),
                ("day", "in", [day for _shop, day in whole]),
            ]
        )
        siblings -= siblings._find_owning()
        units = [
            Unit(report)
            for report in self
            if report not in lonely or (report.shop_id.id, report.day) not in whole
        ]
        for (shop, day), till in whole.items():
            reports = siblings.filtered(
                lambda report, key=(shop, day): (report.shop_id.id, report.day) == key
            )
            units.append(Unit(reports, till))
        return units

    def _find_owning(self):
        """Return those reports that sales are tied to."""
        self.env["raso.cash.sale"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT z.id FROM unnest(%s::int[]) AS z(id)
                 WHERE EXISTS (SELECT 1 FROM raso_cash_sale s
                                WHERE s.z_report_id = z.id AND s.is_identity
                                  AND s.state = ANY(%s))
                """,
                self.ids,
                list(COUNTED),
            )
        )
        return self.browse(row[0] for row in rows)

    def _find_whole_tills(self, reports):
        """Return ``{(shop id, day): till id}`` where sheets of a whole shop wait."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT z.shop_id, z.day, till.id
                  FROM raso_z_report z
                  JOIN raso_register till ON till.shop_id = z.shop_id
                   AND COALESCE(till.number, '') = ''
                 WHERE z.id = ANY(%s)
                   AND EXISTS (SELECT 1 FROM raso_cash_sale s
                                WHERE s.register_id = till.id AND s.day = z.day
                                  AND s.z_report_id IS NULL AND s.is_identity
                                  AND s.state = ANY(%s))
                """,
                reports.ids,
                list(COUNTED),
            )
        )
        return {(shop, day): till for shop, day, till in rows}

    def _select_sales(self, units):
        """Return the query of the sales of ``{index: unit}``, with their index."""
        own, whole = [], []
        for index, unit in units.items():
            if unit.whole_till_id:
                whole.append((index, unit.whole_till_id, unit.reports[:1].day))
            else:
                own.append((index, unit.reports.id))
        return SQL(
            """
            SELECT part.unit, s.* FROM unnest(%s::int[], %s::int[]) AS part(unit, z)
              JOIN raso_cash_sale s ON s.z_report_id = part.z
            UNION ALL
            SELECT part.unit, s.*
              FROM unnest(%s::int[], %s::int[], %s::date[]) AS part(unit, till, day)
              JOIN raso_cash_sale s ON s.register_id = part.till AND s.day = part.day
               AND s.z_report_id IS NULL
            """,
            *_columns(own, 2),
            *_columns(whole, 3),
        )

    def _sum_units(self, units):
        """Return what was received of each unit."""
        query = SQL(
            "SELECT * FROM (%s) AS any_sale WHERE is_identity AND state = ANY(%s)",
            self._select_sales(dict(enumerate(units))),
            list(COUNTED),
        )
        groups = self._sum_groups(query)
        payments = self._sum_counters(query)
        counts = self._count_sales(query)
        return [
            Received(
                sold=groups[index, False],
                returned=groups[index, True],
                payments=payments[index],
                deposits=groups["deposits"].get(index, NOTHING),
                **counts.get(index, {}),
            )
            for index, _unit in enumerate(units)
        ]

    # These queries look up by index, sale by sale: where the planner has no
    # statistics yet it would read whole tables for a join.

    def _sum_groups(self, query):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.unit, sale.kind LIKE '%%return' AS is_return, part.grp,
                       sum(part.net)::text, sum(part.vat)::text,
                       sum(part.untaxed)::text
                  FROM (%s) AS sale
            CROSS JOIN LATERAL (
                    SELECT COALESCE(rate.fiscal_group, 0) AS grp,
                           sum(l.amount - l.vat) AS net, sum(l.vat) AS vat,
                           COALESCE(sum(l.amount) FILTER (
                               WHERE l.vat_rate_id IS NOT NULL
                                 AND l.tax_id IS NULL), 0) AS untaxed
                      FROM raso_cash_sale_line l
                 LEFT JOIN raso_vat_rate rate ON rate.id = l.vat_rate_id
                     WHERE l.cash_sale_id = sale.id
                  GROUP BY 1) part
                 WHERE sale.kind != ALL(%s)
              GROUP BY 1, 2, 3
                """,
                query,
                list(TARA_KINDS),
            )
        )
        sums = defaultdict(lambda: defaultdict(Money))
        sums["deposits"] = defaultdict(Decimal)
        for unit, is_return, group, net, vat, untaxed in rows:
            sign = -1 if is_return else 1
            money = Money(Decimal(net) * sign, Decimal(vat) * sign)
            # what the user's table gives no group of the till's is in none
            sums[unit, is_return][group if 1 <= group <= 5 else 0] += money
            sums["deposits"][unit] += Decimal(untaxed)
        return sums

    def _sum_counters(self, query):
        """A kind's own counter, else that of its code (interface page, part 5)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.unit, part.counter, sum(part.amount)::text
                  FROM (%s) AS sale
            CROSS JOIN LATERAL (
                    SELECT CASE WHEN kind.z_counter BETWEEN 1 AND 5
                                THEN kind.z_counter
                                WHEN COALESCE(kind.usage = 'cash', p.code = '0')
                                THEN 0
                                WHEN p.code ~ '^[1-5]$' THEN p.code::int
                                END AS counter,
                           sum(p.amount) AS amount
                      FROM raso_cash_sale_payment p
                 LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
                     WHERE p.cash_sale_id = sale.id
                       AND COALESCE(kind.usage != 'rounding',
                                    p.code NOT IN ('1001', '1002'), TRUE)
                  GROUP BY 1) part
                 WHERE sale.kind != ALL(%s)
              GROUP BY 1, 2
                """,
                query,
                list(TARA_KINDS),
            )
        )
        sums = defaultdict(dict)
        for unit, counter, amount in rows:
            sums[unit][counter] = Decimal(amount)
        return sums

    def _count_sales(self, query):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unit,
                       count(*) FILTER (WHERE kind NOT LIKE '%%tara%%'),
                       count(*) FILTER (WHERE kind LIKE '%%return'),
                       COALESCE(sum(amount_total) FILTER (WHERE kind = 'tara'),
                                0)::text,
                       bool_or(provider = 'rivile')
                  FROM (%s) AS sale GROUP BY 1
                """,
                query,
            )
        )
        return {
            unit: {
                "receipts": receipts,
                "returns": returns,
                "tara": Decimal(tara),
                "has_sheets": has_sheets,
            }
            for unit, receipts, returns, tara, has_sheets in rows
        }


def _tell_state(received, comparison):
    if not comparison.differences:
        return "agrees"
    return "differs" if received.receipts else "nothing"


def _columns(rows, count):
    """Return the columns of ``rows`` as lists, for ``unnest``."""
    return [[row[place] for row in rows] for place in range(count)]
