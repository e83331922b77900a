from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from .common import RasoCase


class TestRasoSettings(RasoCase):
    def make_settings(self, **vals):
        return self.env["res.config.settings"].create(vals)

    def test_timeouts_are_shared(self):
        other = self.make_connection(name="Other")
        self.make_settings(raso_login_timeout=9, raso_query_timeout=33).execute()
        self.env.invalidate_all()
        for connection in self.connection, other:
            self.assertEqual(connection.login_timeout, 9)
            self.assertEqual(connection.query_timeout, 33)
        self.assertEqual(self.make_settings().raso_query_timeout, 33)

    def test_timeouts_are_positive(self):
        with self.assertRaises(ValidationError):
            self.make_settings(raso_query_timeout=0)

    def test_only_administrators(self):
        manager = new_test_user(
            self.env, "raso-manager", "raso_cash_register.group_raso_manager"
        )
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(manager).create({}).execute()

    def test_checklist_is_one_press_away(self):
        action = self.make_settings().action_raso_checklist()
        self.assertEqual(action["res_model"], "raso.checklist")
        self.assertEqual(action["res_id"], self.company.id)
