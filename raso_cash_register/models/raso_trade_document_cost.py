from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..exceptions import SetupError


class Valued(NamedTuple):
    """What perpetually valued goods were worth before they moved.

    ``prices`` holds those whose worth is quantity times a price that the move can't
    change, ``others`` those that Odoo must value again.
    """

    prices: dict
    others: models.Model
    worth: dict


class RasoTradeDocumentCost(models.Model):
    """Cost in perpetual valuation: as much as the stock is worth less.

    Moves alone don't tell it to the cent: Odoo rounds each one's value, and a
    transfer dated before a receipt that is already here changes what the rest is
    worth. So the stock is valued before and after, and accounts equal the stock.
    """

    _inherit = "raso.trade.document"

    def _measure_before(self, pickings, moment):
        """Value the perpetual goods of ``pickings``, which will move at ``moment``."""
        products = pickings.move_ids.product_id.filtered(
            lambda product: product.is_storable and product.valuation == "real_time"
        )
        incoming = pickings.filtered(
            lambda picking: picking.picking_type_id.code == "incoming"
        )
        average = products.filtered(
            lambda product: (
                product.cost_method == "average"
                and not product.lot_valuated
                and product not in incoming.move_ids.product_id
            )
        )
        prices = self._find_average_prices(average, moment)
        for product in products:
            if product.cost_method == "standard" and not product.lot_valuated:
                prices[product] = product.standard_price
        others = products.filtered(lambda product: product not in prices)
        return Valued(prices, others, self._measure(prices, others))

    def _find_average_prices(self, products, moment):
        """Return ``{product: price}`` of those that moves out at ``moment`` leave it.

        Not so where goods came in later: Odoo runs through all moves by their date.
        A price that a person set after the last goods came in is rounded there.
        """
        if not products:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id,
                       last_in.date IS NULL OR manual.date > last_in.date,
                       COALESCE(manual.value, 0)
                  FROM unnest(%(products)s) AS product(id)
            CROSS JOIN LATERAL (
                    SELECT max(date) AS date FROM stock_move
                     WHERE product_id = product.id AND company_id = %(company)s
                       AND (is_in OR is_dropship)) last_in
             LEFT JOIN LATERAL (
                    SELECT date, value FROM product_value
                     WHERE product_id = product.id
                       AND move_id IS NULL AND lot_id IS NULL
                  ORDER BY date DESC, id DESC LIMIT 1) manual ON TRUE
                 WHERE last_in.date IS NULL OR manual.date > last_in.date
                    OR last_in.date <= %(moment)s
                       AND manual.date IS DISTINCT FROM last_in.date
                """,
                products=products.ids,
                company=self.company_id.id,
                moment=moment,
            )
        )
        prices = {}
        for product_id, is_manual, manual in rows:
            product = products.browse(product_id)
            prices[product] = float(manual) if is_manual else product.standard_price
        return prices

    def _measure_costs(self, valued):
        """Return ``{product: cost}``: what the goods of ``valued`` are worth less."""
        costs = {
            product: valued.worth[product] - worth
            for product, worth in self._measure(valued.prices, valued.others).items()
        }
        # the average moves on with goods that came in, or left before others came
        valued.others.filtered(
            lambda product: product.cost_method == "average"
        )._update_standard_price()
        return costs

    def _measure(self, prices, others):
        """Return ``{product: Decimal}``: what Odoo says the stock is worth now."""
        others.invalidate_recordset(["qty_available", "total_value"])
        self.env["stock.lot"].invalidate_model(["product_qty", "total_value"])
        # a person who books need not see stock
        products = others.with_user(SUPERUSER_ID).with_company(self.company_id)
        worth = {
            product: Decimal(repr(valued.total_value))
            for product, valued in zip(others, products, strict=True)
        }
        quantities = self._sum_valued_stock(prices)
        for product, price in prices.items():
            value = self.currency_id.round(price * quantities.get(product.id, 0))
            worth[product] = Decimal(repr(value))
        return worth

    def _sum_valued_stock(self, products):
        """Return ``{product id: quantity}`` of what the company owns and has."""
        if not products:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT quant.product_id, COALESCE(sum(quant.quantity), 0)::float
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                 WHERE quant.product_id = ANY(%(products)s)
                   AND place.company_id = %(company)s
                   AND place.usage IN ('internal', 'transit')
                   AND (quant.owner_id IS NULL OR quant.owner_id = %(owner)s)
              GROUP BY quant.product_id
                """,
                products=[product.id for product in products],
                company=self.company_id.id,
                owner=self.company_id.partner_id.id,
            )
        )
        return dict(rows)

    def _make_cost_entry(self, costs, part="cost", day=None):
        """Debit the expense of ``{product: cost}``, credit stock, by account.

        Periodic goods book nothing, and a move to customers makes no entry by itself
        in any mode (notes).
        """
        balances = defaultdict(Decimal)
        expenses = set()
        for product, cost in costs.items():
            expense, stock = self._find_cost_accounts(product)
            expenses.add(expense)
            balances[expense] += cost
            balances[stock] -= cost
        lines = [
            self._prepare_line(
                account,
                balance,
                analytic_distribution=account in expenses and self._get_analytic(),
            )
            for account, balance in balances.items()
            if balance
        ]
        if lines:
            journal = (
                self.transaction_type_id.payment_journal_id
                or self.company_id.account_stock_journal_id
            )
            self._post(self._make_entry(journal, lines, part, day), day)

    def _find_cost_accounts(self, product):
        accounts = product._get_product_accounts()
        found = accounts["expense"], accounts["stock_valuation"]
        if not all(found):
            raise SetupError(
                self.env._(
                    "%(product)s is valued perpetually, and has no expense or stock "
                    "valuation account. Choose them on its category %(category)s.",
                    product=product.display_name,
                    category=product.categ_id.display_name,
                )
            )
        return found
