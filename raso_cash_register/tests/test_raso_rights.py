from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import file_open

from .common import RasoCase, document, receipt

USER = "raso_cash_register.group_raso_user"
MANAGER = "raso_cash_register.group_raso_manager"


class TestRasoRights(RasoCase):
    """Who may do what with connections and exchanges, and what a copy may do."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(self.env, "raso_user", USER)
        self.manager = new_test_user(self.env, "raso_manager", MANAGER)
        self.stranger = new_test_user(self.env, "raso_stranger", "base.group_user")

    def test_connection_is_for_managers(self):
        for action in (
            *("action_test", "action_confirm", "action_set_draft"),
            *("action_fetch_now", "action_check_missing"),
        ):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self.connection.with_user(self.user), action)()
        connection = self.connection.with_user(self.manager)
        connection.action_test()
        connection.action_set_draft()
        connection.action_confirm()
        connection.action_check_missing()

    def test_password_is_for_administrators(self):
        connection = self.connection.with_user(self.manager)
        with self.assertRaises(AccessError):
            connection.read(["password"])
        with self.assertRaises(AccessError):
            connection.password = "mine"

    def test_documents_are_for_raso_users(self):
        row_id = self.add(document(receipt("1"), receipt(None)))
        self.run_cron()
        exchange = self.find_exchange(row_id)
        attachment = exchange.attachment_id
        self.assertTrue(attachment.with_user(self.user).raw)
        with self.assertRaises(AccessError):
            attachment.with_user(self.stranger).read(["raw"])
        with self.assertRaises(AccessError):
            attachment.with_user(self.manager).write({"raw": b"other"})
        with self.assertRaises(AccessError):
            exchange.with_user(self.user).action_read_anyway()
        with self.assertRaises(AccessError):
            exchange.with_user(self.stranger).action_read_again()
        exchange.with_user(self.user).action_read_again()
        self.assertEqual(exchange.state, "received")

    def test_neutralized_copy_fetches_nothing(self):
        with file_open("raso_cash_register/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.env.invalidate_all()
        self.assertRecordValues(
            self.connection, [{"state": "draft", "password": False}]
        )
        self.assertFalse(self.cron.active)
        self.connection.action_confirm()
        self.assertFalse(self.cron.active)
