from collections import defaultdict
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime


class RasoDecision(models.TransientModel):
    """Both receipts of a conflict side by side: they bear the same name."""

    _inherit = "raso.decision"

    comparison_html = fields.Html(
        string="Both Receipts", compute="_compute_comparison_html"
    )

    @api.depends("sale_id", "disputed_id")
    @api.depends_context("lang", "tz")
    def _compute_comparison_html(self):
        for wizard in self:
            new, ours = wizard.sale_id, wizard.disputed_id
            wizard.comparison_html = bool(ours) and wizard._prepare_table(
                [
                    *zip(
                        self._list_labels(),
                        self._list_heads(new),
                        self._list_heads(ours),
                        strict=True,
                    ),
                    *self._list_items(new, ours),
                ]
            )

    def _list_labels(self):
        return (
            self.env._("Received"),
            self.env._("In"),
            self.env._("Sold"),
            self.env._("Type"),
            self.env._("Cashier"),
            self.env._("Total"),
            self.env._("VAT"),
            self.env._("State"),
        )

    def _list_heads(self, sale):
        """Return what is told of a receipt, one for each label."""
        kinds = dict(sale._fields["kind"]._description_selection(self.env))
        states = dict(sale._fields["state"]._description_selection(self.env))
        return (
            format_datetime(self.env, sale.create_date),
            sale.exchange_id.display_name,
            format_datetime(self.env, sale.sold_at) if sale.has_time else str(sale.day),
            kinds[sale.kind],
            sale.cashier or "–",
            sale.currency_id.format(sale.amount_total),
            sale.currency_id.format(sale.amount_vat),
            states[sale.state],
        )

    def _list_items(self, new, ours):
        """Yield the items that differ: name, and quantity and amount in each."""
        for name, new_sums, our_sums in self._sum_items(new, ours):
            if new_sums != our_sums:
                yield (
                    name,
                    self._show_item(new, new_sums),
                    self._show_item(ours, our_sums),
                )

    def _sum_items(self, new, ours):
        """Return (item, sums in the one, sums in the other) by the items' codes.

        The sums are quantity and amount; None where a receipt hasn't the item.
        """
        self.env["raso.cash.sale.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(code, vcode, name) AS item, max(name), cash_sale_id,
                       trim_scale(sum(quantity))::text, sum(amount)::text
                  FROM raso_cash_sale_line
                 WHERE cash_sale_id = ANY(%s)
              GROUP BY item, cash_sale_id ORDER BY item
                """,
                (new + ours).ids,
            )
        )
        names, sums = {}, defaultdict(dict)
        for item, name, sale_id, quantity, amount in rows:
            names[item] = name or item or "–"
            sums[item][sale_id] = Decimal(quantity), Decimal(amount)
        return [
            (name, sums[item].get(new.id), sums[item].get(ours.id))
            for item, name in names.items()
        ]

    def _show_item(self, sale, figures):
        if figures is None:
            return "–"
        quantity, amount = figures
        return f"{quantity} · {sale.currency_id.format(float(amount))}"

    def _prepare_table(self, rows):
        head = Markup(
            "<table class='table table-sm'><thead><tr><th/><th scope='col'>{}</th>"
            "<th scope='col'>{}</th></tr></thead><tbody>"
        ).format(self.env._("This receipt"), self.env._("Receipt that is here"))
        body = Markup("").join(
            Markup(
                "<tr class='{}'><th scope='row' class='fw-normal'>{} {}</th>"
                "<td>{}</td><td>{}</td></tr>"
            ).format(
                *(("table-warning", "≠") if new != ours else ("", "")), label, new, ours
            )
            for label, new, ours in rows
        )
        return head + body + Markup("</tbody></table>")
