from decimal import Decimal

from lxml import html

from .booking import COFFEE, RivileCase, line
from .common import DAY, document, receipt
from .sample_case import DAYS, SampleCase
from .test_raso_sale_report import EXPECTED_KINDS
from .z_common import DayCase, coffees, z_report

REPORT = "raso_cash_register.register_day"


class ReportPage:
    """What stands in the tables of a rendered daily report."""

    def __init__(self, days):
        content, kind = days.env["ir.actions.report"]._render_qweb_html(
            REPORT, days.ids
        )
        assert kind == "html"
        self.tree = html.fromstring(content)

    def rows(self, table):
        """Return ``[[cell, …], …]`` of all tables of this name, without heads."""
        return [
            [" ".join(cell.text_content().split()) for cell in row.iterfind("td")]
            for row in self.tree.iterfind(f".//table[@name='{table}']/tbody/tr")
        ]

    def keyed_rows(self, table):
        """Return ``[(key, [cell, …]), …]`` of the rows that bear a key."""
        rows = self.tree.iterfind(f".//table[@name='{table}']/tbody/tr[@data-key]")
        return [
            (
                row.get("data-key"),
                [" ".join(cell.text_content().split()) for cell in row.iterfind("td")],
            )
            for row in rows
        ]


def number(text):
    return Decimal(text.replace(",", ""))


class ReportCase(SampleCase):
    def render(self, day):
        return ReportPage(self.env["raso.register.day"].search([("day", "=", day)]))

    def assert_day(self, day):
        """Both tills together are what ``expected.json`` says."""
        expected, page = self.read_expected(day), self.render(day)
        kinds, rates, payments = {}, {}, {}
        for kind, cells in page.keyed_rows("kinds"):
            name = EXPECTED_KINDS[kind]
            kinds[name] = kinds.get(name, 0) + number(cells[2])
        for rate, cells in page.keyed_rows("vat"):
            rates[rate] = rates.get(rate, 0) + number(cells[2])
            self.assertEqual(number(cells[1]) + number(cells[2]), number(cells[3]))
        for name, _count, amount in page.rows("payments"):
            code = name.split()[0]
            payments[code] = payments.get(code, 0) + number(amount)
        total = payments.pop("Total")
        self.assertEqual(kinds, self.exact(expected["amount"]))
        self.assertEqual(rates, self.exact(expected["vat"]))
        self.assertEqual(payments, self.exact(expected["payments"]))
        self.assertEqual(total, sum(kinds.values()))
        return page, expected

    def exact(self, texts):
        return {key: Decimal(text) for key, text in texts.items() if Decimal(text)}


class TestKvitasDailyReport(ReportCase):
    def test_days(self):
        self.run_cron()
        for day in DAYS:
            page, expected = self.assert_day(day)
            receipts = [
                cell
                for row in page.rows("receipts")
                for cell in (row[0], row[4] if len(row) > 5 else "")
                if cell
            ]
            self.assertEqual(len(receipts), expected["receipts"])
            self.assertEqual(len(page.rows("invoices")), expected["by_kind"]["invoice"])
            self.assertEqual(len(page.rows("returns")), expected["by_kind"]["return"])
            self.assertFalse(page.rows("others"))
            for key, cells in page.keyed_rows("figures"):
                # no difference, neither of the money nor of its VAT
                self.assertEqual([cells[2], cells[4]], ["", ""], key)
            amounts = dict(page.keyed_rows("figures"))
            self.assertEqual(amounts["z"][1], amounts["received"][1])

    def test_invoices(self):
        self.run_cron()
        page = self.render(DAYS[0])
        row = next(row for row in page.rows("invoices") if row[0] == "RSF22-001103")
        self.assertEqual([row[3], row[6]], ["300367240", "54.25"])


class TestRivileDailyReport(RivileCase, ReportCase):
    def test_days(self):
        self.run_cron()
        for day in DAYS:
            page, _expected = self.assert_day(day)
            # a sheet has no cashier: its cells stand all the same
            self.assertTrue(page.rows("returns"))
            self.assertEqual({len(row) for row in page.rows("returns")}, {6})


class TestDailyReport(DayCase):
    def test_differences(self):
        """What isn't booked and why the day differs is on the paper."""
        self.take(
            receipt("1", COFFEE, SaleTime="09:05:00"), receipt("3", line("4779999"))
        )
        self.take_z(z_report(**coffees(3)))
        page = ReportPage(self.get_day())
        self.assertEqual(page.rows("others"), [["3", "10:00", "Sale", "Held", "1.21"]])
        self.assertEqual(
            page.rows("receipts"),
            [["1", "09:05", "Sale", "1.21", "3", "10:00", "Sale", "1.21"]],
        )
        figures = dict(page.keyed_rows("figures"))
        self.assertEqual(figures["z"][1:], ["3.63", "1.21", "0.63", "0.21"])
        self.assertEqual(figures["booked"][1:3], ["1.21", "-1.21"])
        text = page.tree.text_content()
        for part in ("Z Report 17", "LT001", "2026-11-22 22:15", "White line"):
            self.assertIn(part, " ".join(text.split()))
        reasons = page.tree.findall(".//ul[@name='reasons']/li")
        self.assertEqual(len(reasons), len(self.get_day().reason.splitlines()))

    def test_no_engine(self):
        """Without a PDF engine the button opens the report in the browser."""
        self.take(receipt("1", COFFEE))
        day = self.get_day()
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        has_engine = state in ("ok", "upgrade")
        action = day.with_user(self.user).action_print()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(action["report_name"], REPORT)
        self.assertEqual(
            action["report_type"], "qweb-pdf" if has_engine else "qweb-html"
        )
        link = ReportPage(day).tree.find(
            f".//a[@href='/report/html/{REPORT}/{day.id}']"
        )
        self.assertEqual(link is None, has_engine)

    def test_budget(self):
        """Queries don't grow with receipts."""
        counts = []
        for day, receipts in (("2026-11-19", 2), ("2026-11-20", 5), ("2026-11-21", 60)):
            self.add(
                document(
                    *(
                        receipt(str(place), COFFEE, line("4770002"), SaleDate=day)
                        for place in range(1, receipts + 1)
                    )
                )
            )
            self.run_cron()
            till_day = self.get_day(day)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ReportPage(till_day)
            counts.append(self.env.cr.sql_log_count - before)
        # the first day also fills caches
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 60)

    def test_other_tills(self):
        """Each till's day holds its own figures, printed together."""
        till = self.env["raso.register"].create(
            {"shop_id": self.shop.id, "number": "2", "name": "Till 2"}
        )
        self.take(
            receipt("1", COFFEE), receipt("1", line(), line(), PosNo="2", UserId="9")
        )
        days = self.get_day() | self.get_day(till=till)
        self.assertEqual(
            [cells[2] for _key, cells in ReportPage(days).keyed_rows("kinds")],
            ["1.21", "2.42"],
        )
        self.assertEqual(
            [row[2] for row in ReportPage(days).rows("payments")],
            ["1.21", "1.21", "2.42", "2.42"],
        )
        self.assertEqual(str(self.get_day().day), DAY)
