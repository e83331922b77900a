from odoo import api, fields, models


class RasoZReport(models.Model):
    _inherit = "raso.z.report"

    figures_text = fields.Text(string="All Figures", compute="_compute_figures_text")

    @api.depends("figures")
    def _compute_figures_text(self):
        for report in self:
            figures = report.figures or {}
            report.figures_text = "\n".join(
                f"{name}: {value}" for name, value in sorted(figures.items())
            )
