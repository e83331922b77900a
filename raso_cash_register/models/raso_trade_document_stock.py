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
        """Prepare transfers that write the goods off and take returned ones in.

        Nothing is moved yet: ``_finish_pickings`` does it.

        :param products: only these, to find the one that stops a document
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

    def _finish_pickings(self, pickings):
        """Move the goods of prepared transfers, book their cost, say what is odd.

        :raise SetupError, UserError: a move was not done with the quantity asked
        """
        reserved = self._read_reservations(pickings)
        costs = self._complete_pickings(pickings, self._find_last_moment())
        self._make_cost_entry(costs)
        self._note_negative_stock(pickings)
        self._note_freed(reserved)

    def _complete_pickings(self, pickings, moment):
        """Move the goods as of ``moment``; return ``{product: cost}`` (see cost)."""
        pickings = pickings.with_company(self.company_id)
        valued = self._measure_before(pickings, moment)
        pickings.with_context(cancel_backorder=True)._action_done()
        for picking in pickings:
            self._check_done(picking)
        pickings.date_done = moment
        return self._measure_costs(valued)

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
        special = self._find_special(
            self.env["product.product"].union(
                *(product for product, _quantity in quantities)
            )
        )
        moves = self._create_moves(
            picking,
            [
                self._prepare_move_vals(picking, product, float(quantity))
                if product in special
                else self._prepare_inline_vals(picking, product, float(quantity))
                for product, quantity in quantities
            ],
        )
        if special:
            self._fill_moves(
                picking, moves.filtered(lambda move: move.product_id in special)
            )
        if not picking.move_ids:  # kits of services alone
            picking.unlink()
            return self.env["stock.picking"]
        return picking

    def _find_special(self, products):
        """Return the tracked ones, whose lots must be found, and the kits."""
        special = products.filtered(lambda product: product.tracking != "none")
        if "is_kits" in products._fields:  # Odoo's manufacturing is installed
            special |= products.with_company(self.company_id).filtered("is_kits")
        return special

    def _fill_moves(self, picking, moves):
        """Set what of kits' components and of tracked goods is moved."""
        moves = moves._action_confirm(merge=False)  # a kit becomes its components
        tracked = moves.filtered(lambda move: move.product_id.tracking != "none")
        for move in moves - tracked:
            move.quantity = move.product_uom_qty
        # lots that have expired since were good when the goods were sold
        tracked.date = self._find_last_moment()
        if picking.picking_type_id.code == "outgoing":
            tracked._action_assign()
        else:
            self._take_customers_lots(tracked)
        moves.picked = True

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
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }

    def _prepare_inline_vals(self, picking, product, quantity):
        """Done at once: the goods are gone, nothing is to be reserved or picked."""
        vals = self._prepare_move_vals(picking, product, quantity)
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": quantity,
            "picking_id": picking.id,
            "company_id": self.company_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        return {**vals, "picked": True, "move_line_ids": [Command.create(line)]}

    def _check_done(self, picking):
        """Odoo cancels short moves of tracked goods without a word: say it."""
        for move in picking.move_ids:
            is_whole = (
                move.product_uom.compare(move.quantity, move.product_uom_qty) == 0
            )
            if move.state != "done" or not is_whole:
                raise SetupError(
                    self.env._(
                        "%(product)s: %(quantity)s %(unit)s are to be moved, and "
                        "only %(done)s could be. Enter the missing lots or serial "
                        "numbers, then book again.",
                        product=move.product_id.display_name,
                        quantity=move.product_uom_qty,
                        unit=move.product_uom.name,
                        done=move.quantity if move.state == "done" else 0,
                    )
                )

    def _note_negative_stock(self, pickings):
        """Name on the document the goods that the books now have less than none of."""
        outgoing = pickings.filtered(
            lambda picking: picking.picking_type_id.code == "outgoing"
        )
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "=", outgoing.location_id.id),
                ("product_id", "in", outgoing.move_ids.product_id.ids),
                ("quantity", "<", 0),
            ]
        )
        if quants:
            names = quants.product_id.mapped("display_name")
            self.message_post(
                body=self.env._(
                    "Stock went below zero: %(products)s. Check receipts of goods "
                    "that were not entered.",
                    products=self._list_names(names),
                )
            )

    def _read_reservations(self, pickings):
        """Return ``{move: quantity}`` that others have reserved of the same goods."""
        rows = self.env["stock.move.line"]._read_group(
            [
                ("product_id", "in", pickings.move_ids.product_id.ids),
                ("state", "not in", ("done", "cancel")),
                ("move_id", "not in", pickings.move_ids.ids),
                ("picked", "=", False),
                ("quantity_product_uom", ">", 0),
            ],
            ["move_id"],
            ["quantity_product_uom:sum"],
        )
        return dict(rows)

    def _note_freed(self, reserved):
        """Name who loses reserved goods: the tills had sold them already.

        :param reserved: what ``_read_reservations`` said before the goods moved
        """
        if not reserved:
            return
        rows = self.env["stock.move.line"]._read_group(
            [("move_id", "in", [move.id for move in reserved])],
            ["move_id"],
            ["quantity_product_uom:sum"],
        )
        left = dict(rows)
        freed = [
            f"{move.product_id.display_name} ({move.reference})"
            for move, quantity in reserved.items()
            if move.product_id.uom_id.compare(left.get(move, 0), quantity) < 0
        ]
        if freed:
            self.message_post(
                body=self.env._(
                    "Goods that were reserved for others had been sold: %(goods)s. "
                    "Check the availability there.",
                    goods=self._list_names(freed),
                )
            )

    def _list_names(self, names):
        more = len(names) - MAX_NAMES
        listed = ", ".join(names[:MAX_NAMES])
        if more <= 0:
            return listed
        return self.env._("%(names)s and %(count)s more", names=listed, count=more)

    def _find_last_moment(self):
        """The day's last receipt; on the document's own day whatever the clock."""
        if self.date != self.day:  # the day is locked
            return to_utc(self.date, NOON)
        moments = [moment for moment in self.sale_ids.mapped("sold_at") if moment]
        # a receipt of 00:30 was sold on the day before by the server's clock
        return max([*moments, fields.Datetime.to_datetime(self.date)])
