from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..tools.till_day import Finding

# a difference names the first products it is about
MAX_PRODUCTS = 5


class RasoRegisterDay(models.Model):
    """Transfers against the receipts they write off."""

    _inherit = "raso.register.day"

    def _compare_stock(self, documents):
        """Yield day id, number of products and finding where transfers miss sales."""
        differing = defaultdict(list)
        for day_id, product_id, sold, moved in self._sum_stock(documents):
            differing[day_id].append((product_id, sold, moved))
        products = self.env["product.product"]
        for day_id, rows in differing.items():
            shown = rows[:MAX_PRODUCTS]
            yield (
                day_id,
                len(rows),
                Finding(
                    "stock",
                    {
                        "count": len(rows),
                        "products": [
                            [products.browse(product_id).display_name, sold, moved]
                            for product_id, sold, moved in shown
                        ],
                    },
                ),
            )

    def _sum_stock(self, documents):
        """Return day, product, quantity sold and quantity moved where they differ."""
        is_kit, is_part = self._select_kits()
        return self.env.execute_query(
            SQL(
                """
                WITH document AS (
                    SELECT * FROM (%(documents)s) AS booked WHERE is_stock)
                SELECT day_id, product_id, trim_scale(sold)::text,
                       trim_scale(moved)::text
                  FROM (
                SELECT day_id, company_id, product_id, sum(sold) AS sold,
                       sum(moved) AS moved
                  FROM (
                    SELECT document.day_id, document.company_id, part.product_id,
                           part.quantity AS sold, 0 AS moved
                      FROM document
                      JOIN raso_cash_sale s ON s.trade_document_id = document.id
                CROSS JOIN LATERAL (
                        SELECT l.product_id, sum(l.product_quantity) AS quantity
                          FROM raso_cash_sale_line l
                         WHERE l.cash_sale_id = s.id AND l.state = 'grey'
                      GROUP BY 1) part
                     UNION ALL
                    SELECT document.day_id, document.company_id, move.product_id, 0,
                           CASE WHEN target.usage = 'customer' THEN move.quantity
                                ELSE -move.quantity END
                      FROM document
                      JOIN stock_picking picking
                        ON picking.raso_trade_document_id = document.id
                      JOIN stock_move move ON move.picking_id = picking.id
                       AND move.state = 'done' AND NOT %(is_part)s
                      JOIN stock_location target ON target.id = move.location_dest_id
                  ) AS quantity
              GROUP BY 1, 2, 3 HAVING sum(sold) != sum(moved)
                  ) AS pair
                  JOIN product_product product ON product.id = pair.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE template.type = 'consu' AND NOT %(is_kit)s
              ORDER BY 1, 2
                """,
                documents=documents,
                is_kit=is_kit,
                is_part=is_part,
            )
        )

    def _select_kits(self):
        """Return the conditions of a product that is a kit and of its parts' moves.

        A kit moves as its parts, which no receipt names: both are left out.
        """
        if "mrp.bom" not in self.env:
            return SQL("FALSE"), SQL("FALSE")
        is_kit = SQL(
            """
            EXISTS (SELECT 1 FROM mrp_bom bom
                     WHERE bom.type = 'phantom' AND bom.active
                       AND bom.product_tmpl_id = template.id
                       AND COALESCE(bom.product_id, product.id) = product.id
                       AND COALESCE(bom.company_id, pair.company_id)
                           = pair.company_id)
            """
        )
        return is_kit, SQL("move.bom_line_id IS NOT NULL")
