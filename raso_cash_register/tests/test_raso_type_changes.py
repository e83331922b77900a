from odoo.exceptions import ValidationError

from .booking import COFFEE
from .common import receipt
from .z_common import DayCase, z_report


class TypeDayCase(DayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sale_type = cls.env["raso.transaction.type"].search(
            [("kind", "=", "sale"), ("company_id", "=", cls.company.id)]
        )

    def copy_receivable(self):
        return self.sale_type.receivable_account_id.copy({"code": "241990"})


class TestTypeThatChanged(TypeDayCase):
    """What was booked stays what it is, whatever its type says now."""

    def test_locked_cash_is_answered_on_its_own_account(self):
        self.take(receipt("1", COFFEE))
        booked = self.find_documents()
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.sale_type.receivable_account_id = self.copy_receivable()
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})
        self.assert_settled()

    def test_day_with_another_receivable(self):
        self.take(receipt("1", COFFEE))
        self.sale_type.receivable_account_id = self.copy_receivable()
        day = self.get_day()
        day.action_check()
        self.assertEqual(self.codes(day), ["unreported"])

    def test_day_of_a_type_that_once_was_direct(self):
        """The choice is hidden where it means nothing."""
        self.sale_type.is_direct = True
        self.take(receipt("1", COFFEE))
        self.assertEqual(self.codes(self.get_day()), ["unreported"])

    def test_prepared_is_confirmed_as_it_was_prepared(self):
        self.sale_type.is_draft = True
        self.take(receipt("1", COFFEE))
        for vals in (
            {"trade": "later"},
            {"is_split": False},
            {"is_stock": False},
            {"receivable_account_id": self.copy_receivable().id},
        ):
            with self.assertRaisesRegex(ValidationError, "SALE/01/1/2026-11-22"):
                self.sale_type.write(vals)
        self.find_documents().action_unbook()
        self.sale_type.is_split = False

    def test_waiting_receipts_follow_the_new_rule(self):
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE))
        own = self.sale_type.copy({"code": "S1", "shop_id": self.shop.id})
        self.take_z(z_report())
        self.assertEqual(self.find_documents().transaction_type_id, own)

    def test_waiting_receipts_leave_an_archived_rule(self):
        own = self.sale_type.copy({"code": "S1", "shop_id": self.shop.id, "ripe": "z"})
        self.take(receipt("1", COFFEE))
        own.active = False
        self.run_cron()
        self.assertEqual(self.find_documents().transaction_type_id, self.sale_type)

    def test_waiting_receipts_take_the_new_tax(self):
        self.sale_type.ripe = "z"
        self.coffee.taxes_id = False
        rate = self.env["raso.vat.rate"].search(
            [("company_id", "=", self.company.id), ("percent", "=", 21)]
        )
        self.take(receipt("1", COFFEE))
        rate.tax_id = rate.tax_id.copy({"name": "21 % again"})
        self.take_z(z_report())
        taxes = self.find_documents().move_ids.line_ids.tax_line_id
        self.assertEqual(taxes, rate.tax_id)
