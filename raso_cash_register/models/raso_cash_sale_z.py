from odoo import fields, models
from odoo.tools import SQL

from ..tools.days import VILNIUS

# numbers of Z reports and receipts start again with a replaced device, so a report
# printed further from a sale's day than this is another one of the same number
REACH = 7


class RasoCashSale(models.Model):
    """Which Z report a sale belongs to (interface page, part 5)."""

    _inherit = "raso.cash.sale"

    _register_day_idx = models.Index("(register_id, day, sold_at)")

    def _link_z_reports(self):
        """Tie the sales to their Z reports, or to none; write only what changes.

        A sheet goes by its Z number. A receipt goes to the first report of its till
        printed at or after its sale; without a time of sale, to the first one printed
        on its day or later whose last receipt isn't before it, or, where numbers don't
        tell, to the first one of the shop's day.

        :return: pairs of till id and day whose Z reports have other sales now
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE raso_cash_sale sale SET z_report_id = found.z_id
                  FROM (
                    SELECT s.id, s.z_report_id AS old_id,
                           COALESCE(sheet.id, timed.id, untimed.id) AS z_id
                      FROM raso_cash_sale s
                 LEFT JOIN LATERAL (
                        SELECT z.id FROM raso_z_report z
                         WHERE COALESCE(s.z_no, '') != ''
                           AND z.register_id = s.register_id AND z.number = s.z_no
                           AND abs(z.day - s.day) <= %(reach)s
                      ORDER BY abs(z.day - s.day), z.printed_at, z.id
                         LIMIT 1) sheet ON TRUE
                 LEFT JOIN LATERAL (
                        SELECT z.id FROM raso_z_report z
                         WHERE COALESCE(s.z_no, '') = '' AND s.has_time
                           AND z.register_id = s.register_id
                           AND z.printed_at >= s.sold_at
                      ORDER BY z.printed_at, z.id
                         LIMIT 1) timed ON TRUE
                 LEFT JOIN LATERAL (
                        SELECT z.id FROM raso_z_report z
                         WHERE COALESCE(s.z_no, '') = ''
                           AND s.has_time IS NOT TRUE
                           AND z.register_id = s.register_id
                           AND z.printed_at >= (s.day::timestamp
                               AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC'
                           AND z.day <= s.day + %(reach)s
                           AND CASE WHEN z.last_receipt ~ '^[0-9]{1,15}$'
                                     AND s.number ~ '^[0-9]{1,15}$'
                                    THEN z.last_receipt::bigint >= s.number::bigint
                                    ELSE z.day >= s.day END
                      ORDER BY z.printed_at, z.id
                         LIMIT 1) untimed ON TRUE
                     WHERE s.id = ANY(%(ids)s)
                  ) found
                 WHERE found.id = sale.id
                   AND sale.z_report_id IS DISTINCT FROM found.z_id
             RETURNING sale.register_id, sale.day, found.old_id
                """,
                ids=self.ids,
                reach=REACH,
                zone=VILNIUS,
            )
        )
        self.invalidate_recordset(["z_report_id"], flush=False)
        left = self.env["raso.z.report"].browse({old for *_pair, old in rows if old})
        return {(till, day) for till, day, _old in rows} | {
            (z.register_id.id, z.day) for z in left
        }


class RasoZReport(models.Model):
    _inherit = "raso.z.report"

    sale_ids = fields.One2many("raso.cash.sale", "z_report_id", string="Cash Sales")

    _number_idx = models.Index("(register_id, number)")

    def _link_sales(self):
        """Tie the sales around these reports anew, whatever became of them meanwhile.

        :return: pairs of till id and day whose Z reports have other sales now
        """
        self.flush_model()
        sales = self.env["raso.cash.sale"]
        sales.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.id
                  FROM raso_z_report z
             LEFT JOIN LATERAL (
                    SELECT other.printed_at, other.day FROM raso_z_report other
                     WHERE other.register_id = z.register_id
                       AND other.printed_at < z.printed_at
                       AND other.id != ALL(%(ids)s)
                  ORDER BY other.printed_at DESC LIMIT 1) before ON TRUE
                  JOIN raso_cash_sale s ON s.register_id = z.register_id
                 WHERE z.id = ANY(%(ids)s)
                   AND s.day >= LEAST(COALESCE(before.day, '-infinity'),
                                      z.day - %(reach)s)
                   AND s.day <= z.day + %(reach)s
                   AND CASE WHEN s.has_time AND COALESCE(s.z_no, '') = ''
                            THEN s.sold_at <= z.printed_at
                             AND (before.printed_at IS NULL
                                  OR s.sold_at > before.printed_at)
                            ELSE s.day >= z.day - %(reach)s END
                """,
                ids=self.ids,
                reach=REACH,
            )
        )
        return sales.browse(row[0] for row in rows)._link_z_reports()
