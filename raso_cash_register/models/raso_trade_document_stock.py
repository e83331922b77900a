from datetime import time
from decimal import Decimal

from odoo import Command, fields, models
from odoo.tools import SQL

from ..exceptions import SetupError
from ..tools.days import to_utc

# a message that names hundreds of products is not read
MAX_NAMES = 20
# the same day in UTC, which is what Odoo compares with locks
NOON = time(12)


class RasoTradeDocumentStock(models.Model):
    """The stock side of a trade document: one transfer a direction."""

    _inherit = "raso.trade.document"

    def _make_pickings(self, products=None):
        """Write the document's goods off and take returned ones in.

        :param products: only these, to find the one that stops a document
        :raise SetupError, UserError: a move was not done with the quantity asked
        """
        sums = self._sum_quantities(products)
        pickings = self.env["stock.picking"]
        for operation, sign in (
            (self.shop_id.out_type_id, 1),
            (self.shop_id.in_type_id, -1),
        ):
            quantities = [
                (product, quantity * sign)
                for product, quantity in sums
                if quantity * sign > 0
            ]
            if quantities:
                pickings |= self._make_picking(operation, quantities)
        return pickings

    def _sum_quantities(self, products=None):
        """Return ``[(product, quantity), …]`` in the products' own unit.

        Net per receipt and product, then summed by direction: a line taken back
        within a receipt never moved, a returned item did. A daily sheet's lines sum
        up many receipts: what they sold and what came back moved both.
        """
        is_sheet = self.kind in ("sheet", "sheet_return")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, sum(quantity)::text FROM (
                    SELECT l.cash_sale_id, l.product_id,
                           sum(l.product_quantity) AS quantity
                      FROM raso_cash_sale_line l
                      JOIN raso_cash_sale sale ON sale.id = l.cash_sale_id
                      JOIN product_product product ON product.id = l.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                     WHERE %(owner)s = %(document)s
                       AND l.state = 'ready' AND template.type = 'consu'
                       AND (%(products)s::int[] IS NULL
                            OR l.product_id = ANY(%(products)s))
                  GROUP BY l.cash_sale_id, l.product_id%(sign)s
                ) AS net WHERE quantity != 0
              GROUP BY product_id, quantity > 0 ORDER BY product_id
                """,
                document=self.id,
                owner=SQL("l.write_off_id")
                if self.is_write_off
                else SQL("sale.trade_document_id"),
                sign=SQL(", l.product_quantity > 0") if is_sheet else SQL(),
                products=products.ids if products is not None else None,
            )
        )
        browse = self.env["product.product"].browse
        products = browse(row[0] for row in rows)
        return list(zip(products, (Decimal(row[1]) for row in rows), strict=True))

    def _make_picking(self, operation, quantities):
        picking = self.env["stock.picking"].create(
            self._prepare_picking_vals(operation)
        )
        self._create_moves(
            picking,
            [
                self._prepare_move_vals(picking, product, float(quantity))
                for product, quantity in quantities
            ],
        )
        return picking

    def _finish_pickings(self, pickings):
        for picking in pickings:
            self._finish_picking(picking)
        self._note_negative_stock(pickings)

    def _finish_picking(self, picking):
        moves = picking.move_ids
        tracked = moves.filtered(lambda move: move.product_id.tracking != "none")
        if tracked:
            tracked._action_confirm(merge=False)
            tracked._action_assign()
            tracked.picked = True
        picking.with_context(cancel_backorder=True)._action_done()
        self._check_done(moves)
        picking.date_done = self._find_last_moment()

    def _move_goods(self, products):
        self._finish_pickings(self._make_pickings(products))

    def _create_moves(self, picking, vals_list):
        """Create the moves with all their quants looked up at once."""
        quants = self.env["stock.quant"].sudo()
        products = self.env["product.product"].browse(
            vals["product_id"] for vals in vals_list
        )
        cache = quants._get_quants_by_products_locations(products, picking.location_id)
        moves = self.env["stock.move"].with_context(quants_cache=cache)
        return moves.create(vals_list).with_env(self.env)

    def _prepare_picking_vals(self, operation):
        return {
            "picking_type_id": operation.id,
            "location_id": operation.default_location_src_id.id,
            "location_dest_id": operation.default_location_dest_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "origin": self.name,
            "move_type": "direct",
            "raso_trade_document_id": self.id,
        }

    def _prepare_move_vals(self, picking, product, quantity):
        """Done at once: the goods are gone, nothing is to be reserved or picked."""
        places = {
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        vals = {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            **places,
        }
        if product.tracking == "none":
            vals["picked"] = True
            vals["move_line_ids"] = [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "picking_id": picking.id,
                        "company_id": self.company_id.id,
                        **places,
                    }
                )
            ]
        return vals

    def _check_done(self, moves):
        """Odoo cancels short moves of tracked goods without a word: say it."""
        for move in moves:
            is_whole = (
                move.product_uom.compare(move.quantity, move.product_uom_qty) == 0
            )
            if move.state != "done" or not is_whole:
                raise SetupError(
                    self.env._(
                        "%(product)s: %(quantity)s %(unit)s were sold, and only "
                        "%(done)s could be moved. Receive the missing lots or "
                        "serial numbers, then book again.",
                        product=move.product_id.display_name,
                        quantity=move.product_uom_qty,
                        unit=move.product_uom.name,
                        done=move.quantity if move.state == "done" else 0,
                    )
                )

    def _note_negative_stock(self, pickings):
        """Name on the document the goods that the books now have less than none of."""
        outgoing = pickings.filtered(
            lambda picking: picking.picking_type_id == self.shop_id.out_type_id
        )
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "=", outgoing.location_id.id),
                ("product_id", "in", outgoing.move_ids.product_id.ids),
                ("quantity", "<", 0),
            ]
        )
        if quants:
            names = quants.product_id[:MAX_NAMES].mapped("display_name")
            more = len(quants.product_id) - len(names)
            self.message_post(
                body=self.env._(
                    "Stock went below zero: %(products)s%(more)s. Check receipts of "
                    "goods that were not entered.",
                    products=", ".join(names),
                    more=self.env._(" and %(count)s more", count=more) if more else "",
                )
            )

    def _find_last_moment(self):
        """The day's last receipt; on the document's own day whatever the clock."""
        if self.date != self.day:  # the day is locked
            return to_utc(self.date, NOON)
        moments = [moment for moment in self.sale_ids.mapped("sold_at") if moment]
        return max(moments, default=fields.Datetime.to_datetime(self.day))
