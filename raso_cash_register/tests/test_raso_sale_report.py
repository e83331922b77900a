from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError

from .booking import APPLES, BOOK, COFFEE, BookingCase, RivileCase, line
from .common import DAY, document, receipt
from .sample_case import DAYS, SampleCase

EXPECTED_KINDS = {
    "sale": "sale",
    "return": "return",
    "sf": "invoice",
    "sheet": "sale",
    "sheet_return": "return",
}


def exact(value):
    """A sum of money that Odoo hands out as a float."""
    return Decimal(f"{value:.2f}")


class ReportCase(BookingCase):
    def sum_up(self, model, domain, group, *measures):
        """Return ``{group: [Decimal, …]}`` as the views ask for it."""
        self.env.flush_all()
        rows = self.env[model]._read_group(
            domain, [group], [f"{name}:sum" for name in measures]
        )
        return {key: [exact(value or 0) for value in values] for key, *values in rows}

    def read_lines(self, *numbers):
        self.env.flush_all()
        return self.env["raso.sale.report"].search(
            [("number", "in", numbers)] if numbers else [], order="id"
        )


class SampleReport(SampleCase, ReportCase):
    """What the analysis says of the sample days, to the cent."""

    def assert_days(self):
        for day in DAYS:
            self.assert_day(day, self.read_expected(day))

    def assert_day(self, day, expected):
        domain = [("day", "=", day), ("kind", "!=", "tara")]
        kinds = {}
        rows = self.sum_up("raso.sale.report", domain, "kind", "amount_total")
        for kind, (amount,) in rows.items():
            name = EXPECTED_KINDS[kind]
            kinds[name] = kinds.get(name, 0) + amount
        self.assertEqual(kinds, self.numbers(expected["amount"]))
        rates = self.sum_up(
            *("raso.sale.report", domain, "vat_rate_id"),
            *("amount_vat", "amount_untaxed", "amount_total"),
        )
        self.assertEqual(
            {f"{rate.percent:g}": vat for rate, (vat, _net, _total) in rates.items()},
            self.numbers(expected["vat"]),
        )
        for vat, net, total in rates.values():
            self.assertEqual(vat + net, total)
        products = self.env["raso.sale.report"]._read_group(
            domain, ["product_id"], ["quantity:sum"]
        )
        self.assertEqual(
            {
                product.default_code: Decimal(f"{quantity:.3f}")
                for product, quantity in products
                if quantity
            },
            self.numbers(expected["qty"]),
        )
        payments = self.sum_up("raso.payment.report", domain, "code", "amount")
        self.assertEqual(
            {code: amount for code, (amount,) in payments.items()},
            self.numbers(expected["payments"]),
        )
        # goods and money are the same
        self.assertEqual(
            sum(amount for (amount,) in payments.values()), sum(kinds.values())
        )

    def numbers(self, texts):
        return {key: Decimal(text) for key, text in texts.items() if Decimal(text)}


class TestKvitasReport(SampleReport):
    def test_days(self):
        self.run_cron()
        self.assert_days()
        ((count,),) = self.env["raso.sale.report"]._read_group(
            [("day", "=", DAYS[0])], [], ["receipt_count:count_distinct"]
        )
        self.assertEqual(count, self.read_expected(DAYS[0])["receipts"])

    def test_cost(self):
        """The items' costs are what their moves are worth; the rest is margin."""
        self.run_cron()
        self.env.flush_all()
        for day in DAYS:
            ((cost, margin, net),) = self.env["raso.sale.report"]._read_group(
                [("day", "=", day)],
                [],
                ["cost:sum", "margin:sum", "amount_untaxed:sum"],
            )
            moved = self.query(
                """
                SELECT 'worth', sum(CASE WHEN is_out THEN value ELSE -value END)::text
                  FROM stock_move WHERE state = 'done' AND date::date = %s
                """,
                day,
            )
            self.assertEqual(exact(cost), moved["worth"])
            self.assertEqual(exact(margin), exact(net - cost))


class TestRivileReport(RivileCase, SampleReport):
    def test_days(self):
        self.run_cron()
        self.assert_days()


class TestBothReport(SampleReport):
    """RASO exports both: sales are counted once."""

    def test_days(self):
        other = self.make_connection(name="Sheets", provider="rivile")
        other.action_confirm()
        other.next_try_at = False
        self.run_cron()
        self.assertIn("not_booked", self.find_sales().mapped("state"))
        self.assert_days()


