from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .booking import COFFEE, line
from .common import DAY, document, receipt
from .z_common import DayCase, coffees, z_report

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


class TestAlarm(AlarmCase):
    """When there is an activity, whose it is, and when it goes."""

    def test_all_is_well(self):
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(1)))
        self.assertFalse(self.env["raso.alarm"].search([]))
        self.assertFalse(self.env["mail.activity"].search([("automated", "=", True)]))

    def test_shop(self):
        """A shop that came by itself, told at once and only once."""
        self.take(receipt("1", COFFEE, ShopNo="02", PosNo="7"))
        shop = self.env["raso.shop"].search([("number", "=", "02")])
        activity = self.assert_told("shop", shop)
        self.assertEqual(activity.summary, "The shop needs set-up. Receipts held: 1")
        self.assertIn("no warehouse", activity.note)
        self.take(receipt("2", COFFEE, ShopNo="02", PosNo="7"))
        self.assertEqual(self.assert_told("shop", shop), activity)
        self.assertIn("held: 2", activity.summary)
        shop.write(
            {
                "warehouse_id": self.warehouse.id,
                "cash_journal_id": self.cash_journal.id,
            }
        )
        self.run_cron()
        self.assert_closed("shop", shop)

    def test_till(self):
        self.shop.cash_journal_id = False
        self.take(receipt("1", COFFEE))
        activity = self.assert_told("shop", self.shop)
        self.assertIn("cash of till Till 1.", activity.note)
        self.till.cash_journal_id = self.cash_journal
        self.run_cron()
        self.assert_closed("shop", self.shop)

    def test_archived_shop(self):
        self.shop.write({"cash_journal_id": False, "active": False})
        self.take(receipt("1", COFFEE))
        self.assertFalse(self.find_activities("shop"))

    def test_white(self):
        """Of items that wait for a day: one activity for a shop, with its figures."""
        self.take(receipt("1", UNKNOWN), receipt("2", UNKNOWN, line("4778888")))
        self.age_items(23)
        self.run_cron()
        self.assertFalse(self.find_activities("white"))
        self.age_items(25)
        self.run_cron()
        activity = self.assert_told("white", self.shop)
        self.assertIn("Items wait for a product: 3, since", activity.summary)
        self.assertIn("Stranger [4779999] × 2", activity.note)
        self.coffee.barcode = "4779999"
        self.run_cron()
        self.assertEqual(self.assert_told("white", self.shop), activity)
        self.assertIn("product: 1,", activity.summary)
        self.assertNotIn("Stranger", activity.note)
        self.book_item.barcode = "4778888"
        self.run_cron()
        self.assert_closed("white", self.shop)

    def test_white_whose_money_is_booked(self):
        self.env["raso.transaction.type"].search([]).white_policy = "money"
        self.take(receipt("1", UNKNOWN))
        self.assertEqual(self.find_sales().state, "booked")
        self.age_items(25)
        self.run_cron()
        self.assert_told("white", self.shop)

    def test_white_that_nobody_books(self):
        """Receipts of before the start, and cancelled ones."""
        self.take(receipt("1", UNKNOWN), receipt("2", UNKNOWN, SaleDate="2025-12-31"))
        self.find_sales("1").action_cancel()
        self.age_items(25)
        self.run_cron()
        self.assertFalse(self.find_activities("white"))

    def test_open_days(self):
        """Days over for a day and more that wait for something nobody else says."""
        self.take_z(z_report(**coffees(1), ZReportDate="2026-11-20T22:15:00"))
        self.take(
            receipt("1", COFFEE, SaleDate="2026-11-20"),
            receipt("2", COFFEE, SaleDate="2026-11-21"),
            receipt("3", COFFEE, SaleDate="2026-11-23"),
        )
        self.assertEqual(
            self.get_day("2026-11-23").state, "open", "yesterday's Z may come yet"
        )
        activity = self.assert_told("open", self.shop)
        self.assertIn("complete: 1, since", activity.summary)
        self.take_z(
            z_report("18", **coffees(2), ZReportDate="2026-11-21T22:15:00"),
        )
        self.take_z(
            z_report("18", **coffees(1), ZReportDate="2026-11-21T22:15:00"),
        )
        self.assertEqual(self.get_day("2026-11-21").state, "differs")

    def test_no_z_reports_at_all(self):
        """Where none ever came, that none came is no news."""
        self.take(receipt("1", COFFEE))
        self.assertEqual(self.codes(self.get_day()), ["unreported"])
        self.assertFalse(self.find_activities("open"))

    def test_open_for_what_is_told_elsewhere(self):
        self.take(receipt("1", UNKNOWN))
        self.age_items(25)
        self.run_cron()
        self.assertEqual(self.get_day().state, "open")
        self.assert_told("white", self.shop)
        self.assertFalse(self.find_activities("open"))

    def test_open_for_a_held_receipt(self):
        self.take(receipt("1", COFFEE, payments=[("0", "9.00")]))
        activity = self.assert_told("open", self.shop)
        self.assertIn("Till Days", activity.note)
        self.find_sales().action_cancel()
        self.run_cron()
        self.assert_closed("open", self.shop)

    def test_dated_in_the_future(self):
        self.take(receipt("1", COFFEE, SaleDate="2062-11-22"))
        self.assert_told("open", self.shop)

    def test_differs(self):
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(2)))
        day = self.get_day()
        activity = self.assert_told("differs", day)
        self.assertEqual(activity.summary, f"{day.display_name} differs")
        self.assertIn("Z report 17 differs by", activity.note)
        self.run_cron()
        self.assertEqual(self.assert_told("differs", day), activity)
        self.take(receipt("2", COFFEE))
        self.assertEqual(day.state, "complete")
        self.assert_closed("differs", day)

    def test_differs_today(self):
        """Receipts may come after their Z report, within the day."""
        self.take_z(z_report(**coffees(2), ZReportDate="2026-11-24T05:15:00"))
        self.assertEqual(self.get_day("2026-11-24").state, "differs")
        self.assertFalse(self.find_activities("differs"))

    def test_conflict(self):
        self.take(receipt("1", COFFEE))
        self.take(receipt("1", line(amount="2.42", vat="0.42")))
        activity = self.assert_told("differs", self.get_day())
        self.assertIn("another content", activity.note)

    def test_setup(self):
        """What the company lacks is told once, however many receipts wait."""
        sf = {"InvoiceNo": "SF-1", "PartnerCode": "300367240", "PartnerName": "UAB"}
        self.env["raso.transaction.type"].search([("kind", "=", "sf")]).active = False
        self.take(
            receipt("1", COFFEE, payments=[("RRPAY", "1.21")]),
            receipt("2", COFFEE, payments=[("77", "1.21")]),
            receipt("4", line(vat="0.40")),
        )
        self.take(receipt("3", COFFEE, **sf), data_type=1)
        activity = self.assert_told("setup", self.connection)
        self.assertIn("Payment code 77, RRPAY is not set up", activity.note)
        self.assertIn('href="/odoo/raso-payment-kinds"', activity.note)
        self.assertIn("No transaction type books SF. Make one", activity.note)
        self.assertIn("The VAT of some items fits no rate", activity.note)
        self.find_sales("1", "2", "3", "4").action_match_again()
        for sale in self.find_sales():
            sale.action_cancel()
        self.run_cron()
        self.assert_closed("setup", self.connection)

    def test_rate_without_tax(self):
        rate = self.env["raso.vat.rate"].search([("percent", "=", 21)])
        (self.coffee | self.apples).taxes_id = False
        tax, rate.tax_id = rate.tax_id, False
        self.take(receipt("1", COFFEE))
        activity = self.assert_told("setup", self.connection)
        self.assertIn("VAT rate 21 % has no sale tax", activity.note)
        rate.tax_id = tax
        self.run_cron()
        self.assert_closed("setup", self.connection)

    def test_unread(self):
        self.add("<SalesSync><Sales>")
        with self.muted("raso_exchange_read"):
            self.run_cron()
        activity = self.assert_told("unread", self.connection)
        self.assertIn("Documents could not be read: 1, since", activity.summary)

    def test_issue_solved(self):
        self.take(receipt("1", COFFEE, SaleDate="not a day"), receipt("2", COFFEE))
        self.assert_told("unread", self.connection)
        self.env["raso.exchange.issue"].search([]).is_solved = True
        self.run_cron()
        self.assert_closed("unread", self.connection)


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


