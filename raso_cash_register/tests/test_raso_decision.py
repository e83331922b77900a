from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .booking import COFFEE
from .common import receipt
from .white import WhiteCase


class TestDecision(WhiteCase):
    def decide(self, sale, decision, reason=False):
        manager = new_test_user(
            self.env, "decider", "raso_cash_register.group_raso_manager"
        )
        wizard = self.env["raso.decision"].with_user(manager)
        wizard = wizard.with_context(default_sale_id=sale.id, default_decision=decision)
        form = Form(wizard)
        form.reason = reason
        form.save().action_decide()

    def make_conflict(self):
        self.take(receipt("1", COFFEE))
        self.take(receipt("1", COFFEE, COFFEE))
        return self.find_sales()

    def test_take_new(self):
        """It is booked at once, in place of the one that was booked."""
        ours, new = self.make_conflict()
        self.decide(new, "take_new", "Ona counted the receipt")
        self.assertEqual((ours.state, new.state), ("cancelled", "booked"))
        self.assertIn("Ona counted the receipt", new.message_ids[0].body)
        booked = self.find_documents(state="booked")
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 2})

    def test_keep_ours_without_reason(self):
        ours, new = self.make_conflict()
        self.decide(new, "keep_ours")
        self.assertEqual((ours.state, new.state), ("booked", "cancelled"))

    def test_both_real(self):
        _ours, new = self.make_conflict()
        self.decide(new, "both_real")
        self.assertEqual(new.state, "booked")

    def test_cancel(self):
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE))
        self.decide(self.find_sales(), "cancel", "Training")
        self.assertEqual(self.find_sales().state, "cancelled")
        self.assertIn("Training", self.find_sales().message_ids[0].body)

    def test_managers_only(self):
        _ours, new = self.make_conflict()
        with self.assertRaises(AccessError):
            self.env["raso.decision"].with_user(self.user).create(
                {"sale_id": new.id, "decision": "keep_ours"}
            )
