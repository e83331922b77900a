from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.causes import Change, Clues
from ..tools.compare import NOTHING, Money
from .raso_z_report_compare import COUNTED

# receipts looked at on each side of the moment that a report was printed
EDGE = 50
# the likeliest first
CODES = ("cancelled", "conflict", "held", "repeated")
EDGE_CODES = {
    ("end", "after"): ("next", 1),
    ("end", "before"): ("to_next", -1),
    ("start", "before"): ("previous", 1),
    ("start", "after"): ("to_previous", -1),
}
# a report and, of the same till and of the same device, the one before it
REPORTS = SQL(
    """
    SELECT part.unit, z.id, z.register_id, z.printed_at, z.day, z.number,
           z.last_receipt, earlier.printed_at AS start_at, same.day AS same_day,
           same.number AS same_number, same.last_receipt AS same_receipt
      FROM part
      JOIN raso_z_report z ON z.id = part.z
 LEFT JOIN LATERAL (
        SELECT other.printed_at FROM raso_z_report other
         WHERE other.register_id = z.register_id AND other.printed_at < z.printed_at
      ORDER BY other.printed_at DESC LIMIT 1) earlier ON TRUE
 LEFT JOIN LATERAL (
        SELECT other.day, other.number, other.last_receipt FROM raso_z_report other
         WHERE other.register_id = z.register_id AND other.printed_at < z.printed_at
           AND other.fiscal_no = z.fiscal_no
      ORDER BY other.printed_at DESC LIMIT 1) same ON TRUE
    """
)


