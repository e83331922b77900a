from collections import Counter

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .raso_cash_sale_line import OPEN_STATES


class RasoCashSaleLine(models.Model):
    """Choosing products by hand, one item or many."""

    _inherit = "raso.cash.sale.line"

    def write(self, vals):
        """A person chooses the product of items; their receipts are matched again.

        :raise UserError: the item can't change any more
        :raise AccessError: something else is to be changed
        """
        if self.env.su:
            return super().write(vals)
        if set(vals) - {"product_id"}:
            raise AccessError(
                self.env._("Items stay as the till sent them: only choose a product.")
            )
        for line in self:
            obstacle = line._find_obstacle(("white", "ready"))
            if obstacle:
                raise UserError(line._explain_obstacle(obstacle))
        result = super().write(vals)
        lines = self.sudo()
        lines._assign(self.env["product.product"].browse(vals.get("product_id") or ()))
        lines.cash_sale_id._go_on()
        return result

    def action_assign(self):
        """Ask for the products of these items, as many as were received alike."""
        self.check_access("write")
        return self.env["raso.assign"]._open(self)

    def _assign(self, product):
        """Take ``product`` as it is: the till's quantity counts its own unit."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale_line
                   SET product_id = %s, uom_id = %s, product_quantity = quantity,
                       state = %s, warning = NULL, write_off_id = NULL
                 WHERE id = ANY(%s)
                """,
                product.id or None,
                product.uom_id.id or None,
                "ready" if product else "white",
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _find_obstacle(self, states):
        """Return why the item can't be changed, a key, or None if it can.

        :param states: the states in which the change has a sense
        """
        sale = self.cash_sale_id
        if sale.state == "booked":
            # late: its money is booked, its goods aren't
            if not self.is_late:
                return "booked"
        elif sale.state == "conflict":
            return "conflict"
        elif sale.state not in OPEN_STATES:
            return "closed"
        if self.state in states:
            return None
        return "excluded" if self.state == "excluded" else "assigned"

    def _explain_obstacle(self, obstacle):
        texts = {
            "booked": self.env._(
                "Receipt %(number)s is booked: unbook its trade document to "
                "change its items.",
                number=self.number,
            ),
            "conflict": self.env._(
                "Receipt %(number)s is in conflict with another one: decide first "
                "which of them is real.",
                number=self.number,
            ),
            "closed": self.env._(
                "Receipt %(number)s is not to be booked, so its items need no "
                "product. Restore it first if it was cancelled.",
                number=self.number,
            ),
            "excluded": self.env._(
                "Item %(item)s of receipt %(number)s is excluded: take it in again "
                "first.",
                item=self.name,
                number=self.number,
            ),
            "assigned": self.env._(
                "Item %(item)s of receipt %(number)s has a product already.",
                item=self.name,
                number=self.number,
            ),
        }
        return texts[obstacle]

    def _sort_out(self, states):
        """Return the items that may be changed, and what to say of the others.

        :raise UserError: none may
        """
        self.cash_sale_id.fetch(["state"])
        obstacles = {line: line._find_obstacle(states) for line in self}
        lines = self.filtered(lambda line: not obstacles[line])
        counts = Counter(obstacle for obstacle in obstacles.values() if obstacle)
        names = {
            "booked": self.env._("their receipts are booked"),
            "conflict": self.env._("their receipts are in conflict"),
            "closed": self.env._("their receipts are not to be booked"),
            "excluded": self.env._("they are excluded"),
            "assigned": self.env._("they have a product already"),
        }
        text = "\n".join(
            self.env._(
                "Skipped, as %(reason)s: %(count)s.",
                reason=names[obstacle],
                count=count,
            )
            for obstacle, count in counts.items()
        )
        if not lines:
            raise UserError(
                self.env._(
                    "None of the chosen items can be changed.\n%(why)s", why=text
                )
            )
        return lines, text
