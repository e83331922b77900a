import re
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.compare import RECEIPT_COUNT, RETURN_COUNT
from .window import open_records

COUNTS = (RECEIPT_COUNT, RETURN_COUNT)
NUMBERED = re.compile(r"([A-Za-z]+?)([1-5])")


class RasoZReport(models.Model):
    _inherit = "raso.z.report"

    figures_text = fields.Text(string="All Figures", compute="_compute_figures_text")
    comparison_html = fields.Html(
        string="Received and Z", compute="_compute_comparison_html"
    )
    difference_text = fields.Text(
        string="Differences", compute="_compute_difference_text"
    )

    @api.depends("number", "register_id", "day")
    def _compute_display_name(self):
        for report in self:
            till = report.register_id.display_name
            report.display_name = f"Z {report.number} · {till} ({report.day})"

    @api.depends("figures")
    def _compute_figures_text(self):
        for report in self:
            figures = report.figures or {}
            report.figures_text = "\n".join(
                f"{name}: {value}" for name, value in sorted(figures.items())
            )

    @api.depends("causes")
    @api.depends_context("lang")
    def _compute_difference_text(self):
        for report in self:
            lines = report._explain_causes(report.causes, report.currency_id)
            report.difference_text = "\n".join(lines) or False

    @api.depends("comparison")
    @api.depends_context("lang")
    def _compute_comparison_html(self):
        """A table of what was received, what the report says, and the difference."""
        head = Markup(
            "<table class='table table-sm'><tr><th/><th class='text-end'>{}</th>"
            "<th class='text-end'>{}</th><th class='text-end'>{}</th></tr>"
        ).format(self.env._("Received"), self.env._("Z"), self.env._("Difference"))
        for report in self:
            rows = Markup("").join(
                report._prepare_row(figure, Decimal(ours), Decimal(z))
                for figure, ours, z in report.comparison or []
            )
            report.comparison_html = rows and head + rows + Markup("</table>")

    def _prepare_row(self, figure, ours, z):
        def show(number):
            if figure in COUNTS:
                return str(number)
            return self.currency_id.format(float(number))

        gap = ours - z
        return Markup(
            "<tr class='{}'><td>{}</td><td class='text-end'>{}</td>"
            "<td class='text-end'>{}</td><td class='text-end'>{}</td></tr>"
        ).format(
            "table-danger" if gap else "",
            self._label_figure(figure),
            show(ours),
            show(z),
            show(gap) if gap else "",
        )

    @api.model
    def _label_figure(self, figure):
        """Return RASO's name of a figure in words."""
        labels = {
            "DienosApyvarta": self.env._("Turnover"),
            "GrazinimuSuma": self.env._("Returns"),
            "FiskaliniuKvituKiekis": self.env._("Number of receipts"),
            "GrazinimuKartai": self.env._("Number of returns"),
            "TarosSuma": self.env._("Tara"),
            "DienosApyvartaGrynaisiais": self.env._("Paid in cash"),
        }
        if figure in labels:
            return labels[figure]
        name, number = NUMBERED.fullmatch(figure).groups()
        numbered = {
            "SumaBePVM": self.env._("Net, VAT group %(number)s", number=number),
            "PVMSuma": self.env._("VAT, group %(number)s", number=number),
            "GrazinimoSumaBePVM": self.env._(
                "Returns net, VAT group %(number)s", number=number
            ),
            "GrazinimoPVMSuma": self.env._(
                "Returns VAT, group %(number)s", number=number
            ),
            "DienosApyvartaKreditan": self.env._(
                "Payment counter %(number)s", number=number
            ),
        }
        return numbered[name]

    @api.model
    def _explain_causes(self, causes, currency):
        """Return a line for each cause of a difference."""
        return [
            getattr(self, f"_explain_{code}")(
                **{
                    name: currency.format(float(Decimal(value)))
                    if name == "amount"
                    else value
                    for name, value in values.items()
                }
            )
            for code, values in causes or []
        ]

    def _explain_cancelled(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s was cancelled here, the till counts it.",
            name=name,
            amount=amount,
        )

    def _explain_conflict(self, name, amount):
        return self.env._(
            "Receipt %(name)s came twice; the difference of its contents is "
            "%(amount)s: the one that came later is right.",
            name=name,
            amount=amount,
        )

    def _explain_held(self, name, amount):
        return self.env._(
            "Held receipt %(name)s of %(amount)s isn't counted by the till: look at it "
            "and cancel it if it was never printed.",
            name=name,
            amount=amount,
        )

    def _explain_repeated(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s was said to be real a second time; the "
            "till counts it once.",
            name=name,
            amount=amount,
        )

    def _explain_next(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s, sold after the report was printed, is "
            "counted in it: the clocks differ.",
            name=name,
            amount=amount,
        )

    def _explain_previous(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s, sold before the report before this one, "
            "is counted in this one: the clocks differ.",
            name=name,
            amount=amount,
        )

    def _explain_to_next(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s, sold before the report was printed, is "
            "counted in the next one: a receipt after midnight, or the clocks differ.",
            name=name,
            amount=amount,
        )

    def _explain_to_previous(self, name, amount):
        return self.env._(
            "Receipt %(name)s of %(amount)s, sold after the report before this one, "
            "is counted there: a receipt after midnight, or the clocks differ.",
            name=name,
            amount=amount,
        )

    def _explain_missing(self, numbers, count):
        return self.env._(
            "Receipts missing: %(numbers)s (%(count)s in all). Press Check for Missing "
            "on the connection, or have RASO export them again.",
            numbers=numbers,
            count=count,
        )

    def _explain_skipped(self, numbers):
        return self.env._(
            "Z report %(numbers)s of this device is missing, so its receipts count "
            "here: press Check for Missing on the connection.",
            numbers=numbers,
        )

    def _explain_unreadable(self, count):
        return self.env._(
            "Parts of its documents that could not be read: %(count)s. See the page "
            "Not Readable of their exchanges.",
            count=count,
        )

    def _explain_others(self, count):
        return self.env._(
            "Sales from the data provider that isn't booked: %(count)s. Check Booked "
            "From on the shop.",
            count=count,
        )

    def _explain_unrated(self, amount):
        return self.env._(
            "Items of %(amount)s have no VAT rate, or a rate without a tax group of "
            "the tills: see Configuration ▸ RASO ▸ VAT Rates.",
            amount=amount,
        )

    def _explain_uncounted(self, amount):
        return self.env._(
            "Payments of %(amount)s are of kinds that no counter of the Z report "
            "is set for: see Configuration ▸ RASO ▸ Payment Kinds.",
            amount=amount,
        )

    def _explain_unpaid(self, amount):
        return self.env._(
            "SF of %(amount)s were sold on account: the till counts them as paid.",
            amount=amount,
        )

    def _explain_unexplained(self, figures):
        return self.env._(
            "Unexplained: %(figures)s. Compare with the report on paper.",
            figures=", ".join(map(self._label_figure, figures.split(","))),
        )

    def action_view_sales(self):
        """What was received of the report."""
        self.ensure_one()
        return open_records(
            self.env["raso.cash.sale"],
            self.env._("Cash Sales"),
            domain=[("z_report_id", "=", self.id)],
        )
