from odoo import models
from odoo.exceptions import UserError

from ..exceptions import SetupError


class _Undo(Exception):
    """Leaves a savepoint without keeping what was tried in it."""


class RasoTradeDocumentCulprit(models.Model):
    """Who stops a document: so that one product never stops a till's day."""

    _inherit = "raso.trade.document"

    def _find_culprits(self, group, sales, err):
        """Return the receipts that stop ``sales`` from being booked, and the text.

        Tries the stock and the revenue of ever fewer products, keeping nothing.
        Where no product is to blame (a journal, a payment) it is all of them.
        """
        products = sales.line_ids.product_id
        steps = ["_try_goods"] if sales.transaction_type_id.is_stock else []
        if sales.transaction_type_id.trade == "entry":
            steps.append("_enter_revenue")
        for step in steps:
            found = self._bisect(group, sales, step, products)
            if found:
                guilty = self.env["product.product"].union(*found)
                culprits = sales.filtered(
                    lambda sale, guilty=guilty: sale.line_ids.product_id & guilty
                )
                texts = [
                    self._name_culprit(product, text) for product, text in found.items()
                ]
                return culprits, "\n".join(texts)
        return sales, str(err)

    def _name_culprit(self, product, text):
        name = product.display_name
        return text if name in text else f"{name}: {text}"

    def _bisect(self, group, sales, step, products):
        """Return ``{product: what its step says}`` of those that fail by themselves."""
        text = self._probe(group, sales, step, products)
        if not text:
            return {}
        if len(products) < 2:
            return {product: text for product in products}
        half = len(products) // 2
        return {
            **self._bisect(group, sales, step, products[:half]),
            **self._bisect(group, sales, step, products[half:]),
        }

    def _probe(self, group, sales, step, products):
        """Try ``step`` with these products and undo it; return its trouble or ''."""
        try:
            with self.env.cr.savepoint():
                document = self.create(self._prepare_document_vals(group, sales))
                document._take_sales(sales)
                getattr(document, step)(products)
                raise _Undo
        except _Undo:
            return ""
        except (UserError, SetupError) as err:
            return str(err)

    def _try_goods(self, products):
        pickings = self._make_pickings(products)
        costs = self._complete_pickings(pickings, self._find_last_moment())
        self._make_cost_entry(costs)
