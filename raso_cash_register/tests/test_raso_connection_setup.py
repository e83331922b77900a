from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .common import RasoCase, document, receipt


class TestRasoConnectionSetup(RasoCase):
    """Buttons and checks of a connection."""

    def test_button_test(self):
        action = self.connection.action_test()
        self.assertEqual(action["params"]["type"], "success")
        self.assertTrue(self.connection.tested_at)
        self.assertFalse(self.get_updates()[0]["SyncDataExportId"])
        self.connection.password = "wrong"
        with self.assertRaisesRegex(UserError, "refuses user"):
            self.connection.action_test()
        self.standin.close_port()
        with self.assertRaisesRegex(UserError, "can't be reached"):
            self.connection.action_test()

    def test_confirming_starts_the_scheduled_action(self):
        self.assertTrue(self.cron.active)
        self.connection.action_set_draft()
        self.add(document(receipt("101")))
        self.run_cron()
        self.assertFalse(self.standin.calls)

    def test_confirming_needs_settings(self):
        draft = self.make_connection(name="Draft", database=False)
        with (
            self.assertRaisesRegex(ValidationError, "enter the server"),
            self.env.cr.savepoint(),
        ):
            draft.action_confirm()
        draft.write({"database": "X", "is_all_shops": False})
        with self.assertRaisesRegex(ValidationError, "takes no shop at all"):
            draft.action_confirm()

    def test_only_euro(self):
        company = self.env["res.company"].create(
            {"name": "Dollars", "currency_id": self.env.ref("base.USD").id}
        )
        with self.assertRaisesRegex(ValidationError, "USD"):
            self.make_connection(name="USD", company_id=company.id)

    def test_only_one_takes_all_shops(self):
        second = self.make_connection(name="Second", server=self.connection.server)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            second.action_confirm()

    def test_fetch_now(self):
        self.standin.close_port()
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertTrue(self.connection.next_try_at)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.connection.action_fetch_now()
        self.assertFalse(self.connection.next_try_at)
        self.assertGreater(
            self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]),
            triggers,
        )
        self.cron.active = False
        with self.assertRaisesRegex(UserError, "switched off"):
            self.connection.action_fetch_now()
        self.connection.action_set_draft()
        with self.assertRaisesRegex(UserError, "Confirm"):
            self.connection.action_fetch_now()
