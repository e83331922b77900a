import json
from ast import literal_eval
from datetime import date, timedelta
from unittest.mock import ANY

from lxml import etree

from odoo import Command
from odoo.tests import Form

from .booking import BookingCase, line
from .common import NOW, document, receipt
from .sample_case import SampleCase
from .sheets import payment, sheet, tara

TODAY = "2026-11-24"
YESTERDAY = "2026-11-23"
LINKS = {
    "today_count": "action_view_today",
    "yesterday_count": "action_view_yesterday",
    "white_count": "action_view_white",
    "held_count": "action_view_held",
    "conflict_count": "action_view_conflicts",
    "differing_count": "action_view_differing",
    "open_count": "action_view_open",
    "unbooked_count": "action_view_unbooked",
}
FIGURES = (*LINKS, "amount_today", "amount_yesterday")


class DashboardCase(BookingCase):
    def read_card(self, till):
        """The figures of a till, as a RASO User sees them now."""
        self.env.flush_all()
        self.env.invalidate_all()
        till = till.with_user(self.user)
        return {name: till[name] for name in FIGURES if till[name]}

    def check_links(self, tills):
        """Every figure opens a list of as many records."""
        self.env.invalidate_all()
        for till in tills.with_user(self.user):
            for name, method in LINKS.items():
                action = getattr(till, method)()
                records = self.env[action["res_model"]].with_user(self.user)
                with self.subTest(till=till.display_name, figure=name):
                    self.assertEqual(records.search_count(action["domain"]), till[name])
                    self.assertFalse(action["context"])

    def read_bars(self, till):
        """The bars that aren't empty, by day."""
        (chart,) = json.loads(till.kanban_dashboard_graph)
        return {bar["day"]: bar["value"] for bar in chart["values"] if bar["value"]}


