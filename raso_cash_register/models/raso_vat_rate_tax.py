from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rights import ensure_manager

# rates that the Lithuanian chart has no sale tax for: both feed line 30 of the return
LT_REDUCED = (9, 12)


class RasoVatRate(models.Model):
    """Rates whose sale tax is missing: said once, and made at a press of a button."""

    _inherit = "raso.vat.rate"
    _not_rules = frozenset({"is_missing_told"})

    is_missing_told = fields.Boolean(
        readonly=True,
        help="It was said on the connections that receipts wait for the tax of "
        "this rate: it isn't said again.",
    )
    can_make_tax = fields.Boolean(compute="_compute_can_make_tax")

    @api.depends("tax_id", "percent", "company_id")
    def _compute_can_make_tax(self):
        for rate in self:
            rate.can_make_tax = (
                not rate.tax_id
                and rate.percent in LT_REDUCED
                and rate.company_id.root_id.chart_template == "lt"
            )

    def write(self, vals):
        if "tax_id" in vals:
            vals = {**vals, "is_missing_told": False}
        return super().write(vals)

    def action_make_tax(self):
        """Make the sale tax; the receipts that wait for it are booked by the next run.

        :raise UserError: it isn't a reduced rate of a Lithuanian company without tax
        """
        self.ensure_one()
        ensure_manager(self.env)
        self.check_access("write")
        if not self.can_make_tax:
            raise UserError(
                self.env._(
                    "The tax of %(rate)s can't be made here: choose a sale tax.",
                    rate=self.display_name,
                )
            )
        rate = self.sudo()
        rate.tax_id = rate._find_tax(self.company_id, self.percent) or rate._make_tax(
            self.company_id, int(self.percent)
        )
        self.env["raso.connection"]._trigger_run()
        return True

    @api.model
    def _tax_domain(self, company):
        return [
            ("company_id", "in", company.parent_ids.ids),
            ("type_tax_use", "=", "sale"),
            ("amount_type", "=", "percent"),
        ]

    @api.model
    def _find_tax(self, company, percent):
        return self.env["account.tax"].search(
            [*self._tax_domain(company), ("amount", "=", percent)],
            order="sequence, id",
            limit=1,
        )

    @api.model
    def _make_tax(self, company, percent):
        """Make a reduced rate's tax where the Lithuanian chart has none.

        Built as the chart's other rates: tag of line 30 of the VAT return, 4492.
        """
        root = company.root_id
        chart = self.env["account.chart.template"].with_company(root)
        country = self.env.ref("base.lt")
        tags = self.env["account.account.tag"]._get_tax_tags("30_tax", country.id)
        repartition = [
            fields.Command.clear(),
            fields.Command.create({"repartition_type": "base"}),
            fields.Command.create(
                {
                    "repartition_type": "tax",
                    "account_id": chart.ref("account_account_template_4492").id,
                    "tag_ids": [fields.Command.set(tags.ids)],
                }
            ),
        ]
        return self.env["account.tax"].create(
            {
                "name": f"{percent}%",
                "description": self.env._("Sale %(percent)s%% (VAT2)", percent=percent),
                "invoice_label": self.env._("VAT %(percent)s", percent=f"{percent}%"),
                "amount": percent,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "l10n_lt_tax_code": "PVM2",
                "country_id": country.id,
                "company_id": root.id,
                "tax_group_id": self._get_tax_group(chart, root, percent).id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
            }
        )

    def _get_tax_group(self, chart, root, percent):
        return chart.ref(f"tax_group_vat_{percent}", False) or self.env[
            "account.tax.group"
        ].create(
            {
                "name": self.env._("VAT %(percent)s", percent=f"{percent}%"),
                "country_id": self.env.ref("base.lt").id,
                "company_id": root.id,
                "tax_payable_account_id": chart.ref(
                    "account_account_template_44921"
                ).id,
                "tax_receivable_account_id": chart.ref(
                    "account_account_template_24411"
                ).id,
            }
        )

    @api.model
    def _tell_missing_taxes(self, company):
        """Say on the connections, once, that receipts wait for a rate's tax."""
        rates = self.search(
            [
                ("company_id", "=", company.id),
                ("percent", "!=", 0),
                ("tax_id", "=", False),
                ("is_missing_told", "=", False),
            ]
        )
        if not rates:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.vat_rate_id, exchange.connection_id,
                       count(DISTINCT sale.id)
                  FROM raso_cash_sale sale
                  JOIN raso_cash_sale_line line ON line.cash_sale_id = sale.id
                  JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
                 WHERE sale.company_id = %s AND sale.state = 'held'
                   AND sale.hold_cause = 'vat' AND line.tax_id IS NULL
                   AND line.vat_rate_id = ANY(%s)
              GROUP BY 1, 2 ORDER BY 1, 2
                """,
                company.id,
                rates.ids,
            )
        )
        for rate_id, connection_id, count in rows:
            rate = self.browse(rate_id)
            self.env["raso.connection"].browse(connection_id).message_post(
                body=self.env._(
                    "Receipts held: %(count)s. %(trouble)s",
                    count=count,
                    trouble=rate._explain_missing(),
                )
            )
            rate.is_missing_told = True

    def _explain_missing(self):
        """Say what the rate lacks and the way out."""
        if self.can_make_tax:
            return self.env._(
                "VAT rate %(rate)s has no sale tax. Press Make the Tax beside it in "
                "Configuration ▸ RASO ▸ VAT Rates.",
                rate=self.display_name,
            )
        return self.env._(
            "VAT rate %(rate)s has no sale tax. Choose one in Configuration ▸ RASO ▸ "
            "VAT Rates.",
            rate=self.display_name,
        )
