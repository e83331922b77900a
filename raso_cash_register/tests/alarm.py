from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from .booking import line
from .z_common import DayCase

UNKNOWN = line("4779999", NAME="Stranger")


class AlarmCase(DayCase):
    """The tills' responsible, who is told of what goes wrong."""

    def setUp(self):
        super().setUp()
        self.boss = self.make_user("boss")
        self.connection.user_id = self.boss

    def make_user(self, login, group="raso_user", **vals):
        return new_test_user(
            self.env, login, f"base.group_user,raso_cash_register.group_{group}", **vals
        )

    def find_activities(self, kind, record=None, done=False):
        activities = self.env["mail.activity"].with_context(active_test=not done)
        domain = [
            ("activity_type_id", "=", self.get_type(kind).id),
            ("automated", "=", True),
        ]
        if record:
            domain += [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return activities.search(domain)

    def get_type(self, kind):
        return self.env.ref(f"raso_cash_register.mail_activity_type_{kind}")

    def assert_told(self, kind, record, user=None, count=1):
        """Exactly one activity of this kind is open, on ``record``."""
        activity = self.find_activities(kind)
        self.assertEqual(len(activity), count)
        self.assertRecordValues(
            activity,
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "user_id": (user or self.boss).id,
                }
            ]
            * count,
        )
        return activity

    def assert_closed(self, kind, record):
        """Nothing is open; what was is done, and the chatter says why."""
        self.assertFalse(self.find_activities(kind))
        done = self.find_activities(kind, record, done=True)
        self.assertEqual(set(done.mapped("feedback")), {"The cause is gone."})
        self.assertFalse(self.find_alarms(kind))

    def find_alarms(self, kind):
        return self.env["raso.alarm"].search([("kind", "=", kind)])

    def age_items(self, hours):
        """As if all items had come ``hours`` ago."""
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(hours=hours)
        self.env.cr.execute("UPDATE raso_cash_sale_line SET write_date = %s", [moment])
        self.env.invalidate_all()

    def pass_pause(self, kind):
        """As if the activity had been closed a day ago."""
        self.find_alarms(kind).closed_at -= timedelta(days=1)
