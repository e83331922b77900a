from datetime import timedelta

from odoo import models
from odoo.fields import Domain

SALES = "raso_cash_register.raso_cash_sale_action"
LINES = "raso_cash_register.raso_cash_sale_line_action"
DAYS = "raso_cash_register.raso_register_day_action"


class RasoRegister(models.Model):
    """The ways from a till's card to what its figures count."""

    _inherit = "raso.register"

    def action_view_sales(self):
        return self._open(SALES)

    def action_view_lines(self):
        return self._open(LINES)

    def action_view_days(self):
        return self._open(DAYS)

    def action_view_documents(self):
        return self._open("raso_cash_register.raso_trade_document_action")

    def action_view_z_reports(self):
        return self._open("raso_cash_register.raso_z_report_action")

    def action_view_today(self):
        return self._open_sold(self._get_today())

    def action_view_yesterday(self):
        return self._open_sold(self._get_today() - timedelta(days=1))

    def action_view_last_sale(self):
        """The receipts of the day of the last one, that one first."""
        return self._open(SALES, Domain("day", "=", self.last_sale_day))

    def action_view_day(self, day):
        """The till's day behind a bar of the chart.

        :param day: a date as text
        """
        self.ensure_one()
        till_day = self.env["raso.register.day"].search(
            [("register_id", "=", self.id), ("day", "=", day)]
        )
        action = self._open(DAYS, Domain("day", "=", day))
        if till_day:
            action |= {"res_id": till_day.id, "views": [(False, "form")]}
        return action

    def action_view_white(self):
        return self._open_waiting("white_count", LINES)

    def action_view_held(self):
        return self._open_waiting("held_count", SALES)

    def action_view_conflicts(self):
        return self._open_waiting("conflict_count", SALES)

    def action_view_differing(self):
        return self._open_waiting("differing_count", DAYS)

    def action_view_open(self):
        return self._open_waiting("open_count", DAYS)

    def action_view_unbooked(self):
        return self._open_waiting("unbooked_count", DAYS)

    def _open_sold(self, day):
        return self._open(SALES, self._get_sold_domain() & Domain("day", "=", day))

    def _open_waiting(self, name, action):
        _lines, domain = self._get_waits()[name]
        return self._open(action, domain)

    def _open(self, xmlid, domain=Domain.TRUE):
        """Return the list of the till's records in ``domain``, all of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {
            "display_name": f"{action['name']}: {self.display_name}",
            "domain": list(Domain("register_id", "=", self.id) & domain),
            # no default filter hides what was counted
            "context": {},
        }
