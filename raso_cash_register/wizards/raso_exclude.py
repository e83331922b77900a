from odoo import Command, api, fields, models


class RasoExclude(models.TransientModel):
    """Keep items out of the stock, and say why."""

    _name = "raso.exclude"
    _description = "Exclude RASO Items"

    line_ids = fields.Many2many("raso.cash.sale.line", string="Items", readonly=True)
    count = fields.Integer(
        string="Chosen Items",
        readonly=True,
        help="Items that are kept out of the stock; their money is booked all "
        "the same.",
    )
    reason = fields.Char(
        required=True,
        help="Kept in the receipt's history, with your name: why the goods stay "
        "out of the stock, e.g. “bag, not in stock”.",
    )
    skipped_text = fields.Text(
        readonly=True, help="Chosen items that can't be excluded, and why."
    )

    @api.model
    def _open(self, lines):
        """Return the window that asks why ``lines`` are excluded."""
        lines, text = lines._sort_out(("white", "ready"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exclude"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_line_ids": [Command.set(lines.ids)],
                "default_count": len(lines),
                "default_skipped_text": text,
            },
        }

    def action_exclude(self):
        self.ensure_one()
        self.line_ids.check_access("write")
        lines, _text = self.line_ids.sudo()._sort_out(("white", "ready"))
        lines._exclude(self.reason)
        return True
