from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .rights import ensure_manager


class RasoCashSale(models.Model):
    """The ways out of a conflict, and cancelling: a person decides, by name.

    The reason, where one was given, is kept with the name in the chatter.
    """

    _inherit = "raso.cash.sale"

    def action_keep_ours(self, reason=""):
        """The receipt that came first is right: this one is cancelled."""
        sale = self._start_decision(["conflict"])
        sale.state = "cancelled"
        text = self.env._("%(user)s kept the receipt that came first.%(reason)s")
        return (sale | sale.disputed_id)._tell_decision(text, reason)

    def action_take_new(self, reason=""):
        """This receipt is right: what stands in its place is unbooked and cancelled."""
        sale = self._start_decision(["conflict"])
        rivals = sale._find_rivals()
        for document in rivals.trade_document_id:
            document._unbook(
                self.env._("Receipt %(name)s came anew.", name=sale.display_name)
            )
        occurrence = max(rivals.mapped("occurrence"), default=0)
        rivals.write(
            {"state": "cancelled", "is_identity": False, "disputed_id": sale.id}
        )
        rivals.flush_recordset()
        sale.write(
            {
                "state": "new",
                "is_identity": True,
                "disputed_id": False,
                "occurrence": occurrence,
            }
        )
        text = self.env._("%(user)s took the receipt that came later.%(reason)s")
        return (sale | rivals)._tell_decision(text, reason)

    def action_both_real(self, reason=""):
        """Both were sold: this one is the next occurrence of its number."""
        sale = self._start_decision(["conflict"])
        rivals = sale._find_rivals(any_occurrence=True)
        sale.write(
            {
                "state": "new",
                "is_identity": True,
                "occurrence": max(rivals.mapped("occurrence"), default=-1) + 1,
            }
        )
        text = self.env._("%(user)s said that both receipts are real.%(reason)s")
        return (sale | sale.disputed_id)._tell_decision(text, reason)

    def action_cancel(self, reason=""):
        """Never book the receipt; it stays here and isn't taken anew."""
        sale = self._start_decision(["new", "matched", "held", "before_start"])
        sale.write({"state": "cancelled", "hold_cause": False, "hold_text": False})
        text = self.env._("%(user)s cancelled the receipt.%(reason)s")
        return sale._tell_decision(text, reason)

    def action_uncancel(self, reason=""):
        """Take a cancelled receipt in hand again, as it was before."""
        sale = self._start_decision(["cancelled"])
        sale.state = "new" if sale.is_identity else "conflict"
        text = self.env._("%(user)s took the receipt in hand again.%(reason)s")
        return sale._tell_decision(text, reason)

    def _start_decision(self, states):
        """Check that it may be decided on, lock the till, and go on as superuser."""
        self.ensure_one()
        ensure_manager(self.env)
        self.check_access("read")
        sale = self.sudo()
        register = sale.register_id.try_lock_for_update(allow_referencing=True)
        if not register:
            raise UserError(
                self.env._(
                    "Till %(till)s is being booked right now: try again in a minute.",
                    till=sale.register_id.display_name,
                )
            )
        if sale.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Receipt %(name)s is “%(state)s”, so this can't be done. If it is "
                    "booked, unbook its trade document first.",
                    name=sale.display_name,
                    state=labels[sale.state],
                )
            )
        return sale

    def _find_rivals(self, any_occurrence=False):
        """Return the receipts that stand in the way of this one's identity."""
        same_number = (
            Domain("register_id", "=", self.register_id.id)
            & Domain("number", "=", self.number)
            & Domain("day", "=", self.day)
            & Domain("series", "=", self.series)
        )
        same_invoice = (
            Domain("invoice_no", "!=", False)
            & Domain("invoice_no", "=", self.invoice_no)
            & Domain("kind", "=", self.kind)
        )
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("provider", "=", self.provider)
            & Domain("is_identity", "=", True)
            & (same_number | same_invoice)
        )
        if not any_occurrence:
            domain &= Domain("occurrence", "=", self.disputed_id.occurrence)
        return self.search(domain)

    def _tell_decision(self, text, reason):
        body = text % {"user": self.env.user.name, "reason": reason and f" {reason}"}
        for sale in self:
            sale.message_post(body=body)
        return True
