from markupsafe import Markup

from odoo import api, fields, models


class RasoConnection(models.Model):
    _inherit = "raso.connection"

    is_set_up = fields.Boolean(compute="_compute_is_set_up")

    def _compute_is_set_up(self):
        for connection in self:
            checklist = self.env["raso.checklist"].browse(connection.company_id.id)
            connection.is_set_up = checklist.is_done

    def action_open_checklist(self):
        """Open the checklist of the connection's company."""
        self.ensure_one()
        checklists = self.env["raso.checklist"].with_company(self.company_id)
        return checklists.action_open()


class RasoChecklistHint(models.AbstractModel):
    """A list that is empty because the set-up isn't finished says so, with a link."""

    _name = "raso.checklist.hint"
    _description = "RASO Set-up Hint of Empty Lists"

    @api.model
    def get_empty_list_help(self, help_message):
        help_message = super().get_empty_list_help(help_message)
        checklist = self.env["raso.checklist"].browse(self.env.company.id)
        if not checklist.has_access("read") or checklist.is_done:
            return help_message
        return Markup(
            '%s<p><a type="action" class="btn btn-primary" href="#" '
            'data-model="raso.checklist" data-method="action_open">%s</a></p>'
        ) % (
            Markup(help_message or ""),
            self.env._(
                "Go on with the set-up: %(done)s of %(count)s steps are done",
                done=checklist.done_count,
                count=checklist.step_count,
            ),
        )


class RasoCashSale(models.Model):
    _name = "raso.cash.sale"
    _inherit = ["raso.cash.sale", "raso.checklist.hint"]


class RasoCashSaleLine(models.Model):
    _name = "raso.cash.sale.line"
    _inherit = ["raso.cash.sale.line", "raso.checklist.hint"]


class RasoTradeDocument(models.Model):
    _name = "raso.trade.document"
    _inherit = ["raso.trade.document", "raso.checklist.hint"]


class RasoRegisterDay(models.Model):
    _name = "raso.register.day"
    _inherit = ["raso.register.day", "raso.checklist.hint"]


class RasoZReport(models.Model):
    _name = "raso.z.report"
    _inherit = ["raso.z.report", "raso.checklist.hint"]


class RasoExchange(models.Model):
    _name = "raso.exchange"
    _inherit = ["raso.exchange", "raso.checklist.hint"]


class RasoShop(models.Model):
    _name = "raso.shop"
    _inherit = ["raso.shop", "raso.checklist.hint"]
