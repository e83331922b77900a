from odoo.tests import Form

from .booking import BookingCase, line
from .common import document

BAG = line("", 2, "0.20", "0.03", VCODE="BAG-7", NAME="Bag")
TEA = line("5550001", 3, "3.63", "0.63", NAME="Tea")


class WhiteCase(BookingCase):
    """Receipts with items that no product is known for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls.make_product("Green tea", "TEA", False, 21)
        cls.sale_type = cls.env["raso.transaction.type"].search(
            [("kind", "=", "sale"), ("company_id", "=", cls.company.id)]
        )

    def take(self, *receipts, data_type=0):
        """Fetch, match and book what may be booked."""
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_sales()

    def open_assign(self, lines, user=None):
        action = lines.with_user(user or self.user).action_assign()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return wizard.with_user(user or self.user)

    def assign(self, lines, product, user=None, remember=True):
        """Press *Assign Item* on ``lines``, choose ``product`` for all of them."""
        form = Form(self.open_assign(lines, user))
        for place in range(len(form.line_ids)):
            with form.line_ids.edit(place) as part:
                part.product_id = product
                part.is_remembered = remember
        form.save().action_assign()

    def exclude(self, lines, reason="Not ours", user=None):
        lines = lines.with_user(user or self.user)
        action = lines.action_exclude()
        model = self.env[action["res_model"]].with_user(user or self.user)
        form = Form(model.with_context(**action["context"]))
        form.reason = reason
        form.save().action_exclude()

    def find_triggers(self):
        return self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
