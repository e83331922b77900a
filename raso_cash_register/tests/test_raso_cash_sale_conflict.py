from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import RasoCase, document, receipt

OTHER = {"CODE": "4770001", "QTY": 2, "AMOUNT": "2.42", "VATSUM": "0.42"}


class TestRasoCashSaleConflict(RasoCase):
    def setUp(self):
        super().setUp()
        self.manager = new_test_user(
            self.env,
            "raso_manager",
            "raso_cash_register.group_raso_manager",
            name="Ona Vadovė",
        )

    def take(self, *receipts, data_type=0):
        row_id = self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_exchange(row_id)

    def make_conflict(self):
        """Return a receipt and another content of it, and export both once more."""
        self.take(receipt("1"))
        exchange = self.take(receipt("1", OTHER))
        self.assertRecordValues(exchange, [{"sale_count": 0, "conflict_count": 1}])
        return self.find_sales("1")

    def check_known_from_now_on(self):
        """Neither content makes another sale, whatever was decided."""
        count = len(self.find_sales())
        again = self.take(receipt("1"), receipt("1", OTHER))
        self.assertRecordValues(again, [{"known_count": 2, "conflict_count": 0}])
        self.assertEqual(len(self.find_sales()), count)

    def decide(self, sale, action):
        """Press a button as the manager; the person and the reason are kept."""
        getattr(sale.with_user(self.manager), action)(reason="Called the shop.")
        self.env.flush_all()

    def check_told(self, sales):
        for sale in sales:
            self.assertIn("Ona Vadovė", sale.message_ids[0].body)
            self.assertIn("Called the shop.", sale.message_ids[0].body)

    def test_conflict(self):
        ours, new = self.make_conflict()
        self.assertRecordValues(
            ours | new,
            [
                {"is_identity": True, "disputed_id": False, "amount_total": 1.21},
                {"is_identity": False, "disputed_id": ours.id, "amount_total": 2.42},
            ],
        )
        self.assertEqual((new.state, new.amount_paid), ("conflict", 2.42))
        self.assertNotEqual(ours.state, "conflict")
        self.check_known_from_now_on()

    def test_keep_ours(self):
        ours, new = self.make_conflict()
        before = ours.state
        self.decide(new, "action_keep_ours")
        self.assertEqual((ours.state, new.state), (before, "cancelled"))
        self.check_told(ours | new)
        self.check_known_from_now_on()

    def test_take_new(self):
        ours, new = self.make_conflict()
        self.decide(new, "action_take_new")
        self.assertRecordValues(
            ours | new,
            [
                {"is_identity": False, "state": "cancelled", "disputed_id": new.id},
                {"is_identity": True, "state": "new", "disputed_id": False},
            ],
        )
        self.check_told(ours | new)
        self.check_known_from_now_on()

    def test_both_real(self):
        ours, new = self.make_conflict()
        self.decide(new, "action_both_real")
        self.assertRecordValues(
            ours | new,
            [
                {"is_identity": True, "occurrence": 0},
                {"is_identity": True, "occurrence": 1},
            ],
        )
        self.assertEqual(new.state, "new")
        self.check_told(ours | new)
        self.check_known_from_now_on()

    def test_third_content(self):
        ours, new = self.make_conflict()
        self.take(receipt("1", OTHER, OTHER))
        third = self.find_sales("1")[2]
        self.assertEqual(third.disputed_id, ours)
        self.decide(new, "action_take_new")
        self.decide(third, "action_take_new")
        self.assertRecordValues(
            ours | new | third,
            [
                {"state": "cancelled", "is_identity": False},
                {"state": "cancelled", "is_identity": False},
                {"state": "new", "is_identity": True},
            ],
        )

    def test_sale_and_sf_of_one_receipt(self):
        self.take(receipt("1"))
        self.take(receipt("1", InvoiceNo="RSF1"), data_type=1)
        ours, new = self.find_sales("1")
        self.assertEqual((ours.kind, new.kind), ("sale", "sf"))
        self.assertEqual(new.disputed_id, ours)

    def test_sf_number_used_twice(self):
        self.take(receipt("1", InvoiceNo="RSF1"), data_type=1)
        exchange = self.take(
            receipt("2", OTHER, InvoiceNo="RSF1"),
            receipt("3", InvoiceNo="RSF1"),
            receipt("4", InvoiceNo="RSF2"),
            data_type=1,
        )
        # the third has the content of the first, whatever its receipt number
        self.assertRecordValues(
            exchange, [{"sale_count": 1, "conflict_count": 1, "known_count": 1}]
        )
        first, second, _fourth = self.find_sales()
        self.assertEqual(second.disputed_id, first)
        self.decide(second, "action_both_real")
        self.assertEqual(second.occurrence, 1)

    def test_decided_once(self):
        _ours, new = self.make_conflict()
        self.decide(new, "action_keep_ours")
        for action in ("action_keep_ours", "action_take_new", "action_both_real"):
            with self.assertRaisesRegex(UserError, "Cancelled"):
                self.decide(new, action)

    def test_decision_reopened(self):
        ours, new = self.make_conflict()
        self.decide(new, "action_keep_ours")
        self.decide(new, "action_uncancel")
        self.assertEqual(new.state, "conflict")
        self.decide(new, "action_take_new")
        self.decide(ours, "action_uncancel")
        self.assertEqual((ours.state, ours.disputed_id), ("conflict", new))

    def test_cancel(self):
        self.take(receipt("1"))
        sale = self.find_sales("1")
        self.decide(sale, "action_cancel")
        self.assertRecordValues(sale, [{"state": "cancelled", "hold_cause": False}])
        self.check_told(sale)
        again = self.take(receipt("1"))
        self.assertEqual(again.known_count, 1)
        self.assertEqual(sale.state, "cancelled")
        self.decide(sale, "action_uncancel")
        self.assertEqual(sale.state, "new")

    def test_booked_is_not_cancelled(self):
        self.take(receipt("1"))
        sale = self.find_sales("1")
        sale.state = "booked"
        with self.assertRaisesRegex(UserError, "unbook its trade document"):
            self.decide(sale, "action_cancel")

    def test_user_without_rights(self):
        ours, new = self.make_conflict()
        user = new_test_user(
            self.env, "raso_user", "raso_cash_register.group_raso_user"
        )
        for action in ("action_keep_ours", "action_take_new", "action_both_real"):
            with self.assertRaises(AccessError):
                getattr(new.with_user(user), action)()
        with self.assertRaises(AccessError):
            ours.with_user(user).action_cancel()

    def test_manager_of_another_company(self):
        _ours, new = self.make_conflict()
        company = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        self.manager.write({"company_ids": company.ids, "company_id": company.id})
        with self.assertRaises(AccessError):
            new.with_user(self.manager).action_keep_ours()
