from datetime import datetime
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .booking import line
from .common import document, receipt
from .sample_case import DAYS, SampleCase


class TestDigest(SampleCase):
    """The daily mail of the tills, on the sample days: yesterday is the second."""

    def setUp(self):
        super().setUp()
        self.digest = self.env.ref("raso_cash_register.digest_daily")
        self.reader = self.make_reader("reader")

    def make_reader(self, login, group="raso_cash_register.group_raso_user", **vals):
        return new_test_user(
            self.env, login, f"base.group_user,{group}", email=f"{login}@x.lt", **vals
        )

    def read_kpis(self, user):
        """Return ``{figure: of the last day, week and month}``, as mailed."""
        return {
            kpi["kpi_name"].removeprefix("kpi_raso_"): [
                kpi[f"kpi_col{column}"]["value"] for column in (1, 2, 3)
            ]
            for kpi in self.digest._compute_kpis(user.company_id, user)
        }

    def read_sales(self, user):
        """Return the exact sales of the last day, week and month."""
        sales = []
        for _name, ((start, end), _before) in self.digest._compute_timeframes(
            self.company
        ):
            digest = self.digest.with_user(user).with_company(user.company_id)
            digest = digest.with_context(start_datetime=start, end_datetime=end)
            sales.append(Decimal(f"{digest.kpi_raso_sales_value:.2f}"))
            digest.invalidate_recordset()
        return sales

    def sum_expected(self, *days):
        return sum(
            Decimal(amount)
            for day in days
            for amount in self.read_expected(day)["amount"].values()
        )

    def test_sample_days(self):
        self.run_cron()
        self.check_figures()
        self.check_mail()
        self.check_company()

    def check_figures(self):
        """The last day is the day before, whole, whatever the mail's hour."""
        first, second = (self.read_expected(day)["receipts"] for day in DAYS)
        self.assertEqual(
            self.read_kpis(self.reader),
            {
                "sales": ["2k€", "4k€", "4k€"],
                "receipts": [second, first + second, first + second],
                "held": [0, 0, 0],
                "white": [0, 0, 0],
                "differs": [0, 0, 0],
            },
        )
        both = self.sum_expected(*DAYS)
        self.assertEqual(
            self.read_sales(self.reader), [self.sum_expected(DAYS[1]), both, both]
        )

    def check_mail(self):
        self.digest.with_user(self.reader).action_subscribe()
        subject = f"{self.company.name}: Tills of the Day"
        self.digest._cron_send_digest_email()
        mail = self.env["mail.mail"].search([("subject", "=", subject)])
        self.assertEqual(mail.email_to, self.reader.email_formatted)
        for text in ("Till Sales", "2k€", "Till Days That Differ"):
            self.assertIn(text, mail.body_html)
        self.assertIn("raso_cash_register.raso_register_day_action", mail.body_html)

    def check_company(self):
        """Of a shared digest each reader gets the company's own figures."""
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        stranger = self.make_reader(
            "stranger", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        self.assertEqual(self.read_kpis(stranger)["receipts"], [0, 0, 0])

    def test_trouble(self):
        stranger = line("4779999", amount="10.00", vat="1.74")
        self.add(
            document(
                receipt("9001", stranger, stranger, SaleDate=DAYS[1], PosNo="3"),
                receipt("9002", stranger, SaleDate="2026-11-01", PosNo="3"),
                # before the start: counted nowhere
                receipt("9003", stranger, SaleDate="2025-12-31", PosNo="3"),
            )
        )
        self.run_cron()
        self.assertEqual(self.find_sales("9003").state, "before_start")
        days = self.env["raso.register.day"].search([("day", "=", DAYS[0])])
        days.state = "differs"
        kpis = self.read_kpis(self.reader)
        self.assertEqual(kpis["held"], [1, 1, 2])
        self.assertEqual(kpis["white"], [2, 2, 3])
        self.assertEqual(kpis["differs"], [0, len(days), len(days)])

    def test_digests_of_two_companies(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        self.add(document(receipt("1", line("4779999"), SaleDate=DAYS[1])))
        self.run_cron()
        digests = self.env["digest.digest"].create(
            [
                {"name": "Ours", "company_id": self.company.id},
                {"name": "Theirs", "company_id": other.id},
            ]
        )
        digests = digests.with_context(
            start_datetime=datetime(2026, 11, 23, 5),
            end_datetime=datetime(2026, 11, 24, 5),
        )
        counts = dict(zip(digests, digests.mapped("kpi_raso_held_value"), strict=True))
        self.assertEqual(counts, {digests[0]: 1, digests[1]: 0})

    def test_late_mail(self):
        """A shop's day lasts until 04:00 in Vilnius, as everywhere in the addon."""
        for moment, day in (
            ("2026-11-24 01:59:00", "2026-11-23"),
            ("2026-11-24 02:00:00", "2026-11-24"),
        ):
            self.assertEqual(str(self.digest._get_raso_day(moment)), day)

    def test_outsider(self):
        """Who may not see the tills gets no figure of them."""
        outsider = self.make_reader("outsider", "base.group_user")
        self.assertFalse(self.read_kpis(outsider))
        with self.assertRaises(AccessError):
            self.digest.with_user(outsider).with_context(
                start_datetime=None, end_datetime=None
            ).mapped("kpi_raso_white_value")

    def test_at_rest_until_wanted(self):
        """Odoo slows a digest down that nobody reads."""
        self.digest._cron_send_digest_email()
        self.assertRecordValues(
            self.digest, [{"state": "deactivated", "periodicity": "daily"}]
        )
        mine = self.digest.with_user(self.reader)
        mine.action_subscribe()
        self.assertTrue(mine.is_subscribed)
        self.assertEqual(self.digest.state, "activated")
        mine.action_unsubscribe()
        self.assertRecordValues(self.digest, [{"state": "deactivated", "user_ids": []}])

    def test_other_digests(self):
        """Those of Odoo are left as they are."""
        digest = self.env["digest.digest"].create({"name": "Mine"})
        digest.action_deactivate()
        digest.with_user(self.reader).action_subscribe()
        self.assertEqual(digest.state, "deactivated")
