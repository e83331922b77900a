from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .raso_cash_sale_line import OPEN_STATES

# a message that names hundreds of items is not read
MAX_NAMES = 20


class RasoCashSaleLine(models.Model):
    """Items that a person keeps out of the stock; their money is booked anyway."""

    _inherit = "raso.cash.sale.line"

    def action_exclude(self):
        """Ask for the reason."""
        self.check_access("write")
        return self.env["raso.exclude"]._open(self)

    def action_take_in(self):
        """Undo the exclusion of items whose receipts aren't booked yet."""
        self.check_access("write")
        lines = self.sudo().filtered(
            lambda line: (
                line.state == "excluded" and line.cash_sale_id.state in OPEN_STATES
            )
        )
        if not lines:
            raise UserError(
                self.env._(
                    "Only excluded items of receipts that are not booked yet can be "
                    "taken in again. Unbook the trade document first."
                )
            )
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET state = 'white', "
                "exclude_reason = NULL WHERE id = ANY(%s)",
                lines.ids,
            )
        )
        lines.invalidate_recordset()
        lines._tell_receipts(self.env._("%(user)s took in again: %(items)s."))
        lines.cash_sale_id._go_on()
        return True

    def _exclude(self, reason):
        """Nothing is written off; money and VAT go to the type's own account.

        The product goes, so that no account, cost or lot of it can matter.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale_line
                   SET state = 'excluded', exclude_reason = %s, product_id = NULL,
                       uom_id = NULL, product_quantity = 0, warning = NULL,
                       is_late = FALSE, write_off_id = NULL
                 WHERE id = ANY(%s)
                """,
                reason,
                self.ids,
            )
        )
        self.invalidate_recordset()
        self._tell_receipts(
            self.env._("%(user)s excluded %(items)s: %(reason)s"), reason=reason
        )
        self.cash_sale_id._go_on()

    def _tell_receipts(self, text, **values):
        """Keep in every receipt's chatter who did what to its items."""
        bodies = {}
        for sale, lines in self.sorted("id").grouped("cash_sale_id").items():
            names = [line.name or line.code or line.vcode or "?" for line in lines]
            items = ", ".join(names[:MAX_NAMES])
            if len(names) > MAX_NAMES:
                items += " …"
            bodies[sale.id] = text % {
                "user": self.env.user.name,
                "items": items,
                **values,
            }
        self.cash_sale_id._message_log_batch(bodies)
