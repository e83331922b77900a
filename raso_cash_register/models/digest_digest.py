from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.days import shop_day

DAILY = "raso_cash_register.digest_daily"


class DigestDigest(models.Model):
    """Figures of the tills for the digest mail.

    They count business days: the last 24 hours are the whole day before the mail.
    """

    _inherit = "digest.digest"

    kpi_raso_sales = fields.Boolean("Till Sales")
    kpi_raso_sales_value = fields.Monetary(compute="_compute_kpi_raso_sales_value")
    kpi_raso_receipts = fields.Boolean("Till Receipts")
    kpi_raso_receipts_value = fields.Integer(compute="_compute_kpi_raso_receipts_value")
    kpi_raso_held = fields.Boolean("Receipts Not Booked")
    kpi_raso_held_value = fields.Integer(compute="_compute_kpi_raso_held_value")
    kpi_raso_differs = fields.Boolean("Till Days That Differ")
    kpi_raso_differs_value = fields.Integer(compute="_compute_kpi_raso_differs_value")
    kpi_raso_white = fields.Boolean("Items Without a Product")
    kpi_raso_white_value = fields.Integer(compute="_compute_kpi_raso_white_value")

    # one figure a method: Odoo asks for several times in turn, and forgets no figure
    # but the one that it asked for

    def _compute_kpi_raso_sales_value(self):
        self._sum_raso("kpi_raso_sales_value", "amount_received")

    def _compute_kpi_raso_receipts_value(self):
        self._sum_raso("kpi_raso_receipts_value", "receipt_count")

    def _compute_kpi_raso_held_value(self):
        self._sum_raso("kpi_raso_held_value", "waiting_count", "held_count")

    def _compute_kpi_raso_differs_value(self):
        domain = Domain("state", "=", "differs")
        self._sum_raso("kpi_raso_differs_value", domain=domain)

    def _compute_kpi_raso_white_value(self):
        states = ("new", "held", "matched", "booked")
        domain = Domain("state", "=", "white") & Domain(
            "cash_sale_id.state", "in", states
        )
        self._sum_raso(
            "kpi_raso_white_value", domain=domain, model="raso.cash.sale.line"
        )

    def _sum_raso(self, kpi, *names, domain=Domain.TRUE, model="raso.register.day"):
        """Set the figure: the sum of these fields, or without any the count.

        :raise AccessError: the figure is left out for who may not see it
        """
        if not self.env.user.has_group("raso_cash_register.group_raso_user"):
            raise AccessError(
                self.env._("Figures of tills are for RASO users: this one is left out.")
            )
        start, end, companies = self._get_kpi_compute_parameters()
        domain &= Domain(
            [
                ("company_id", "in", companies.ids),
                ("day", ">=", self._get_raso_day(start)),
                ("day", "<", self._get_raso_day(end)),
            ]
        )
        aggregates = [f"{name}:sum" for name in names] or ["__count"]
        groups = self.env[model].sudo()._read_group(domain, ["company_id"], aggregates)
        sums = {company: sum(values) for company, *values in groups}
        for digest in self:
            digest[kpi] = sums.get(digest.company_id or self.env.company, 0)

    @api.model
    def _get_raso_day(self, moment):
        return shop_day(datetime.fromisoformat(moment))

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("stock.menu_stock_root").id
        days = f"raso_cash_register.raso_register_day_action?menu_id={menu}"
        lines = f"raso_cash_register.raso_cash_sale_line_action?menu_id={menu}"
        return actions | {
            "kpi_raso_sales": days,
            "kpi_raso_receipts": days,
            "kpi_raso_held": days,
            "kpi_raso_differs": days,
            "kpi_raso_white": lines,
        }

    def _action_subscribe_users(self, users):
        """Our daily mail is at rest while nobody wants it: Odoo would slow it down."""
        result = super()._action_subscribe_users(users)
        daily = self.filtered(lambda digest: digest._is_raso_daily()).sudo()
        for digest in daily.filtered(lambda digest: digest.state == "deactivated"):
            digest.write(
                {
                    "state": "activated",
                    "periodicity": "daily",
                    "next_run_date": fields.Date.today(),
                }
            )
        return result

    def _action_unsubscribe_users(self, users):
        result = super()._action_unsubscribe_users(users)
        daily = self.filtered(lambda digest: digest._is_raso_daily()).sudo()
        daily.filtered(lambda digest: not digest.user_ids).action_deactivate()
        return result

    def _is_raso_daily(self):
        return self == self.env.ref(DAILY, raise_if_not_found=False)