class RasoZReport(models.Model):
    """What could explain why a report differs (`tools.causes`)."""

    _inherit = "raso.z.report"

    def _find_clues(self, units):
        """Return ``{index: Clues}`` of ``{index: (Unit, Received)}`` that differ."""
        if not units:
            return {}
        query = self._select_sales({index: pair[0] for index, pair in units.items()})
        changes = self._find_changes(query)
        others = self._count_clues(query)
        single = [
            (index, unit.reports.id)
            for index, (unit, _received) in units.items()
            if not unit.whole_till_id
        ]
        edges = self._find_edges(single)
        numbers = self._find_missing(single)
        clues = {}
        for index, (_unit, received) in units.items():
            unpaid, unreadable, other_count = others.get(index, (NOTHING, 0, 0))
            missing, skipped = numbers.get(index, ((), ()))
            clues[index] = Clues(
                changes=changes[index] + edges[index],
                missing=missing,
                skipped=skipped,
                unreadable=unreadable,
                others=other_count,
                unrated=(
                    received.sold.get(0, Money()) - received.returned.get(0, Money())
                ).gross,
                uncounted=received.payments.get(None, NOTHING),
                unpaid=unpaid,
            )
        return clues

    def _find_changes(self, query):
        """Return, by index, the receipts of doubt and what they come to."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unit, code, number, amount::text, paid::text FROM (
                    SELECT sale.unit, code.code, sale.number,
                           CASE WHEN code.code = 'cancelled' THEN sale.amount_total
                                WHEN code.code = 'conflict'
                                THEN sale.amount_total - first.amount_total
                                ELSE -sale.amount_total END AS amount,
                           CASE WHEN code.code = 'cancelled'
                                THEN COALESCE(sale.amount_paid, 0)
                                WHEN code.code = 'conflict'
                                THEN COALESCE(sale.amount_paid, 0)
                                     - COALESCE(first.amount_paid, 0)
                                ELSE -COALESCE(sale.amount_paid, 0) END AS paid,
                           row_number() OVER (PARTITION BY sale.unit, code.code
                                              ORDER BY sale.id) AS place
                      FROM (%s) AS sale
                 LEFT JOIN raso_cash_sale first ON first.id = sale.disputed_id
                CROSS JOIN LATERAL (
                        SELECT CASE
                            WHEN sale.state = 'cancelled' AND sale.is_identity
                                THEN 'cancelled'
                            WHEN sale.state = 'conflict' AND first.id IS NOT NULL
                                THEN 'conflict'
                            WHEN sale.state = 'held' THEN 'held'
                            WHEN sale.occurrence > 0 AND sale.is_identity
                                THEN 'repeated' END AS code) code
                     WHERE code.code IS NOT NULL) AS doubt
                 WHERE place <= %s ORDER BY unit, place
                """,
                query,
                EDGE,
            )
        )
        found = defaultdict(list)
        for unit, code, *change in rows:
            number, amount, paid = change
            found[unit, code].append(
                Change(code, number, Decimal(amount), Decimal(paid))
            )
        changes = defaultdict(list)
        for unit, code in sorted(found, key=lambda key: CODES.index(key[1])):
            changes[unit] += found[unit, code]
            if len(found[unit, code]) > 1:
                changes[unit].append(_join(found[unit, code]))
        return changes

    def _count_clues(self, query):
        rows = self.env.execute_query(
            SQL(
                """
                WITH sale AS (%(query)s)
                SELECT unit,
                       COALESCE(sum(amount_total) FILTER (
                           WHERE kind IN ('sf', 'sf_return') AND is_identity
                             AND state = ANY(%(counted)s)
                             AND NOT EXISTS (SELECT 1 FROM raso_cash_sale_payment p
                                              WHERE p.cash_sale_id = sale.id)), 0
                       )::text,
                       (SELECT count(*) FROM raso_exchange_issue issue
                         WHERE issue.is_solved IS NOT TRUE
                           AND issue.exchange_id IN (
                               SELECT own.exchange_id FROM sale own
                                WHERE own.unit = sale.unit)),
                       count(*) FILTER (WHERE state = 'not_booked')
                  FROM sale GROUP BY unit
                """,
                query=query,
                counted=list(COUNTED),
            )
        )
        return {
            unit: (Decimal(unpaid), unreadable, others)
            for unit, unpaid, unreadable, others in rows
        }

    def _find_edges(self, parts):
        """Return, by index, what the first receipts on either side of a print are.

        Clocks differ and shops are open past midnight: the receipts between two
        reports may be counted in the other one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH part AS (SELECT * FROM unnest(%(units)s::int[], %(zs)s::int[])
                                              AS part(unit, z)),
                     report AS (%(reports)s)
                SELECT report.unit, cut.edge, near.side,
                       CASE WHEN cut.edge = 'end' THEN report.last_receipt
                            ELSE report.same_receipt END,
                       near.number, near.amount_total::text,
                       COALESCE(near.amount_paid, 0)::text
                  FROM report
            CROSS JOIN LATERAL (VALUES ('end', report.printed_at),
                                       ('start', report.start_at)) AS cut(edge, at)
            CROSS JOIN LATERAL (
                    (SELECT 'after' AS side, s.* FROM raso_cash_sale s
                      WHERE s.register_id = report.register_id
                        AND s.day BETWEEN cut.at::date AND cut.at::date + 1
                        AND s.sold_at > cut.at AND s.is_identity
                        AND s.state = ANY(%(counted)s)
                   ORDER BY s.sold_at, s.id LIMIT %(edge)s)
                    UNION ALL
                    (SELECT 'before', s.* FROM raso_cash_sale s
                      WHERE s.register_id = report.register_id
                        AND s.day BETWEEN cut.at::date - 1 AND cut.at::date + 1
                        AND s.sold_at <= cut.at AND s.is_identity
                        AND s.state = ANY(%(counted)s)
                   ORDER BY s.sold_at DESC, s.id DESC LIMIT %(edge)s)) near
                """,
                units=[unit for unit, _z in parts],
                zs=[z for _unit, z in parts],
                reports=REPORTS,
                counted=list(COUNTED),
                edge=EDGE,
            )
        )
        runs = defaultdict(list)
        for unit, edge, side, last, number, amount, paid in rows:
            code, sign = EDGE_CODES[edge, side]
            change = Change(code, number, Decimal(amount) * sign, Decimal(paid) * sign)
            runs[unit, code].append((_tell_side(number, last) == side, change))
        edges = defaultdict(list)
        for (unit, _code), run in runs.items():
            for end in range(1, len(run) + 1):
                is_odd = any(is_odd for is_odd, _change in run[:end])
                joined = _join([change for _is_odd, change in run[:end]])
                edges[unit].append((is_odd, joined))
        # likelier those whose number says the contrary of their time
        return defaultdict(
            list,
            {
                unit: [change for _odd, change in sorted(found, key=lambda it: it[0])]
                for unit, found in edges.items()
            },
        )

    def _find_missing(self, parts):
        """Return, by index, ranges of receipt numbers and of Z numbers not here."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH part AS (SELECT * FROM unnest(%(units)s::int[], %(zs)s::int[])
                                              AS part(unit, z)),
                     report AS (
                    SELECT *,
                           CASE WHEN last_receipt ~ %(digits)s
                                THEN last_receipt::bigint END AS last,
                           CASE WHEN same_receipt ~ %(digits)s
                                THEN same_receipt::bigint END AS first,
                           CASE WHEN number ~ %(digits)s
                                THEN number::bigint END AS z_last,
                           CASE WHEN same_number ~ %(digits)s
                                THEN same_number::bigint END AS z_first
                      FROM (%(reports)s) AS report),
                     numbered AS (
                    -- sheets bear no receipt numbers: none of them can be missing
                    SELECT report.* FROM report
                      JOIN raso_register till ON till.id = report.register_id
                      JOIN raso_shop shop ON shop.id = till.shop_id
                     WHERE first < last
                       AND (shop.provider = 'kvitas')
                           = (shop.provider_from IS NULL
                              OR report.day >= shop.provider_from))
                SELECT unit, 'z', z_first + 1, z_last - 1 FROM report
                 WHERE z_last - z_first > 1
                UNION ALL
                SELECT unit, 'receipt', number + 1, next - 1 FROM (
                    SELECT unit, number,
                           lead(number) OVER (PARTITION BY unit ORDER BY number) AS next
                      FROM (SELECT unit, first AS number FROM numbered
                             UNION SELECT unit, last + 1 FROM numbered
                             UNION
                            SELECT report.unit, s.number::bigint
                              FROM numbered report
                              JOIN raso_cash_sale s
                                ON s.register_id = report.register_id
                               AND s.day BETWEEN report.same_day AND report.day + 1
                               AND s.series = 'receipt'
                             WHERE CASE WHEN s.number ~ %(digits)s
                                        THEN s.number::bigint > report.first
                                         AND s.number::bigint <= report.last END
                           ) AS known) AS pair
                 WHERE next - number > 1
                 ORDER BY 1, 2, 3
                """,
                units=[unit for unit, _z in parts],
                zs=[z for _unit, z in parts],
                reports=REPORTS,
                digits="^[0-9]{1,15}$",
            )
        )
        found = defaultdict(lambda: ([], []))
        for unit, what, first, last in rows:
            found[unit][what == "z"].append((first, last))
        return found


def _tell_side(number, last):
    """Tell by its number on which side of a report's last receipt another one is."""
    if not (number or "").isdecimal() or not (last or "").isdecimal():
        return None
    return "after" if int(number) > int(last) else "before"


def _join(changes):
    """Return several receipts as one change."""
    names = [change.name for change in changes]
    name = ", ".join(names) if len(names) < 4 else f"{names[0]} … {names[-1]}"
    return Change(
        changes[0].code,
        name,
        sum((change.amount for change in changes), NOTHING),
        sum((change.paid for change in changes), NOTHING),
    )
