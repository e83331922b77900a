from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase

from .booking import BookingCase
from .common import RasoCase
from .standin import local_time


class BrowserCase(HttpCase, RasoCase):
    """A connection to the stand-in, and a browser.

    A browser's clock can't be stopped: all clocks go, and ``day`` is yesterday.
    """

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = fields.Date.to_string(fields.Date.today() - timedelta(days=1))

    @classmethod
    def stop_clock(cls):
        """Leave it going."""

    def get_local_time(self):
        return local_time()

    def run_cron(self):
        self.connection.next_try_at = False
        # the class is in the registry's test mode from its start to its end
        self.cron.method_direct_trigger()

    @classmethod
    def make_user(cls, login, *groups, raso="manager", **vals):
        """Make a user whose password is the login."""
        groups = ("base.group_user", *groups)
        if raso:
            groups += (f"raso_cash_register.group_raso_{raso}",)
        return cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "tz": "Europe/Vilnius",
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                **vals,
            }
        )


class TourCase(BrowserCase, BookingCase):
    """A set-up company and its accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.make_user("accountant", "account.group_account_manager")
