from odoo import fields, models


class RasoDecision(models.TransientModel):
    """What a person decides on a receipt, and why."""

    _name = "raso.decision"
    _description = "Decision on a RASO Receipt"

    sale_id = fields.Many2one(
        "raso.cash.sale", string="Receipt", required=True, readonly=True
    )
    disputed_id = fields.Many2one(related="sale_id.disputed_id")
    decision = fields.Selection(
        [
            ("keep_ours", "Keep ours"),
            ("take_new", "Take the new one"),
            ("both_real", "Both are real"),
            ("cancel", "Cancel the receipt"),
        ],
        required=True,
        readonly=True,
        help="What happens with the receipt once you confirm.",
    )
    reason = fields.Text(help="Kept in the receipt's history, with your name.")

    def action_decide(self):
        self.ensure_one()
        decide = getattr(self.sale_id, f"action_{self.decision}")
        decide(reason=self.reason or "")
        self.sale_id.sudo()._go_on()
        return True
