from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class Held(NamedTuple):
    """A lot that a customer holds."""

    product: models.Model
    lot: models.Model
    location: models.Model
    package: models.Model
    owner: models.Model
    quantity: Decimal


class RasoTradeDocumentLot(models.Model):
    """Lots and serial numbers: RASO names none, so they follow from the stock.

    Those sold by the product's removal strategy; those returned are the ones that
    customers hold, the latest sold first.
    """

    _inherit = "raso.trade.document"

    def _hold_lotless(self, sales):
        """Hold those of ``sales`` whose lots are missing; return the others.

        In the order they were sold: who comes first gets the free lots, and the rest
        of the day is booked. Once lots are there the next run books what was held.
        """
        if not sales.transaction_type_id.is_stock:
            return sales
        needs = self._sum_needed_lots(sales)
        if not needs:
            return sales
        free = self._sum_free_lots(sales, needs)
        texts = {}
        for sale in sales:
            need = needs.get(sale.id, {})
            missing = [
                self._explain_missing_lot(product, quantity, is_return, free[key])
                for key, quantity in need.items()
                for product, is_return in [key]
                if quantity > free[key]
            ]
            if missing:
                texts[sale.id] = "\n".join(missing)
                continue
            for key, quantity in need.items():
                free[key] -= quantity
        held = sales.browse(texts)
        held._hold_for_lots(texts)
        return sales - held

    def _sum_needed_lots(self, sales):
        """Return ``{sale id: {(tracked product, is return): quantity}}``.

        Net per receipt, by direction of sheets, as the goods will move.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.product_id
                  FROM raso_cash_sale_line l
                  JOIN product_product product ON product.id = l.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE l.cash_sale_id = ANY(%s) AND l.state = 'ready'
                   AND template.type = 'consu'
                """,
                sales.ids,
            )
        )
        products = self.env["product.product"].browse(row[0] for row in rows)
        special = self._find_special(products)
        if not special:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT cash_sale_id, product_id, sum(product_quantity)::text
                  FROM raso_cash_sale_line
                 WHERE cash_sale_id = ANY(%s) AND product_id = ANY(%s)
                   AND state = 'ready'
              GROUP BY cash_sale_id, product_id,
                       kind IN ('sheet', 'sheet_return') AND product_quantity > 0
                HAVING sum(product_quantity) != 0
                """,
                sales.ids,
                special.ids,
            )
        )
        needs = defaultdict(lambda: defaultdict(Decimal))
        exploded = {}
        for sale_id, product_id, text in rows:
            key = (product_id, text)
            if key not in exploded:
                product = special.browse(product_id)
                exploded[key] = self._find_tracked_parts(product, Decimal(text))
            for part, quantity in exploded[key].items():
                needs[sale_id][part, quantity < 0] += abs(quantity)
        return needs

    def _find_tracked_parts(self, product, quantity):
        """Return ``{tracked product: quantity}`` of a product or of a kit's parts."""
        product = product.with_company(self.env.company)
        if not ("is_kits" in product._fields and product.is_kits):
            return {product: quantity}
        boms = self.env["mrp.bom"].sudo()
        bom = boms._bom_find(
            product, company_id=self.env.company.id, bom_type="phantom"
        )[product]
        count = product.uom_id._compute_quantity(
            float(abs(quantity)), bom.product_uom_id
        )
        parts = defaultdict(Decimal)
        _boms, lines = bom.explode(product, count / bom.product_qty)
        for line, vals in lines:
            part = line.product_id
            if part.tracking != "none":
                size = line.product_uom_id._compute_quantity(vals["qty"], part.uom_id)
                parts[part] += Decimal(repr(size)).copy_sign(quantity)
        return parts

    def _sum_free_lots(self, sales, needs):
        """Return ``{(product, is return): quantity}`` that may be taken."""
        wanted = {key for need in needs.values() for key in need}
        free = defaultdict(Decimal)
        sold = self.env["product.product"].union(
            *(product for product, is_return in wanted if not is_return)
        )
        returned = self.env["product.product"].union(
            *(product for product, is_return in wanted if is_return)
        )
        for product, quantity in self._find_free_lots(sales, sold):
            free[product, False] += quantity
        place = sales.shop_id.in_type_id.default_location_src_id
        for quant in self._find_customers_lots(place, returned):
            free[quant.product, True] += quant.quantity
        return free

    def _find_free_lots(self, sales, products):
        """Return ``[(product, quantity), …]`` of the shop's lots that nobody reserved.

        As Odoo will see it: lots past their removal date aren't free, unless they
        were still good when the last receipt was sold.
        """
        if not products:
            return []
        quants = self.env["stock.quant"]
        place = sales.shop_id.out_type_id.default_location_src_id
        domain = Domain(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", place.id),
                ("lot_id", "!=", False),
            ]
        )
        if "removal_date" in quants._fields:  # Odoo's expiration dates are installed
            moments = filter(None, sales.mapped("sold_at"))
            moment = max([*moments, fields.Datetime.to_datetime(sales[:1].day)])
            domain &= (
                Domain("removal_date", "=", False)
                | Domain("removal_date", ">=", moment)
                | Domain("product_id.use_expiration_date", "=", False)
            )
        rows = quants._read_group(
            domain, ["product_id", "lot_id"], ["quantity:sum", "reserved_quantity:sum"]
        )
        return [
            (product, _decimal(product, quantity - reserved))
            for product, _lot, quantity, reserved in rows
            if product.uom_id.compare(quantity, reserved) > 0
        ]

    def _find_customers_lots(self, place, products):
        """Return ``[Held, …]`` of what customers hold, the latest sold first."""
        if not products:
            return []
        lines = self.env["stock.move.line"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("lot_id", "!=", False),
                ("state", "=", "done"),
                ("location_dest_id", "child_of", place.id),
                ("company_id", "=", self.env.company.id),
            ],
            ["lot_id"],
            ["date:max"],
        )
        sold_at = dict(lines)
        rows = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("lot_id", "in", [lot.id for lot in sold_at]),
                ("location_id", "child_of", place.id),
                ("quantity", ">", 0),
            ],
            ["product_id", "lot_id", "location_id", "package_id", "owner_id"],
            ["quantity:sum"],
        )
        held = [Held(*row[:5], _decimal(row[0], row[5])) for row in rows]
        return sorted(
            held, key=lambda part: (sold_at[part.lot], part.lot.id), reverse=True
        )

    def _take_customers_lots(self, moves):
        """Give returned goods the lots that customers hold, as far as there are."""
        moves.move_line_ids.unlink()  # Odoo made them without lots
        held = defaultdict(list)
        for part in self._find_customers_lots(moves.location_id, moves.product_id):
            held[part.product].append(part)
        vals_list = []
        for move in moves:
            rest = _decimal(move.product_id, move.product_uom_qty)
            parts = held[move.product_id]
            while rest and parts:
                part = parts.pop(0)
                taken = min(rest, part.quantity)
                rest -= taken
                vals_list.append(self._prepare_returned_vals(move, part, taken))
                if taken < part.quantity:
                    parts.insert(0, part._replace(quantity=part.quantity - taken))
        self.env["stock.move.line"].create(vals_list)

    def _prepare_returned_vals(self, move, part, quantity):
        return {
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "company_id": move.company_id.id,
            "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id,
            "quantity": float(quantity),
            "lot_id": part.lot.id,
            "package_id": part.package.id,
            "owner_id": part.owner.id,
            "location_id": part.location.id,
            "location_dest_id": move.location_dest_id.id,
        }

    def _explain_missing_lot(self, product, quantity, is_return, free):
        values = {
            "product": product.display_name,
            "quantity": f"{quantity.normalize():f}",
            "free": f"{free.normalize():f}",
            "unit": product.uom_id.name,
        }
        if is_return:
            return self.env._(
                "%(product)s: %(quantity)s %(unit)s came back, and customers hold lots "
                "or serial numbers of %(free)s. Book their sale first, or exclude the "
                "item and take the goods in by hand.",
                **values,
            )
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s were sold, and lots or serial numbers "
            "of %(free)s are free. Receive the missing ones: the receipt is then "
            "booked by itself.",
            **values,
        )


def _decimal(product, quantity):
    """Return a stock quantity as exact as its unit."""
    return Decimal(repr(product.uom_id.round(quantity)))
