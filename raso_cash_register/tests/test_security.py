from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .booking import COFFEE, BookingCase
from .common import document, receipt

MODELS = (
    *("raso.connection", "raso.exchange", "raso.exchange.issue", "raso.shop"),
    *("raso.register", "raso.cash.sale", "raso.cash.sale.line"),
    *("raso.cash.sale.payment", "raso.z.report", "raso.transaction.type"),
    *("raso.payment.kind", "raso.vat.rate", "raso.code", "raso.trade.document"),
    "raso.alarm",
)


class TestSecurity(BookingCase):
    def setUp(self):
        super().setUp()
        self.add(document(receipt("1", COFFEE)))
        self.run_cron()
        self.manager = new_test_user(
            self.env,
            "raso-manager",
            "base.group_user,raso_cash_register.group_raso_manager",
        )
        self.outsider = new_test_user(self.env, "outsider", "base.group_user")

    def test_outsiders_see_nothing(self):
        for model in MODELS:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.outsider).search([])

    def test_users_change_nothing(self):
        for model in set(MODELS) - {"raso.cash.sale.line", "raso.code"}:
            records = self.env[model].with_user(self.user)
            self.assertTrue(records.has_access("read"), model)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))

    def test_managers_never_touch_what_was_received_or_booked(self):
        for model in ("raso.exchange", "raso.cash.sale", "raso.trade.document"):
            records = self.env[model].with_user(self.manager)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))

    def test_secrets_are_for_administrators(self):
        connection = self.connection.with_user(self.manager)
        self.assertEqual(connection.server, self.standin.host)
        for field in ("login", "password"):
            with self.assertRaises(AccessError):
                connection.read([field])

    def test_other_companies_are_hidden(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        stranger = new_test_user(
            self.env,
            "stranger",
            "base.group_user,raso_cash_register.group_raso_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in MODELS:
            own = self.env[model].with_user(self.manager).search([])
            self.assertFalse(
                self.env[model].with_user(stranger).search([("id", "in", own.ids)]),
                model,
            )
        sale = self.find_sales().with_user(stranger)
        with self.assertRaises(AccessError):
            sale.action_book_now()
        with self.assertRaises(AccessError):
            self.find_documents().with_user(stranger).action_unbook()

    def test_users_may_not_book_or_unbook(self):
        for action in (
            self.find_sales().with_user(self.user).action_book_now,
            self.find_documents().with_user(self.user).action_unbook,
            self.find_documents().with_user(self.user).action_retry,
            self.connection.with_user(self.user).action_fetch_now,
            self.env["raso.setup"].with_user(self.user).create,
        ):
            with self.assertRaises(AccessError):
                action() if action.__name__ != "create" else action({})

    def test_managers_book_without_accounting_rights(self):
        documents = self.find_documents().with_user(self.manager)
        documents.action_unbook()
        self.find_sales().with_user(self.manager).action_book_now()
        self.assertEqual(self.find_documents(state="booked").supplement, 1)
        self.assertIn("raso-manager", " ".join(documents.message_ids.mapped("body")))