class TestAlarmPeople(AlarmCase):
    """Who is told, in which words, and what a person's own acts change."""

    def make_trouble(self):
        self.shop.cash_journal_id = False
        self.take(receipt("1", COFFEE))

    def test_of_the_shop(self):
        self.shop.user_id = self.make_user("shop-boss")
        self.make_trouble()
        self.assert_told("shop", self.shop, self.shop.user_id)

    def test_of_the_connection_that_names_the_shop(self):
        named = self.make_connection(
            name="Named",
            is_all_shops=False,
            shop_ids=self.shop.ids,
            user_id=self.make_user("named").id,
        )
        self.make_trouble()
        self.assert_told("shop", self.shop, named.user_id)

    def test_responsible_without_rights(self):
        """Nobody can be told of what that person can't see: a manager is."""
        manager = self.make_user("tills-manager", "raso_manager")
        self.connection.user_id = new_test_user(self.env, "x", "base.group_user")
        self.make_trouble()
        self.assert_told("shop", self.shop, manager)

    def test_responsible_left(self):
        """Odoo drops the activities of who leaves: it is told to another at once."""
        manager = self.make_user("tills-manager", "raso_manager")
        self.make_trouble()
        self.assert_told("shop", self.shop)
        self.boss.action_archive()
        self.assertFalse(self.find_activities("shop"))
        self.run_cron()
        self.assert_told("shop", self.shop, manager)

    def test_responsible_lost_rights(self):
        manager = self.make_user("tills-manager", "raso_manager")
        self.make_trouble()
        activity = self.assert_told("shop", self.shop)
        self.boss.group_ids = [
            Command.unlink(self.env.ref("raso_cash_register.group_raso_user").id)
        ]
        self.run_cron()
        self.assertEqual(self.assert_told("shop", self.shop, manager), activity)

    def test_nobody_to_tell(self):
        """Never lost: the activity stands on the record."""
        group = self.env.ref("raso_cash_register.group_raso_user")
        self.connection.user_id = False
        users = self.env["res.users"].search([("all_group_ids", "in", group.ids)])
        groups = group | self.env.ref("raso_cash_register.group_raso_manager")
        users.group_ids -= groups
        self.make_trouble()
        activity = self.find_activities("shop")
        self.assertEqual(activity.res_id, self.shop.id)
        self.assertFalse(activity.user_id)

    def test_another_responsible(self):
        self.make_trouble()
        activity = self.assert_told("shop", self.shop)
        self.shop.user_id = self.make_user("shop-boss")
        self.run_cron()
        self.assertEqual(
            self.assert_told("shop", self.shop, self.shop.user_id), activity
        )

    def test_taken_over_by_a_colleague(self):
        colleague = self.make_user("colleague")
        self.make_trouble()
        self.assert_told("shop", self.shop).user_id = colleague
        self.take(receipt("2", COFFEE))
        self.assertIn("held: 2", self.assert_told("shop", self.shop, colleague).summary)

    def test_colleague_left(self):
        """What a colleague took over comes back to the responsible."""
        colleague = self.make_user("colleague")
        self.make_trouble()
        activity = self.assert_told("shop", self.shop)
        activity.user_id = colleague
        colleague.group_ids -= self.env.ref("raso_cash_register.group_raso_user")
        self.run_cron()
        self.assertEqual(self.assert_told("shop", self.shop), activity)

    def test_responsible_closes_it_and_leaves(self):
        """Then nobody knows of it: it is told anew."""
        manager = self.make_user("tills-manager", "raso_manager")
        self.make_trouble()
        self.assert_told("shop", self.shop).with_user(self.boss).action_done()
        self.run_cron()
        self.assertFalse(self.find_activities("shop"))
        self.boss.action_archive()
        self.run_cron()
        self.assert_told("shop", self.shop, manager)

    def test_responsible_closes_it(self):
        """Left in peace about what is known; what is added is told a day later."""
        self.make_trouble()
        self.assert_told("shop", self.shop).with_user(self.boss).action_feedback("Yes")
        self.run_cron()
        self.take(receipt("2", COFFEE))
        self.pass_pause("shop")
        self.run_cron()
        self.assertFalse(self.find_activities("shop"))
        self.take(receipt("3", COFFEE, PosNo="2"))
        activity = self.assert_told("shop", self.shop)
        self.assertIn("cash of till 2, Till 1.", activity.note)

    def test_in_peace_for_a_day(self):
        self.make_trouble()
        self.assert_told("shop", self.shop).with_user(self.boss).action_feedback("Yes")
        self.run_cron()
        self.take(receipt("3", COFFEE, PosNo="2"))
        self.assertFalse(self.find_activities("shop"))
        self.pass_pause("shop")
        self.run_cron()
        self.assert_told("shop", self.shop)

    def test_responsible_drops_it(self):
        self.make_trouble()
        self.assert_told("shop", self.shop).with_user(self.boss).unlink()
        self.run_cron()
        self.run_cron()
        self.assertFalse(self.find_activities("shop"))

    def test_the_same_comes_again(self):
        """Once it was gone it is news, though a person had closed it."""
        self.make_trouble()
        self.assert_told("shop", self.shop).action_done()
        self.shop.cash_journal_id = self.cash_journal
        self.run_cron()
        self.assertFalse(self.find_alarms("shop"))
        self.shop.cash_journal_id = False
        self.take(receipt("2", COFFEE))
        self.assert_told("shop", self.shop)

    def test_language(self):
        """Texts are made in the language of who reads them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.boss.lang = "fr_FR"
        self.take(receipt("1", UNKNOWN, SaleDate="2026-11-20"))
        self.age_items(25)
        self.run_cron()
        activity = self.assert_told("white", self.shop)
        self.assertIn("20/11/2026", activity.summary)

    def test_mail(self):
        """One mail for an activity, and no flood of them."""
        self.take(
            *(
                receipt("1", COFFEE, ShopNo=f"1{number}", PosNo="1")
                for number in range(8)
            )
        )
        self.assertEqual(len(self.find_activities("shop")), 8)
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "raso.shop"),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.boss.partner_id.ids),
            ]
        )
        self.assertEqual(len(messages), 5)

    def test_user_sees_it(self):
        self.make_trouble()
        shop = self.shop.with_user(self.boss)
        self.assertEqual(shop.activity_user_id, self.boss)
        self.assertEqual(
            shop.search([("my_activity_date_deadline", "=", DAY[:8] + "24")]), shop
        )
        self.assertTrue(shop.activity_ids.with_user(self.boss).can_write)


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
