import json
import logging
from collections import defaultdict
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.till_day import Books, Counts, Documents, Facts, ZResult, judge
from .raso_z_report_compare import COUNTED

_logger = logging.getLogger(__name__)

# days of tills in one transaction
BATCH = 100
# sales that a day counts: not those of before the start, nor the other provider's
STATES = [state for state in COUNTED if state != "before_start"]
UNCHECKED = {"state": "open", "reasons": [["internal", {}]]}
COLUMNS = {
    "state": "text",
    **dict.fromkeys(("reasons", "notes"), "jsonb"),
    **dict.fromkeys(
        (
            *("receipt_count", "booked_count", "waiting_count", "held_count"),
            *("conflict_count", "cancelled_count", "missing_count", "revenue_count"),
            *("z_count", "document_count", "stock_difference_count"),
        ),
        "int",
    ),
    **dict.fromkeys(
        (
            *("amount_received", "amount_booked", "amount_z", "amount_ledger"),
            *("vat_received", "vat_booked", "vat_z", "vat_ledger", "amount_tara"),
        ),
        "numeric",
    ),
}


class RasoRegisterDay(models.Model):
    """The check of days: a fixed number of queries for any number of them."""

    _inherit = "raso.register.day"

    @api.model
    def _find_stale(self, companies):
        """Return a batch of the days that something changed on, locked."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM raso_register_day WHERE is_stale "
                "AND company_id = ANY(%s) ORDER BY day, id LIMIT %s "
                "FOR NO KEY UPDATE SKIP LOCKED",
                companies.ids,
                BATCH,
            )
        )
        return self.browse(row[0] for row in rows)

    def _count_stale(self, companies):
        """Return ``{company: how many days something changed on}``."""
        domain = [("is_stale", "=", True), ("company_id", "in", companies.ids)]
        return dict(self._read_group(domain, ["company_id"], ["__count"]))

    def _check_each(self):
        """Check the days; what can't be checked is said and holds up no other."""
        if not self._try_check():
            for day in self:
                if not day._try_check():
                    day.write({"is_stale": False, **UNCHECKED})

    def _try_check(self):
        """Check the days; return False if a fault of ours stopped it."""
        try:
            with self.env.cr.savepoint():
                self._check()
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Checking till days %s failed", self.ids)
            return False
        return True

    def _check(self):
        """Compare the days' Z reports anew, then all that speaks of the days."""
        self.env.flush_all()
        reports = self.env["raso.z.report"].browse(
            {report_id for _day, report_id in self._find_reports()}
        )
        reports = (reports | self._find_printed())._compare()
        self.env.flush_all()
        days = self | self._find_days_of(reports)
        facts = days._gather()
        empty = days.browse(id_ for id_, known in facts.items() if known.is_empty)
        days._store_facts({id_: facts[id_] for id_ in (days - empty).ids})
        empty.unlink()

    def _find_reports(self):
        """Return ``[(day id, Z report id), …]``.

        A day's reports are those of its receipts, and those without any receipts
        that were printed in it. Sheets of the whole shop have those of its tills.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH own AS (
                    SELECT day.id AS day_id, sold.z_report_id AS z_id
                      FROM raso_register_day day
                CROSS JOIN LATERAL (
                        SELECT DISTINCT s.z_report_id FROM raso_cash_sale s
                         WHERE s.register_id = day.register_id AND s.day = day.day
                           AND s.is_identity AND s.state = ANY(%(states)s)
                           AND s.z_report_id IS NOT NULL) sold
                     WHERE day.id = ANY(%(ids)s)
                ), lonely AS (
                    SELECT day.id AS day_id, z.id AS z_id
                      FROM raso_register_day day
                      JOIN raso_register till ON till.id = day.register_id
                      JOIN raso_z_report z
                        ON z.shop_id = day.shop_id AND z.day = day.day
                       AND (z.register_id = till.id OR COALESCE(till.number, '') = '')
                      JOIN raso_shop shop ON shop.id = z.shop_id
                 LEFT JOIN raso_exchange ex ON ex.id = z.exchange_id
                 LEFT JOIN raso_connection conn ON conn.id = ex.connection_id
                     WHERE day.id = ANY(%(ids)s)
                       AND z.day >= COALESCE(shop.book_from, conn.book_from, z.day)
                       AND NOT EXISTS (
                           SELECT 1 FROM raso_cash_sale s
                            WHERE s.z_report_id = z.id AND s.is_identity
                              AND s.state = ANY(%(counted)s))
                )
                SELECT * FROM own UNION SELECT * FROM lonely ORDER BY 1, 2
                """,
                ids=self.ids,
                counted=list(COUNTED),
                states=STATES,
            )
        )

    def _find_printed(self):
        """Return the Z reports printed in the days, of before the start as well."""
        pairs = {(day.register_id, day.day) for day in self}
        reports = self.env["raso.z.report"].search(
            [
                ("register_id", "in", self.register_id.ids),
                ("day", "in", self.mapped("day")),
            ]
        )
        return reports.filtered(
            lambda report: (report.register_id, report.day) in pairs
        )

    def _find_days_of(self, reports):
        """Return the days that these reports speak of: they were compared anew."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id FROM raso_register_day day
                  JOIN raso_z_report z
                    ON z.register_id = day.register_id AND z.day = day.day
                 WHERE z.id = ANY(%(ids)s)
                 UNION
                SELECT day.id FROM raso_register_day day
                  JOIN (SELECT DISTINCT s.register_id, s.day FROM raso_cash_sale s
                         WHERE s.z_report_id = ANY(%(ids)s)) AS sold
                    ON sold.register_id = day.register_id AND sold.day = day.day
                """,
                ids=reports.ids,
            )
        )
        return self.browse(row[0] for row in rows)

    def _gather(self):
        """Return ``{day id: Facts}``."""
        counts = self._count_sales()
        held = self._list_held()
        missing = self._find_missing()
        documents = self._count_documents()
        books = self._compare_books()
        reports = defaultdict(list)
        for day_id, report_id in self._find_reports():
            reports[day_id].append(self.env["raso.z.report"].browse(report_id))
        return {
            day.id: Facts(
                day=day.day,
                counts=counts.get(day.id, Counts()),
                documents=documents.get(day.id, Documents()),
                books=books.get(day.id, Books()),
                reports=[_read_report(report) for report in reports[day.id]],
                held=held[day.id],
                missing=missing[day.id],
                is_whole_shop=not day.register_id.number,
            )
            for day in self
        }

    def _store_facts(self, facts):
        rows = []
        for day_id, known in facts.items():
            verdict = judge(known)
            parts = (known.counts, known.documents, known)
            values = {
                name: next(getattr(part, name) for part in parts if hasattr(part, name))
                for name in COLUMNS
                if any(hasattr(part, name) for part in parts)
            }
            values |= {
                "id": day_id,
                "state": verdict.state,
                "reasons": [[item.code, item.values] for item in verdict.reasons],
                "notes": [[item.code, item.values] for item in verdict.notes],
                "z_count": len(known.reports),
                "amount_ledger": known.books.amount,
                "vat_ledger": known.books.vat,
                "stock_difference_count": known.books.stock_count,
            }
            rows.append(values)
        self._write_rows(rows)

    def _write_rows(self, rows):
        identifiers = [SQL.identifier(name) for name in COLUMNS]
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_register_day day
                   SET (%(columns)s) = (SELECT %(values)s), is_stale = FALSE,
                       checked_at = %(now)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS v(id int, %(types)s)
                 WHERE v.id = day.id
                """,
                columns=SQL(", ").join(identifiers),
                values=SQL(", ").join(
                    SQL("v.%s", identifier) for identifier in identifiers
                ),
                types=SQL(", ").join(
                    SQL("%s %s", identifier, SQL(COLUMNS[name]))
                    for identifier, name in zip(identifiers, COLUMNS, strict=True)
                ),
                now=fields.Datetime.now(),
                rows=json.dumps(rows, default=str),
            )
        )
        self.invalidate_model(flush=False)


def _read_report(report):
    return ZResult(
        number=report.number,
        day=report.day,
        state=report.state or "",
        gap=_exact(report.amount_difference),
        vat_gap=_exact(report.vat_difference),
        causes=report.causes or [],
    )


def _exact(money):
    """EUR of a stored field, which Odoo hands out as a float."""
    return Decimal(f"{money:.2f}")
