from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.tools import SQL, mute_logger

from .alarm import UNKNOWN, AlarmCase
from .booking import COFFEE
from .common import document, receipt
from .z_common import coffees, z_report


class TestAlarmConnection(AlarmCase):
    def fail(self):
        """One more try that fails."""
        with self.muted("raso_connection_fetch"):
            self.run_cron()

    def age_outage(self, **ago):
        moment = fields.Datetime.now() - timedelta(**ago)
        self.connection.write({"failing_since": moment, "last_success_at": moment})

    def test_failing(self):
        self.run_cron()
        self.standin.close_port()
        self.fail()
        self.assertEqual(self.connection.failing_since, fields.Datetime.now())
        self.age_outage(minutes=50)
        self.fail()
        self.assertEqual(self.connection.failure_count, 2)
        self.assertFalse(self.find_activities("failing"))
        self.age_outage(minutes=70)
        self.fail()
        activity = self.assert_told("failing", self.connection)
        self.assertIn("Fetching from RASO has failed since", activity.summary)
        self.assertIn(str(self.standin.host), activity.note)
        self.fail()
        self.assertEqual(self.assert_told("failing", self.connection), activity)
        self.standin.open_port()
        self.run_cron()
        self.assertFalse(self.connection.failing_since)
        self.assert_closed("failing", self.connection)

    def test_failing_each_day(self):
        """Who closes it while the server is away is told again the next day."""
        self.standin.close_port()
        self.fail()
        self.age_outage(hours=3)
        self.fail()
        self.assert_told("failing", self.connection).action_done()
        self.fail()
        self.fail()
        self.assertFalse(self.find_activities("failing"))
        alarm = self.find_alarms("failing")
        alarm.write({"closed_at": alarm.closed_at - timedelta(days=1)})
        alarm.keys = ["2026-11-23"]
        self.fail()
        self.assert_told("failing", self.connection)

    def test_purge(self):
        """Ever more urgent: the alarm of the outage makes room for it."""
        self.run_cron()
        self.standin.close_port()
        self.fail()
        self.age_outage(days=6, hours=23)
        self.fail()
        self.assert_told("failing", self.connection)
        self.age_outage(days=7)
        self.fail()
        self.assertFalse(self.find_activities("failing"))
        activity = self.assert_told("purge", self.connection)
        self.assertIn("on sales are lost", activity.note)
        self.assertIn("12/01/2026", activity.note)
        self.age_outage(days=14)
        self.fail()
        self.assertEqual(self.assert_told("purge", self.connection), activity)
        self.assertIn("the first sales may be gone", activity.note)

    def test_stopped_and_forgotten(self):
        self.run_cron()
        self.connection.action_set_draft()
        self.age_outage(days=8)
        self.run_cron()
        activity = self.assert_told("purge", self.connection)
        self.assertIn("The connection was stopped", activity.note)
        self.connection.action_confirm()
        self.run_cron()
        self.assert_closed("purge", self.connection)

    def test_never_worked(self):
        self.standin.close_port()
        self.fail()
        self.connection.failing_since -= timedelta(days=8)
        self.fail()
        self.assertFalse(self.connection.last_success_at)
        self.assert_told("purge", self.connection)


class TestAlarmRun(AlarmCase):
    """In the scheduled action: cheap, and in nobody's way."""

    def test_one_company_of_two(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        stranger = self.make_user(
            "stranger",
            "raso_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.shop.user_id = stranger
        self.shop.cash_journal_id = False
        self.take(receipt("1", COFFEE))
        self.assert_told("shop", self.shop)
        alarms = self.env["raso.alarm"]
        self.assertFalse(alarms.with_user(stranger).search([]))
        self.assertTrue(alarms.with_user(self.boss).search([]))

    def test_a_fault_stops_nothing(self):
        """One kind that can't be looked for: the others are told, the run goes on."""
        self.add("<SalesSync><Sales>")
        with self.muted("raso_exchange_read"):
            self.run_cron()
        activity = self.assert_told("unread", self.connection)
        self.shop.cash_journal_id = False
        row_id = self.add(document(receipt("1", COFFEE)))
        self.rename("raso_exchange_issue", "is_solved", "is_away")
        with self.muted("raso_alarm"):
            self.run_cron()
        self.rename("raso_exchange_issue", "is_away", "is_solved")
        self.assert_told("shop", self.shop)
        self.assertEqual(self.assert_told("unread", self.connection), activity)
        self.assertEqual(self.get_row(row_id)["Status"], 1)

    def rename(self, table, column, name):
        query = SQL(
            "ALTER TABLE %s RENAME COLUMN %s TO %s",
            *map(SQL.identifier, (table, column, name)),
        )
        self.env.cr.execute(query)

    def test_one_that_cannot_be_told(self):
        """The others are told all the same."""
        self.take(receipt("1", COFFEE, ShopNo="11"), receipt("1", COFFEE, ShopNo="12"))
        self.find_activities("shop").unlink()
        self.find_alarms("shop").unlink()
        self.env.cr.execute(
            "ALTER TABLE raso_alarm ADD CONSTRAINT no_first CHECK (res_id != %s)",
            [self.env["raso.shop"].search([("number", "=", "11")]).id],
        )
        with self.muted("raso_alarm"):
            self.run_cron()
        second = self.env["raso.shop"].search([("number", "=", "12")])
        self.assert_told("shop", second)

    def test_told_by_another_process(self):
        """What it told meanwhile is left to it: nothing twice, and no complaint."""
        self.shop.cash_journal_id = False
        self.take(receipt("1", COFFEE))
        activity = self.assert_told("shop", self.shop)
        alarm = self.find_alarms("shop")
        changes, staff = self.env["raso.alarm"]._find_changes()
        self.assertFalse(changes)
        (trouble,) = alarm._gather_shop()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            list(alarm._follow([(alarm.browse(), trouble)], staff))
        self.assertEqual(self.assert_told("shop", self.shop), activity)

    def count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        changes, _staff = self.env["raso.alarm"]._find_changes()
        self.env.flush_all()
        self.assertFalse(changes)
        return self.env.cr.sql_log_count - before

    def test_budget(self):
        """Nothing new costs the same, however much is in trouble."""
        counts = []
        for first, last in ((1, 2), (2, 30)):
            self.take(
                *(
                    receipt(str(number), COFFEE, ShopNo=f"1{number}")
                    for number in range(first, last)
                ),
                *(
                    receipt(f"2{number}", UNKNOWN, PosNo=str(number))
                    for number in range(first, last)
                ),
            )
            self.take_z(
                *(
                    z_report(**coffees(2), FiscalNo=f"LT{number}", PosNo=str(number))
                    for number in range(first, last)
                )
            )
            self.age_items(25)
            self.run_cron()
            self.assertEqual(len(self.find_activities("differs")), last - 1)
            self.assertEqual(len(self.find_activities("shop")), last - 1)
            counts.append(self.count())
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 50)
