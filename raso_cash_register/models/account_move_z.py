from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    raso_z_report_id = fields.Many2one(
        "raso.z.report",
        string="Z Report",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The Z report whose cash put in or taken out this entry books.",
    )

    def _check_not_booked(self):
        """:raise UserError: an entry of a booked document or Z report"""
        result = super()._check_not_booked()
        report = self.raso_z_report_id.filtered("is_cash_booked")[:1]
        if report:
            raise UserError(
                self.env._(
                    "This entry books cash put in or taken out by Z report %(number)s. "
                    "Use Take Back on that report.",
                    number=report.number,
                )
            )
        return result
