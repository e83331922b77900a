from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..exceptions import SetupError
from ..models.rights import ensure_manager


class RasoRevenue(models.TransientModel):
    """*Make revenue entry*: shows the entries of daily sheets, then makes them."""

    _name = "raso.revenue"
    _description = "RASO Make Revenue Entry"

    document_ids = fields.Many2many(
        "raso.trade.document", string="Trade Documents", readonly=True
    )
    line_ids = fields.One2many("raso.revenue.line", "revenue_id", string="Entries")
    trouble = fields.Text(
        readonly=True, help="What keeps some of the documents from being entered."
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        documents = self.env["raso.trade.document"].browse(
            self.env.context.get("active_ids", [])
        )
        documents.check_access("read")
        todo = documents.filtered(
            lambda document: (
                document.state == "booked"
                and document.revenue_state in ("todo", "held")
            )
        )
        if not todo:
            raise UserError(
                self.env._(
                    "None of these documents waits for a revenue entry. Choose booked "
                    "daily sheets whose Revenue Entry is “To make” or “Held”."
                )
            )
        lines, troubles = [], []
        for document in todo:
            try:
                lines += self._prepare_lines(document.sudo())
            except SetupError as err:
                troubles.append(f"{document.name}: {err}")
        return values | {
            "document_ids": [Command.set(todo.ids)],
            "line_ids": [Command.create(line) for line in lines],
            "trouble": "\n".join(troubles),
        }

    def _prepare_lines(self, document):
        document = document.with_company(document.company_id)
        document._check_revenue()
        entry = document._prepare_revenue_entry()
        yield from (
            self._prepare_line(document, line, place)
            for place, line in enumerate(entry)
        )
        kind = document.transaction_type_id
        if kind.is_split and not kind.is_direct:
            for line in document._preview_payments():
                yield self._prepare_line(document, line, -1)

    def _prepare_line(self, document, line, place):
        balance = line["balance"]
        return {
            "document_id": document.id,
            "place": place,
            "account_id": line["account_id"],
            "name": line["name"],
            "debit": max(balance, 0),
            "credit": max(-balance, 0),
            "is_revenue": line.get("display_type") == "product",
        }

    def action_make(self):
        """Make the entries; a document that can't be entered says why."""
        self.ensure_one()
        ensure_manager(self.env)
        for document in self.document_ids:
            lines = self.line_ids.filtered(
                lambda line, document=document: (
                    line.document_id == document and line.is_revenue
                )
            )
            document.sudo()._try_revenue(
                {
                    line.place: (line.debit - line.credit, line.account_id)
                    for line in lines
                }
            )
        # back to the list or the document that it was opened from
        return {"type": "ir.actions.act_window_close"}


class RasoRevenueLine(models.TransientModel):
    _name = "raso.revenue.line"
    _description = "RASO Make Revenue Entry: Line"

    revenue_id = fields.Many2one("raso.revenue", required=True, ondelete="cascade")
    document_id = fields.Many2one("raso.trade.document", readonly=True)
    currency_id = fields.Many2one(related="document_id.currency_id")
    place = fields.Integer(readonly=True)
    account_id = fields.Many2one(
        "account.account",
        help="The account that the line is booked on. Only that of a revenue "
        "line can be changed here.",
    )
    name = fields.Char(readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    is_revenue = fields.Boolean(readonly=True)