class TestDashboard(DashboardCase):
    """What a till's card says."""

    def test_sales(self):
        """Sales of two days, returns taken off, at once and after a check."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.add(
            document(
                receipt("1", SaleDate=TODAY, SaleTime="05:30:00"),
                receipt("2", line("4770001", -1, "-1.21", "-0.21"), SaleDate=TODAY),
                receipt("3", line("4770001", 2, "2.42", "0.42"), SaleDate=TODAY),
                receipt("4", SaleDate=YESTERDAY),
                receipt("5", SaleDate="2026-11-11"),
                receipt("6", SaleDate="2026-11-10"),
            )
        )
        self.run_cron()
        expected = {
            "today_count": 3,
            "amount_today": 2.42,
            "yesterday_count": 1,
            "amount_yesterday": 1.21,
            "open_count": 3,
            "unbooked_count": 3,
        }
        self.assertEqual(self.read_card(self.till), expected)
        bars = {TODAY: 2.42, YESTERDAY: 1.21, "2026-11-11": 1.21}
        self.assertEqual(self.read_bars(self.till), bars)
        self.check_links(self.till)
        self.env["raso.register.day"].search([]).is_stale = True
        self.assertEqual(self.read_bars(self.till), bars)

    def test_current(self):
        """A day that is to be checked is counted anew, its old sums don't stay."""
        self.add(document(receipt("1"), receipt("2")))
        self.run_cron()
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.find_sales("2")._start_decision(["booked"]).state = "cancelled"
        self.env.flush_all()
        self.assertEqual(self.read_bars(self.till), {"2026-11-22": 1.21})

    def test_current_after_an_error(self):
        """Nor do those of a day whose check failed."""
        self.add(document(receipt("1")))
        self.run_cron()
        self.env["raso.register.day"].search([]).write(
            {"amount_received": 9, "reasons": [["internal", {}]]}
        )
        self.assertEqual(self.read_bars(self.till), {"2026-11-22": 1.21})

    def test_tara(self):
        """Tara is no sale, though a document of it came."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.add(document(receipt("1", SaleDate=TODAY)))
        self.add(sheet(tara(TARADATE=TODAY), payment("-2.40"), tag="TaraSync"), 2)
        self.run_cron()
        self.assertEqual(len(self.find_sales()), 2)
        self.assertEqual(self.find_sales().register_id, self.till)
        card = self.read_card(self.till)
        self.assertEqual((card["today_count"], card["amount_today"]), (1, 1.21))
        self.check_links(self.till)

    def test_chart(self):
        """Fourteen bars, all there and zero for a till never heard of."""
        (chart,) = json.loads(self.till.kanban_dashboard_graph)
        self.assertEqual(
            [bar["day"] for bar in chart["values"]],
            [str(date(2026, 11, 11) + timedelta(days=ago)) for ago in range(14)],
        )
        self.assertEqual({bar["value"] for bar in chart["values"]}, {0})
        self.assertEqual(chart["values"][-1]["type"], "future")
        self.assertEqual(self.read_card(self.till), {})

    def test_bar(self):
        """A bar opens the till's day, or what there is of it."""
        self.add(document(receipt("1", SaleDate=YESTERDAY)))
        self.run_cron()
        day = self.env["raso.register.day"].search([("register_id", "=", self.till.id)])
        action = self.till.with_user(self.user).action_view_day(YESTERDAY)
        self.assertEqual(action["res_id"], day.id)
        self.assertEqual(action["views"], [(False, "form")])
        action = self.till.with_user(self.user).action_view_day(TODAY)
        self.assertNotIn("res_id", {key for key, value in action.items() if value})

    def test_last(self):
        """The last receipt, with its time if it has one; and the last fetch."""
        self.assertFalse(self.till.last_sale_day)
        self.assertFalse(self.till.last_fetch_at)
        self.add(
            document(
                receipt("1", SaleDate=YESTERDAY, SaleTime="21:10:00"),
                receipt("2", SaleDate=YESTERDAY, SaleTime="09:00:00"),
                receipt("3", SaleDate="2027-11-23"),
                receipt("4", PosNo="2", SaleTime=None),
            )
        )
        self.run_cron()
        self.env.invalidate_all()
        other = self.shop.register_ids - self.till
        self.assertRecordValues(
            self.till | other,
            [
                {
                    "last_sale_day": date(2026, 11, 23),
                    "last_sale_at": ANY,
                    "last_fetch_at": ANY,
                },
                {
                    "last_sale_day": date(2026, 11, 22),
                    "last_sale_at": False,
                    "last_fetch_at": ANY,
                },
            ],
        )
        self.assertEqual(str(self.till.last_sale_at), "2026-11-23 19:10:00")
        self.assertEqual(str(self.till.last_fetch_at), NOW)
        action = self.till.with_user(self.user).action_view_last_sale()
        self.assertEqual(
            self.env["raso.cash.sale"].search(action["domain"], limit=1).number, "1"
        )

    def test_last_fetch_of_other_shops(self):
        """A connection counts for the shops it takes, and for no other."""
        self.add(document(receipt("1")))
        self.run_cron()
        elsewhere = self.env["raso.shop"].create({"number": "09", "name": "Elsewhere"})
        self.connection.write(
            {"is_all_shops": False, "shop_ids": [Command.set(elsewhere.ids)]}
        )
        self.env.invalidate_all()
        self.assertFalse(self.till.last_fetch_at)

    def test_waiting(self):
        """White lines, held receipts and conflicts, each behind its number."""
        self.add(
            document(
                receipt("1", line("8880001"), line("8880002")),
                receipt("2", line("8880001"), SaleDate=YESTERDAY),
                receipt("3", payments=[("0", "9.99")]),
                receipt("4"),
            )
        )
        self.run_cron()
        self.add(document(receipt("4", line("4770001", 3, "3.63", "0.63"))))
        self.run_cron()
        card = self.read_card(self.till)
        self.assertEqual(card["white_count"], 3)
        self.assertEqual(card["held_count"], 3)
        self.assertEqual(card["conflict_count"], 1)
        self.assertEqual(card["unbooked_count"], 2)
        self.check_links(self.till)

    def test_white_of_cancelled(self):
        """An item of a receipt that nobody will book waits for nobody."""
        self.add(document(receipt("1", line("8880001"))))
        self.run_cron()
        self.find_sales("1").action_cancel()
        self.assertNotIn("white_count", self.read_card(self.till))
        self.check_links(self.till)

    def test_filters(self):
        """The search finds the tills whose cards say so."""
        tills = self.env["raso.register"].create(
            [
                {"shop_id": self.shop.id, "number": number, "name": number}
                for number in ("2", "3")
            ]
        )
        self.add(
            document(
                receipt("1", line("8880001"), SaleDate=YESTERDAY),
                receipt("2", PosNo="2", SaleDate=TODAY),
            )
        )
        self.run_cron()
        found = self.env["raso.register"].with_user(self.user).search
        self.assertEqual(found([("is_waiting", "=", True)]), self.till)
        self.assertEqual(found([("is_waiting", "=", False)]), tills)
        view = self.env.ref("raso_cash_register.raso_register_view_search")
        filters = etree.fromstring(view.arch)
        for name, expected in (
            ("silent_today", self.till | tills[1]),
            ("silent_yesterday", tills),
            ("silent", tills[1]),
            ("differs", self.env["raso.register"]),
        ):
            (domain,) = filters.xpath(f"//filter[@name='{name}']/@domain")
            with self.subTest(name):
                self.assertEqual(found(literal_eval(domain)), expected)

    def test_whole_shop(self):
        """Documents without a till's number have a card as well."""
        self.add(document(receipt("1", PosNo="", SaleDate=TODAY)))
        self.run_cron()
        whole = self.shop.register_ids - self.till
        self.assertEqual(whole.name, "Whole shop")
        self.assertEqual(self.read_card(whole)["today_count"], 1)
        self.check_links(whole)

    def test_other_company(self):
        """Neither the tills nor the connections of another company are shown."""
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        shop = self.env["raso.shop"].create(
            {"number": "01", "name": "Theirs", "company_id": other.id}
        )
        self.env["raso.register"].create({"shop_id": shop.id, "name": "Theirs"})
        self.make_connection(company_id=other.id, name="Theirs")
        tills = self.env["raso.register"].with_user(self.user).search([])
        self.assertEqual(tills, self.till)
        cards = self.env["raso.connection"].with_user(self.user).retrieve_dashboard()
        self.assertEqual([card["name"] for card in cards], ["Shop server"])

    def test_form(self):
        """A manager names a till and gives it a journal of its own."""
        with Form(self.till) as form:
            form.name = "Entrance"
            form.cash_journal_id = self.cash_journal
        self.assertEqual(self.till.name, "Entrance")


