from odoo import fields, models
from odoo.tools import SQL


class RasoCashSaleLine(models.Model):
    _inherit = "raso.cash.sale.line"

    cost = fields.Monetary(
        readonly=True,
        help="What its goods were worth when they were written off. Empty: not "
        "written off, or without a cost.",
    )

    def _set_written_off(self, document):
        result = super()._set_written_off(document)
        if document:
            document._keep_costs()
        return result


class RasoTradeDocument(models.Model):
    """Which part of its transfers' worth each item bears: margins are told by it."""

    _inherit = "raso.trade.document"

    def _mark_lines(self):
        result = super()._mark_lines()
        self._keep_costs()
        return result

    def _keep_costs(self):
        """Write on the items what the moves of their goods are worth, by quantity.

        Goods that came back cost what those moves say; an item taken back within its
        receipt never moved, and costs what the goods it goes with do. A worth of zero
        is no cost: the product has none yet.
        """
        for document in self:
            prices = document._find_unit_costs()
            is_sheet = document.kind in ("sheet", "sheet_return")
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE raso_cash_sale_line l
                       SET cost = round(l.product_quantity * CASE WHEN item.net < 0
                           THEN COALESCE(price.back, price.sold)
                           ELSE COALESCE(price.sold, price.back) END, 6)
                      FROM (
                        SELECT l.id, l.product_id, sum(l.product_quantity) OVER (
                               PARTITION BY l.cash_sale_id, l.product_id%(sign)s) AS net
                          FROM raso_cash_sale_line l
                          JOIN raso_cash_sale sale ON sale.id = l.cash_sale_id
                         WHERE %(owner)s = %(document)s AND l.state = 'grey'
                      ) AS item
                 LEFT JOIN unnest(%(products)s::int[], %(sold)s::numeric[],
                                  %(back)s::numeric[])
                           AS price(product_id, sold, back)
                        ON price.product_id = item.product_id
                     WHERE item.id = l.id
                    """,
                    document=document.id,
                    owner=SQL("l.write_off_id")
                    if document.is_write_off
                    else SQL("l.write_off_id IS NULL AND sale.trade_document_id"),
                    sign=SQL(", l.product_quantity > 0") if is_sheet else SQL(),
                    products=[product for product, _sold, _back in prices],
                    sold=[sold for _product, sold, _back in prices],
                    back=[back for _product, _sold, back in prices],
                )
            )
        self.env["raso.cash.sale.line"].invalidate_model(["cost"])

    def _find_unit_costs(self):
        """Return ``[(product id, cost of one sold, cost of one taken back), …]``."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT product_id,
                       (sum(value) FILTER (WHERE is_out)
                        / sum(quantity) FILTER (WHERE is_out))::text,
                       (sum(value) FILTER (WHERE is_in)
                        / sum(quantity) FILTER (WHERE is_in))::text
                  FROM (
                    SELECT move.product_id, move.value, move.quantity,
                           move.is_out, move.is_in
                      FROM stock_picking picking
                      JOIN stock_move move ON move.picking_id = picking.id
                     WHERE picking.raso_trade_document_id = %s
                       AND move.state = 'done' AND move.quantity > 0
                       AND move.value > 0) AS move
              GROUP BY product_id
                """,
                self.id,
            )
        )
