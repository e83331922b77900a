from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import PayloadError
from .told import tell
from .window import open_records


class RateSum(NamedTuple):
    """What a receipt sold at one VAT rate; ``percent`` is None where it has none."""

    percent: Decimal | None
    vat: Decimal
    total: Decimal


class RasoCashSaleReceipt(models.Model):
    """The receipt as it is looked at: VAT by rate, its documents, its source."""

    _inherit = "raso.cash.sale"

    amount_net = fields.Monetary(string="Net", compute="_compute_amount_net")
    vat_summary = fields.Html(string="VAT by Rate", compute="_compute_vat_summary")
    payment_summary = fields.Html(string="Paid By", compute="_compute_payment_summary")
    source = fields.Text(compute="_compute_source")
    # of the whole trade document
    picking_count = fields.Integer(compute="_compute_counts")
    entry_count = fields.Integer(compute="_compute_counts")
    payment_count = fields.Integer(compute="_compute_counts")
    invoice_count = fields.Integer(compute="_compute_counts")

    # what these depend on would be looked for with each entry of 20,000 receipts
    @api.depends("trade_document_id")
    def _compute_counts(self):
        for sale in self:
            document = sale.trade_document_id
            sale.picking_count = document.picking_count
            sale.entry_count = document.entry_count
            sale.payment_count = document.payment_count
            sale.invoice_count = document.invoice_count

    @api.depends("amount_total", "amount_vat")
    def _compute_amount_net(self):
        for sale in self:
            sale.amount_net = sale.amount_total - sale.amount_vat

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_vat_summary(self):
        sums = self._sum_rates()
        for sale in self:
            sale.vat_summary = sale._prepare_vat_table(sums[sale.id])

    def _sum_rates(self):
        """Return lists of `RateSum` by id of receipt, highest rate first."""
        self.env["raso.cash.sale.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT cash_sale_id, trim_scale(vat_percent)::text,
                       sum(vat)::text, sum(amount)::text
                  FROM raso_cash_sale_line
                 WHERE cash_sale_id = ANY(%s)
              GROUP BY cash_sale_id, vat_percent
              ORDER BY vat_percent DESC NULLS LAST
                """,
                list(self.ids),
            )
        )
        sums = defaultdict(list)
        for sale_id, percent, vat, total in rows:
            rate = None if percent is None else Decimal(percent)
            sums[sale_id].append(RateSum(rate, Decimal(vat), Decimal(total)))
        return sums

    def _prepare_vat_table(self, rates):
        heads = (
            self.env._("Rate"),
            self.env._("Net"),
            self.env._("VAT"),
            self.env._("Total"),
        )
        rows = [
            (
                self.env._("No rate yet")
                if rate.percent is None
                else f"{rate.percent} %",
                *map(self._money, (rate.total - rate.vat, rate.vat, rate.total)),
            )
            for rate in rates
        ]
        return _make_table(heads, rows)

    @api.depends("payment_ids")
    @api.depends_context("lang")
    def _compute_payment_summary(self):
        for sale in self:
            rows = [
                (
                    payment.kind_id.name
                    or self.env._(
                        "Code %(code)s: not set up", code=payment.code or "–"
                    ),
                    sale._money(payment.amount),
                )
                for payment in sale.payment_ids
            ]
            heads = (self.env._("Paid By"), self.env._("Amount"))
            sale.payment_summary = _make_table(heads, rows)

    def _money(self, amount):
        return self.currency_id.format(float(amount))

    @api.depends("exchange_id", "position", "provider")
    @api.depends_context("lang")
    def _compute_source(self):
        for sale in self:
            provider = self.env[f"raso.provider.{sale.provider}"]
            exchange = sale.exchange_id
            try:
                with exchange._open_payload() as stream:
                    shown = provider._show_source(exchange, stream, sale.position)
            except PayloadError as err:
                shown = tell(self.env, err.text)
            sale.source = shown or self.env._(
                "Document %(name)s doesn't hold this receipt any more.",
                name=exchange.display_name,
            )

    def action_view_source(self):
        """Show the receipt's part of the document; only then is it read."""
        self.ensure_one()
        view = self.env.ref("raso_cash_register.raso_cash_sale_view_form_source")
        return open_records(
            self,
            self.env._("Source of %(name)s", name=self.display_name),
            views=[(view.id, "form")],
            target="new",
        )

    def action_view_z_report(self):
        self.ensure_one()
        return open_records(self.z_report_id, self.env._("Z Report"))

    def action_view_pickings(self):
        self.ensure_one()
        return self.trade_document_id.action_view_pickings()

    def action_view_entries(self):
        self.ensure_one()
        return self.trade_document_id.action_view_entries()

    def action_view_payments(self):
        self.ensure_one()
        return self.trade_document_id.action_view_payments()

    def action_view_invoices(self):
        self.ensure_one()
        return self.trade_document_id.action_view_invoices()


def _make_table(heads, rows):
    """Return a table of texts and figures, or False without rows."""
    if not rows:
        return False
    first, *others = heads
    head = Markup("<th scope='col'>{}</th>").format(first) + Markup("").join(
        Markup("<th scope='col' class='text-end'>{}</th>").format(text)
        for text in others
    )
    body = Markup("").join(
        Markup("<tr><th scope='row' class='fw-normal'>{}</th>{}</tr>").format(
            text,
            Markup("").join(
                Markup("<td class='text-end text-nowrap'>{}</td>").format(figure)
                for figure in figures
            ),
        )
        for text, *figures in rows
    )
    return Markup(
        "<table class='table table-sm mb-0'><thead><tr>{}</tr></thead>"
        "<tbody>{}</tbody></table>"
    ).format(head, body)
