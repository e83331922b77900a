from odoo import fields, models

from .told import Told


class RasoExchangeIssue(models.Model):
    """A part of a document that could not be read, and why."""

    _name = "raso.exchange.issue"
    _description = "RASO Exchange Issue"
    _order = "exchange_id desc, position, id"
    _rec_name = "reason"

    exchange_id = fields.Many2one(
        "raso.exchange", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="exchange_id.company_id", store=True)
    position = fields.Integer(help="Which receipt of the document, counted from 1.")
    place = Told(help="Line, receipt and element where it stands.")
    fragment = fields.Text(help="The beginning of that part, as RASO sent it.")
    reason = Told(required=True, help="Why it could not be read, and the way out.")
    is_solved = fields.Boolean(
        string="Solved",
        help="The document was read again since: only later issues count.",
    )