class TestDashboardSampleDays(SampleCase, DashboardCase):
    """The figures of two whole days."""

    def test_sample_days(self):
        self.run_cron()
        tills = self.shop.register_ids
        days = self.env["raso.register.day"].search([("day", "=", YESTERDAY)])
        self.assertGreater(len(days), 1)
        for day in days:
            till = day.register_id
            tara = self.env["raso.cash.sale"].search_count(
                [
                    ("register_id", "=", till.id),
                    ("day", "=", YESTERDAY),
                    ("kind", "=", "tara"),
                ]
            )
            card = self.read_card(till)
            with self.subTest(till.display_name):
                self.assertEqual(card["amount_yesterday"], day.amount_received)
                self.assertEqual(card["yesterday_count"], day.receipt_count - tara)
                self.assertEqual(self.read_bars(till)[YESTERDAY], day.amount_received)
        self.check_links(tills)


class TestConnectionHealth(BookingCase):
    """What a connection's card says."""

    def read_card(self):
        self.env.invalidate_all()
        connections = self.env["raso.connection"].with_user(self.user)
        (card,) = connections.retrieve_dashboard()
        return card

    def test_health(self):
        self.assertEqual(self.read_card()["health"], "new")
        self.run_cron()
        self.assertEqual(self.read_card()["health"], "fine")
        self.connection.last_success_at = "2026-11-24 02:59:00"
        self.assertEqual(self.read_card()["health"], "late")
        self.connection.interval = 60
        self.assertEqual(self.read_card()["health"], "fine")
        self.connection.action_set_draft()
        self.assertEqual(self.read_card()["health"], "draft")

    def test_failing(self):
        self.run_cron()
        self.standin.close()
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        card = self.read_card()
        self.assertEqual(card["health"], "failing")
        self.assertIn(card["trouble"], self.connection.last_error)
        self.assertEqual(card["last_fetch"], NOW)

    def test_exchanges(self):
        """What can't be read is counted and opened; what nobody can read isn't late."""
        self.add("<broken")
        self.add(document(receipt("1")))
        self.add("<x/>", data_type=4)
        with self.muted("raso_exchange_read"):
            self.run_cron()
        card = self.read_card()
        self.assertEqual(card["unreadable_count"], 1)
        self.assertEqual(card["unread_count"], 0)
        readable = self.env["raso.exchange"].search([("state", "=", "read")])
        readable.state = "received"
        self.assertEqual(self.read_card()["unread_count"], 1)
        connection = self.connection.with_user(self.user)
        for method, count in (
            ("action_view_unreadable", 1),
            ("action_view_unread", 1),
            ("action_view_all_exchanges", 3),
        ):
            action = getattr(connection, method)()
            found = self.env["raso.exchange"].search_count(action["domain"])
            self.assertEqual(found, count, method)


class TestDashboardBudget(DashboardCase):
    """The dashboard asks as often for many tills and receipts as for few."""

    def test_queries(self):
        self.user.tz = "Europe/Vilnius"
        # booking would take longest, and changes nothing of what is counted here
        self.env["raso.transaction.type"].search([]).ripe = "z"
        tills = self.env["raso.register"].create(
            [
                {"shop_id": self.shop.id, "number": str(number), "name": str(number)}
                for number in range(2, 22)
            ]
        )
        counts = []
        for receipts in (1, 2, 4):
            self.add(
                document(
                    *(
                        receipt(
                            f"{number}-{receipts}",
                            line("8880001" if number % 2 else "4770001"),
                            PosNo=till.number,
                            SaleDate=day,
                        )
                        for till in tills[: receipts * 5]
                        for day in ("2026-11-22", YESTERDAY, TODAY)
                        for number in range(receipts)
                    )
                )
            )
            self.run_cron()
            counts.append(self.load())
        # the first load also fills caches
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 25)

    def load(self):
        """Load the screen as the browser does; return the number of queries."""
        tills = self.env["raso.register"].with_user(self.user)
        view = self.env.ref("raso_cash_register.raso_register_view_kanban")
        fields = tills.get_view(view.id, "kanban")["models"]["raso.register"]
        specification = {
            name: {"fields": {"display_name": {}}}
            if tills._fields[name].relational
            else {}
            for name in fields
        }
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tills.web_search_read([], specification, limit=80)
        tills.env["raso.connection"].retrieve_dashboard()
        return self.env.cr.sql_log_count - before
