from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_undo_reconciliation(self):
        self.move_id._check_not_booked()
        return super().action_undo_reconciliation()
