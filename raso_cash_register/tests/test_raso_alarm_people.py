from odoo import Command
from odoo.tests import new_test_user

from .alarm import UNKNOWN, AlarmCase
from .booking import COFFEE
from .common import DAY, receipt


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