class TestSaleReport(ReportCase):
    def take(self, *receipts, data_type=0):
        self.add(document(*receipts), data_type)
        self.run_cron()

    def test_columns(self):
        discounted = line(amount="1.21", DISCOUNT="0.30")
        self.take(receipt("1", discounted, SaleTime="23:10:00", UserId="12"))
        row = self.read_lines()
        self.assertRecordValues(
            row,
            [
                {
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "shop_id": self.shop.id,
                    "register_id": self.till.id,
                    "cashier": "12",
                    "hour": "23:00",
                    "weekday": "7",
                    "kind": "sale",
                    "state": "booked",
                    "number": "1",
                    "product_id": self.coffee.id,
                    "categ_id": self.coffee.categ_id.id,
                    "quantity": 1,
                    "amount_total": 1.21,
                    "amount_vat": 0.21,
                    "amount_untaxed": 1,
                    "discount": 0.3,
                    "cost": 0.5,
                    "margin": 0.5,
                }
            ],
        )
        self.assertEqual(row.vat_rate_id.percent, 21)
        self.assertEqual(row.cash_sale_id, self.find_sales())
        self.assertEqual(row.action_view_cash_sale()["res_id"], row.cash_sale_id.id)

    def test_no_time(self):
        self.take(receipt("1", COFFEE, SaleTime=None))
        self.assertRecordValues(self.read_lines(), [{"hour": False}])

    def test_counted_once(self):
        """Of a disputed receipt one content counts, of a cancelled one none."""
        self.take(receipt("1", COFFEE), receipt("2", BOOK), receipt("3", COFFEE))
        self.take(receipt("1", line(quantity=2, amount="2.42", vat="0.42")))
        self.assertEqual(self.read_lines("1").amount_total, 1.21)
        conflict = self.find_sales().filtered(lambda sale: sale.state == "conflict")
        conflict.action_take_new("Test")
        self.run_cron()
        self.assertEqual(self.read_lines("1").amount_total, 2.42)
        self.take(receipt("4", line("4779999")))
        held = self.find_sales("4")
        self.assertRecordValues(
            self.read_lines("4"),
            [{"state": "held", "product_id": False, "cost": 0, "margin": 0}],
        )
        held.action_cancel("Test")
        self.assertFalse(self.read_lines("4"))
        self.assertEqual(
            self.sum_up("raso.payment.report", [], "number", "amount"),
            {"1": [Decimal("2.42")], "2": [Decimal("10.50")], "3": [Decimal("1.21")]},
        )

    def test_before_start(self):
        self.shop.book_from = "2026-11-23"
        self.take(receipt("1", COFFEE))
        self.assertEqual(self.find_sales().state, "before_start")
        self.assertFalse(self.read_lines())

    def test_return(self):
        """Returns are negative: money, quantity and cost."""
        back = line(quantity=-1, amount="-1.21", vat="-0.21")
        self.take(receipt("1", COFFEE), receipt("2", back))
        self.assertRecordValues(
            self.read_lines(),
            [
                {"kind": "sale", "quantity": 1, "amount_total": 1.21, "cost": 0.5},
                {"kind": "return", "quantity": -1, "amount_total": -1.21, "cost": -0.5},
            ],
        )

    def test_unbooked(self):
        """Goods that came back cost nothing until they are written off again."""
        self.take(receipt("1", COFFEE))
        documents = self.find_documents()
        documents.action_unbook()
        self.assertRecordValues(self.read_lines(), [{"cost": 0, "margin": 0}])
        self.coffee.standard_price = 0.7
        self.find_sales().action_book_now()
        self.assertRecordValues(self.read_lines(), [{"cost": 0.7, "margin": 0.3}])

    def test_both_ways(self):
        """Goods sold and goods that came back are worth what their own moves say."""
        back = line(quantity=-1, amount="-1.21", vat="-0.21")
        two = line(quantity=2, amount="2.42", vat="0.42")
        self.take(receipt("1", two, back), receipt("2", BOOK, back))
        document = self.find_documents()
        self.env.cr.execute(
            "UPDATE stock_move SET value = CASE WHEN is_in THEN 0.9 ELSE 0.6 END "
            "WHERE product_id = %s",
            [self.coffee.id],
        )
        self.env.invalidate_all()
        document._keep_costs()
        costs = {
            number: self.read_lines(number)
            .filtered(lambda row: row.product_id == self.coffee)
            .mapped("cost")
            for number in ("1", "2")
        }
        # an item taken back within its receipt never moved
        self.assertEqual(costs, {"1": [1.2, -0.6], "2": [-0.9]})

    def test_no_cost(self):
        """Goods without a cost have no margin: not all that they brought."""
        self.coffee.standard_price = 0
        self.take(receipt("1", COFFEE, BOOK))
        self.assertRecordValues(self.read_lines(), [{"margin": 0}, {"margin": 9.0}])

    def test_written_off_later(self):
        self.env["raso.transaction.type"].search([]).white_policy = "money"
        self.take(receipt("1", line("4779999"), APPLES))
        self.assertEqual(self.read_lines()[0].cost, 0)
        product = self.make_product("Stranger", "STRANGER", "4779999", 21)
        product.standard_price = 0.4
        lines = self.find_sales().line_ids
        lines.filtered(lambda item: item.state == "white").product_id = product
        self.run_cron()
        self.assertRecordValues(self.read_lines(), [{"cost": 0.4}, {"cost": 0.17}])

    def test_rounding(self):
        """Whatever its sign as received: a loss is positive, a gain negative."""
        for number, code, rounding, cash in (
            ("1", "1001", "0.01", "1.20"),
            ("2", "1001", "-0.01", "1.20"),
            ("3", "1002", "0.04", "1.25"),
        ):
            self.take(receipt(number, COFFEE, payments=[("0", cash), (code, rounding)]))
        self.assertEqual(
            self.sum_up("raso.payment.report", [], "code", "amount"),
            {
                "0": [Decimal("3.65")],
                "1001": [Decimal("0.02")],
                "1002": [Decimal("-0.04")],
            },
        )

    def test_rights(self):
        self.take(receipt("1", COFFEE))
        other = self.env["res.company"].create({"name": "Another"})
        for model in ("raso.sale.report", "raso.payment.report"):
            rows = self.env[model].with_user(self.user)
            self.assertEqual(rows.search_count([("day", "=", DAY)]), 1)
            self.user.write(
                {
                    "company_ids": [Command.set(other.ids)],
                    "company_id": other.id,
                }
            )
            self.assertFalse(rows.with_company(other).search_count([]))
            self.user.write(
                {
                    "company_ids": [Command.set(self.company.ids)],
                    "company_id": self.company.id,
                }
            )
            stranger = self.env["res.users"].create(
                {
                    "name": model,
                    "login": model,
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
            )
            with self.assertRaises(AccessError):
                rows.with_user(stranger).search([])
