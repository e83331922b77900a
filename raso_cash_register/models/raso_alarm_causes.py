import json
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..tools.days import shop_day
from ..tools.trouble import Trouble
from .raso_register_day import CONTRADICTIONS

# causes of held receipts that are mended in the set-up of the shop, and of the company
SHOP_CAUSES = ("shop", "till")
SETUP_CAUSES = ("vat", "payment_kind", "type", "quantity")
# an item may wait so long for a product before somebody is told
PATIENCE = timedelta(days=1)
# so many items or codes are named in a text
NAMED = 5


class RasoAlarm(models.Model):
    """What is wrong, found in sets: one query a kind, by index."""

    _inherit = "raso.alarm"

    def _gather_shop(self):
        """Shops and tills without what booking needs, once receipts are held for it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shop.company_id, shop.id, sale.hold_cause, count(*),
                       min(sale.day)::text,
                       array_agg(DISTINCT till.name ORDER BY till.name)
                  FROM raso_cash_sale sale
                  JOIN raso_shop shop ON shop.id = sale.shop_id AND shop.active
                  JOIN raso_register till ON till.id = sale.register_id
                 WHERE sale.state = 'held' AND sale.hold_cause = ANY(%s)
              GROUP BY 1, 2, 3 ORDER BY 2, 3
                """,
                list(SHOP_CAUSES),
            )
        )
        shops = defaultdict(list)
        for company_id, shop_id, *cause in rows:
            shops[company_id, shop_id].append(cause)
        for (company_id, shop_id), causes in shops.items():
            keys = []
            for cause, _count, _since, tills in causes:
                keys += [cause] if cause == "shop" else tills
            yield Trouble(
                "shop", shop_id, company_id, shop_id, keys, {"causes": causes}
            )

    def _gather_white(self):
        """Items that are written off by nobody, as they have no product."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shop.company_id, shop.id, white.code, min(white.name), count(*),
                       array_agg(DISTINCT white.day::text)
                  FROM (
                    SELECT line.*
                      FROM raso_cash_sale sale
                      JOIN raso_cash_sale_line line
                        ON line.cash_sale_id = sale.id AND line.state = 'white'
                     WHERE sale.state = 'held'
                     UNION ALL
                    SELECT line.*
                      FROM raso_cash_sale_line line
                      JOIN raso_cash_sale sale ON sale.id = line.cash_sale_id
                     WHERE line.is_late AND line.state = 'white'
                       AND sale.state = 'booked'
                  ) AS white
                  JOIN raso_shop shop ON shop.id = white.shop_id AND shop.active
                 WHERE white.write_date < %s
              GROUP BY shop.company_id, shop.id, white.code, white.vcode
              ORDER BY shop.id, count(*) DESC, white.code
                """,
                fields.Datetime.now() - PATIENCE,
            )
        )
        shops = defaultdict(list)
        for company_id, shop_id, *item in rows:
            shops[company_id, shop_id].append(item)
        for (company_id, shop_id), items in shops.items():
            days = sorted({day for *_item, days in items for day in days})
            values = {
                "count": sum(count for _code, _name, count, _days in items),
                "since": days[0],
                "code_count": len(items),
                "items": [
                    [name or "", code or "", count]
                    for code, name, count, _days in items[:NAMED]
                ],
            }
            yield Trouble("white", shop_id, company_id, shop_id, days, values)

    def _gather_open(self):
        """Days that are over for a day and more and still wait for something.

        But for what is told elsewhere: set-up, items without a product. That a Z
        report didn't come is none where Z reports never come.
        """
        today = shop_day(fields.Datetime.now())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shop.company_id, shop.id, count(*), min(day.day)::text,
                       array_agg(day.register_id || ' ' || day.day
                                 ORDER BY day.register_id, day.day)
                  FROM raso_register_day day
                  JOIN raso_shop shop ON shop.id = day.shop_id AND shop.active
             LEFT JOIN (SELECT DISTINCT shop_id FROM raso_z_report) AS known
                    ON known.shop_id = shop.id
                 WHERE day.state = 'open' AND EXISTS (
                    SELECT 1
                      FROM jsonb_array_elements(day.reasons) AS reason
                CROSS JOIN LATERAL (
                        SELECT reason->>0 AS code, reason->1->>'cause' AS cause) part
                     WHERE part.cause = 'future'
                        OR day.day < %(today)s - 1 AND part.code != 'white'
                       AND (part.cause IS NULL OR part.cause != ALL(%(elsewhere)s))
                       AND (part.code != 'unreported' OR known.shop_id IS NOT NULL))
              GROUP BY 1, 2 ORDER BY 2
                """,
                today=today,
                elsewhere=["white", *SHOP_CAUSES, *SETUP_CAUSES],
            )
        )
        for company_id, shop_id, count, since, keys in rows:
            values = {"count": count, "since": since}
            yield Trouble("open", shop_id, company_id, shop_id, keys, values)

    def _gather_differs(self):
        """Days that are over and contradict themselves; their conflicts as well."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id, day.company_id, day.shop_id, day.reasons
                  FROM raso_register_day day
                  JOIN raso_shop shop ON shop.id = day.shop_id AND shop.active
                 WHERE day.state = 'differs'
                   AND day.day < %s
              ORDER BY day.day, day.id
                """,
                shop_day(fields.Datetime.now()),
            )
        )
        for day_id, company_id, shop_id, reasons in rows:
            keys = [
                json.dumps(reason, sort_keys=True)
                for reason in reasons
                if reason[0] in CONTRADICTIONS
            ]
            values = {"reasons": reasons}
            yield Trouble("differs", day_id, company_id, shop_id, keys, values)

    def _gather_setup(self):
        """What the company's set-up lacks, told once: on its first connection."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.company_id, first.id, sale.hold_cause, lack.name,
                       count(DISTINCT sale.id), min(sale.day)::text
                  FROM raso_cash_sale sale
            CROSS JOIN LATERAL (
                    SELECT conn.id FROM raso_connection conn
                     WHERE conn.company_id = sale.company_id
                  ORDER BY conn.active DESC, conn.id LIMIT 1) AS first
             LEFT JOIN LATERAL (
                    SELECT sale.kind AS name WHERE sale.hold_cause = 'type'
                     UNION
                    SELECT COALESCE(pay.code, '') FROM raso_cash_sale_payment pay
                     WHERE sale.hold_cause = 'payment_kind'
                       AND pay.cash_sale_id = sale.id AND pay.kind_id IS NULL
                     UNION
                    SELECT COALESCE(line.vat_rate_id::text, '')
                      FROM raso_cash_sale_line line
                     WHERE sale.hold_cause = 'vat' AND line.cash_sale_id = sale.id
                       AND (line.vat_rate_id IS NULL OR line.vat_percent != 0
                                                    AND line.tax_id IS NULL)
                  ) AS lack ON TRUE
                 WHERE sale.state = 'held' AND sale.hold_cause = ANY(%s)
              GROUP BY 1, 2, 3, 4 ORDER BY 2, 3, 4
                """,
                list(SETUP_CAUSES),
            )
        )
        connections = defaultdict(list)
        for company_id, connection_id, *lack in rows:
            connections[company_id, connection_id].append(lack)
        for (company_id, connection_id), lacks in connections.items():
            keys = [f"{cause} {name or ''}" for cause, name, *_count in lacks]
            values = {"lacks": lacks}
            yield Trouble("setup", connection_id, company_id, None, keys, values)

    def _gather_unread(self):
        """Documents that came and could not be read, or only in parts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ex.company_id, ex.connection_id, count(*),
                       min(ex.create_date)::date::text,
                       array_agg(ex.id::text ORDER BY ex.id)
                  FROM raso_exchange ex
                  JOIN raso_connection conn
                    ON conn.id = ex.connection_id AND conn.active
                 WHERE ex.state IN ('error', 'partial')
                   AND (ex.state = 'error' OR EXISTS (
                       SELECT 1 FROM raso_exchange_issue issue
                        WHERE issue.exchange_id = ex.id
                          AND issue.is_solved IS NOT TRUE))
              GROUP BY 1, 2 ORDER BY 2
                """
            )
        )
        for company_id, connection_id, count, since, keys in rows:
            values = {"count": count, "since": since}
            yield Trouble("unread", connection_id, company_id, None, keys, values)
