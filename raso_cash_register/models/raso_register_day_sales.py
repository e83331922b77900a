from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.till_day import Counts, Documents, Held
from .raso_register_day_check import STATES

# a reason names the first receipts it is about
MAX_NUMBERS = 5


class RasoRegisterDay(models.Model):
    """What the check reads of the days' receipts and documents."""

    _inherit = "raso.register.day"

    def _count_sales(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id, part.*
                  FROM raso_register_day day
            CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE is_ours),
                           count(*) FILTER (WHERE is_ours AND state = 'booked'),
                           count(*) FILTER (
                               WHERE is_ours AND state IN ('new', 'matched')),
                           count(*) FILTER (WHERE is_ours AND state = 'held'),
                           count(*) FILTER (WHERE state = 'conflict'),
                           count(*) FILTER (
                               WHERE state = 'cancelled' AND is_identity),
                           sum(amount_total) FILTER (WHERE is_sold)::text,
                           sum(amount_vat) FILTER (WHERE is_sold)::text,
                           sum(amount_total) FILTER (
                               WHERE is_sold AND state = 'booked')::text,
                           sum(amount_vat) FILTER (
                               WHERE is_sold AND state = 'booked')::text,
                           sum(amount_total) FILTER (WHERE is_ours AND is_tara)::text,
                           sum(amount_total) FILTER (
                               WHERE is_sold AND z_report_id IS NOT NULL)::text,
                           sum(amount_vat) FILTER (
                               WHERE is_sold AND z_report_id IS NOT NULL)::text,
                           count(*) FILTER (WHERE is_sold AND z_report_id IS NULL)
                      FROM raso_cash_sale s
                CROSS JOIN LATERAL (
                        SELECT s.is_identity AND s.state = ANY(%(states)s)
                               AND s.kind != 'tara_cash' AS is_ours,
                               s.kind LIKE 'tara%%' AS is_tara) a
                CROSS JOIN LATERAL (SELECT is_ours AND NOT is_tara AS is_sold) b
                     WHERE s.register_id = day.register_id AND s.day = day.day) part
                 WHERE day.id = ANY(%(ids)s)
                """,
                ids=self.ids,
                states=STATES,
            )
        )
        return {
            day_id: Counts(
                *counts[:6],
                *(Decimal(text or 0) for text in counts[6:-1]),
                counts[-1],
            )
            for day_id, *counts in rows
        }

    def _list_held(self):
        """Return, by day, the receipts that wait for a person, by cause."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id, COALESCE(s.hold_cause, 'conflict'), count(*),
                       (array_agg(s.number ORDER BY s.sold_at, s.id))[:%(most)s]
                  FROM raso_register_day day
                  JOIN raso_cash_sale s
                    ON s.register_id = day.register_id AND s.day = day.day
                 WHERE day.id = ANY(%(ids)s) AND s.kind != 'tara_cash'
                   AND (s.state = 'conflict' OR s.state = 'held' AND s.is_identity)
              GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
                """,
                ids=self.ids,
                most=MAX_NUMBERS,
            )
        )
        held = defaultdict(list)
        for day_id, cause, count, numbers in rows:
            more = " …" if count > len(numbers) else ""
            held[day_id].append(Held(cause, count, ", ".join(numbers) + more))
        return held

    def _find_missing(self):
        """Return, by day, ranges of receipt numbers that should be there.

        They count on from the last of the till's day before, unless they started
        again, as a replaced device does.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH known AS (
                    SELECT DISTINCT day.id, day.register_id, day.day,
                           s.number::bigint AS number
                      FROM raso_register_day day
                CROSS JOIN LATERAL (
                        SELECT s.number FROM raso_cash_sale s
                         WHERE s.register_id = day.register_id AND s.day = day.day
                           AND s.series = 'receipt' AND s.provider = 'kvitas'
                           AND s.number ~ %(digits)s) s
                     WHERE day.id = ANY(%(ids)s)
                ), first AS (
                    SELECT id, register_id, day, min(number) AS number
                      FROM known GROUP BY 1, 2, 3
                ), last AS (
                    SELECT first.id, first.number, earlier.number AS last
                      FROM first
                CROSS JOIN LATERAL (
                        SELECT max(CASE WHEN s.number ~ %(digits)s
                                        THEN s.number::bigint END) AS number
                          FROM raso_cash_sale s
                         WHERE s.register_id = first.register_id
                           AND s.series = 'receipt' AND s.provider = 'kvitas'
                           AND s.day = (SELECT max(o.day) FROM raso_cash_sale o
                                         WHERE o.register_id = first.register_id
                                           AND o.day < first.day)) earlier
                )
                SELECT id, number + 1, next - 1 FROM (
                    SELECT id, number,
                           lead(number) OVER (PARTITION BY id ORDER BY number) AS next
                      FROM (SELECT id, number FROM known
                             UNION SELECT id, last FROM last WHERE last < number
                           ) AS number) AS pair
                 WHERE next - number > 1 ORDER BY 1, 2
                """,
                ids=self.ids,
                digits="^[0-9]{1,15}$",
            )
        )
        missing = defaultdict(list)
        for day_id, first, last in rows:
            missing[day_id].append((first, last))
        return missing

    def _select_tied(self):
        """Return the query of the documents that book the days' receipts.

        With them those that wrote off some of their items later.
        """
        return SQL(
            """
            SELECT sold.day_id, tied.id AS document_id
              FROM (SELECT DISTINCT day.id AS day_id, s.trade_document_id
                      FROM raso_register_day day
                      JOIN raso_cash_sale s
                        ON s.register_id = day.register_id AND s.day = day.day
                       AND s.trade_document_id IS NOT NULL
                     WHERE day.id = ANY(%s)) AS sold
        CROSS JOIN LATERAL (
                SELECT sold.trade_document_id AS id
                 UNION ALL
                SELECT late.id FROM raso_trade_document late
                 WHERE late.origin_id = sold.trade_document_id) tied
            """,
            self.ids,
        )

    def _count_documents(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tied.day_id, count(*),
                       count(*) FILTER (WHERE document.state = 'prepared'),
                       count(*) FILTER (WHERE document.revenue_state != 'done'),
                       COALESCE(sum(white.count), 0)::int
                  FROM (%s) AS tied
                  JOIN raso_trade_document document ON document.id = tied.document_id
                   AND document.state IN ('booked', 'prepared')
                  JOIN raso_transaction_type type
                    ON type.id = document.transaction_type_id
            CROSS JOIN LATERAL (
                    SELECT count(*) AS count
                      FROM raso_cash_sale s
                CROSS JOIN LATERAL (
                        SELECT 1 FROM raso_cash_sale_line l
                         WHERE l.cash_sale_id = s.id
                           AND l.state IN ('white', 'ready')) l
                     WHERE s.trade_document_id = document.id AND type.is_stock
                       AND document.state = 'booked') white
              GROUP BY 1
                """,
                self._select_tied(),
            )
        )
        return {day_id: Documents(*counts) for day_id, *counts in rows}

    def _find_documents(self):
        """Return the documents of a day, with those that failed or were unbooked."""
        rows = self.env.execute_query(self._select_tied())
        documents = self.env["raso.trade.document"]
        return documents.browse(row[1] for row in rows) | documents.search(
            [("register_id", "=", self.register_id.id), ("day", "=", self.day)]
        )
