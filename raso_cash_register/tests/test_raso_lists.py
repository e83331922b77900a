from datetime import date

from lxml import etree, html

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from .booking import APPLES, COFFEE
from .common import DAY, document, receipt
from .sf import sf
from .white import TEA, WhiteCase
from .z_common import coffees, z_document, z_report

ACTIONS = (
    *("raso_cash_sale_line_action", "raso_cash_sale_action"),
    *("raso_trade_document_action", "raso_z_report_action"),
    *("raso_register_day_action", "raso_exchange_action", "raso_connection_action"),
    *("raso_shop_action", "raso_transaction_type_action", "raso_payment_kind_action"),
    *("raso_vat_rate_action", "raso_code_action"),
)


class TestLists(WhiteCase):
    def setUp(self):
        super().setUp()
        self.take(
            receipt("1", COFFEE, APPLES),
            receipt("2", COFFEE, TEA, UserId="9"),
            receipt("3", COFFEE, SaleDate="2026-11-23"),
        )
        self.add(document(sf("4", COFFEE, COFFEE)), 1)
        self.add(z_document(z_report(**coffees(2))), 5, provider="", shop="")
        self.run_cron()
        self.lines = self.env["raso.cash.sale.line"].with_user(self.user)

    def open_views(self, name):
        """Yield model, type and arch of an action's views, as a user gets them."""
        action = self.env.ref(f"raso_cash_register.{name}")
        model = self.env[action.res_model].with_user(self.user)
        modes = [(False, mode) for mode in action.view_mode.split(",")]
        views = model.get_views([*modes, (False, "search")])["views"]
        for mode, view in views.items():
            yield model, mode, etree.fromstring(view["arch"])

    def test_users_open_every_view(self):
        for name in ACTIONS:
            for model, mode, arch in self.open_views(name):
                if mode == "search":
                    continue
                with self.subTest(action=name, view=mode):
                    model.web_search_read([], make_spec(model, arch), limit=5)

    def test_filters(self):
        """Each filter is a domain that a user may search with; groups group."""
        for name in ACTIONS[:5]:
            for model, mode, arch in self.open_views(name):
                if mode != "search":
                    continue
                for part in arch.iter("filter"):
                    with self.subTest(action=name, filter=part.get("name")):
                        self.check_filter(model, part)

    def check_filter(self, model, part):
        context = safe_eval(part.get("context") or "{}")
        if "group_by" in context:
            model.web_read_group([], [context["group_by"]], ["__count"])
        elif part.get("date"):
            self.assertIn(part.get("date"), model._fields)
        else:
            domain = safe_eval(part.get("domain"), {"uid": self.env.uid})
            model.search(Domain(domain))

    def count(self, name):
        _model, _mode, arch = list(self.open_views("raso_cash_sale_line_action"))[-1]
        (part,) = arch.xpath(f"//filter[@name='{name}']")
        return self.lines.search_count(safe_eval(part.get("domain")))

    def test_counts(self):
        self.assertEqual(self.count("white"), 1)
        self.assertEqual(self.count("not_written_off"), 2)  # with its receipt's coffee
        self.assertEqual(self.count("grey"), 5)
        self.assertEqual(self.count("held"), 2)
        self.assertEqual(self.count("sf"), 2)
        self.assertEqual(self.count("yesterday"), 1)
        # the clock stands on a Tuesday, and weeks begin as the user's language says
        self.env["res.lang"].search([("code", "=", "en_US")]).week_start = "1"
        self.assertEqual(self.count("this_week"), 1)

    def test_search_by_customer(self):
        *_views, (_model, _mode, arch) = self.open_views("raso_cash_sale_line_action")
        (field,) = arch.xpath("//field[@name='cash_sale_id']")
        for text in ("Pirkėj", "RSF-1", "300367240"):
            domain = safe_eval(field.get("filter_domain"), {"self": text})
            self.assertEqual(self.lines.search(domain).mapped("number"), ["4", "4"])

    def test_cashier(self):
        self.assertEqual(self.lines.search_count([("cashier", "=", "9")]), 2)

    def group(self, *groupby, domain=()):
        sums = ["quantity:sum", "amount:sum"]
        return self.lines.web_read_group(
            list(domain), groupby, sums, auto_unfold=True, unfold_read_specification={}
        )["groups"]

    def test_quantities_of_different_units_are_not_summed(self):
        for group in self.group("day:day"):
            self.assertFalse(group["quantity:sum"])
            self.assertTrue(group["amount:sum"])
        coffee = [
            group
            for group in self.group("product_id", "day:day")
            if group["product_id"] and group["product_id"][0] == self.coffee.id
        ]
        self.assertEqual(coffee[0]["quantity:sum"], 5)
        days = self.group("day:day", domain=[("product_id", "=", self.coffee.id)])
        self.assertEqual([group["quantity:sum"] for group in days], [4, 1])

    def test_z_report_has_a_name(self):
        report = self.env["raso.z.report"].search([])
        self.assertEqual(report.display_name, f"Z 17 · 01 / Till 1 ({DAY})")

    def test_edit_in_the_list(self):
        """Choosing the product of a white item writes it off where it may be."""
        white = self.lines.search([("state", "=", "white")])
        spec = {"state": {}, "product_id": {}}
        (values,) = white.web_save({"product_id": self.tea.id}, spec)
        self.assertEqual(values["product_id"], self.tea.id)
        self.assertIn(values["state"], ("ready", "grey"))


class TestTradeFigures(WhiteCase):
    def sum_trade(self):
        ((received, booked, count),) = self.env["raso.trade.document"]._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["amount_received:sum", "amount_booked:sum", "sale_count:sum"],
        )
        return received, booked, count

    def test_unbooked_documents_count_nothing(self):
        self.take(receipt("1", COFFEE), receipt("2", COFFEE))
        self.assertEqual(self.sum_trade(), (2.42, 2.42, 2))
        unbooked = self.find_documents()
        unbooked.action_unbook()
        self.assertEqual(self.sum_trade(), (0, 0, 0))
        self.assertFalse(unbooked.difference)
        self.assertRegex(unbooked.message_ids[0].body, r"held: 2; received 2\.42")
        unbooked.action_book_again()
        self.assertEqual(self.sum_trade(), (2.42, 2.42, 2))

    def test_difference(self):
        """Only where something is to be in the books is its lack a difference."""
        self.sale_type.is_draft = True
        self.take(receipt("1", COFFEE))
        prepared = self.find_documents()
        self.assertEqual((prepared.amount_received, prepared.difference), (1.21, 0))
        prepared.action_confirm()
        self.assertEqual(prepared.difference, 0)
        prepared.amount_booked = 1
        self.assertEqual(prepared.difference, 0.21)
        self.sale_type.trade = "none"
        prepared.invalidate_recordset(["difference"])
        self.assertEqual(prepared.difference, 0)

    def test_why_of_a_prepared_receipt(self):
        self.sale_type.is_draft = True
        sale = self.take(receipt("1", COFFEE))
        name = sale.trade_document_id.name
        self.assertTrue(sale.why.startswith(f"Prepared as drafts by {name}"))
        sale.trade_document_id.action_confirm()
        sale.invalidate_recordset(["why"])
        self.assertTrue(sale.why.startswith(f"Booked by {name}"))

    def test_buttons(self):
        self.add(document(sf("1", COFFEE, payments=[("0", "1.21")])), 1)
        self.run_cron()
        booked = self.find_documents()
        invoice = booked.move_ids.filtered(lambda move: move.is_invoice())
        self.assertRecordValues(
            booked, [{"invoice_count": 1, "payment_count": 1, "entry_count": 0}]
        )
        self.assertEqual(booked.action_view_invoices()["res_id"], invoice.id)
        payment = booked.action_view_payments()["res_id"]
        self.assertEqual(booked.move_ids - invoice, invoice.browse(payment))


class TestDecisionNames(WhiteCase):
    def test_both_receipts_are_told_apart(self):
        self.take(receipt("1", COFFEE))
        self.take(receipt("1", COFFEE, COFFEE, TEA))
        ours, new = self.find_sales()
        wizard = self.env["raso.decision"].create(
            {"sale_id": new.id, "decision": "keep_ours"}
        )
        shown = html.fromstring(str(wizard.comparison_html))
        rows = {
            row[0].text.strip(): [cell.text for cell in row[1:]]
            for row in shown.iter("tr")
            if row[0].text
        }
        self.assertEqual(
            rows["≠ In"], [new.exchange_id.display_name, ours.exchange_id.display_name]
        )
        self.assertEqual(rows["≠ Total"], ["6.05\xa0€", "1.21\xa0€"])
        self.assertEqual(rows["≠ Item"], ["2 · 2.42\xa0€", "1 · 1.21\xa0€"])
        self.assertEqual(rows["≠ Tea"], ["3 · 3.63\xa0€", "–"])
        self.assertEqual(rows["Cashier"], ["7", "7"])

    def test_nothing_to_compare(self):
        self.sale_type.ripe = "z"
        sale = self.take(receipt("1", COFFEE))
        self.assertEqual(sale.day, date(2026, 11, 22))
        wizard = self.env["raso.decision"].create(
            {"sale_id": sale.id, "decision": "cancel"}
        )
        self.assertFalse(wizard.comparison_html)


def make_spec(model, node):
    """Return what the web client asks for to show a view."""
    spec = {}
    for child in node:
        name = child.get("name")
        if child.tag != "field" or name not in model._fields:
            spec |= make_spec(model, child)
            continue
        field = model._fields[name]
        if field.type in ("one2many", "many2many"):
            fields = make_spec(model.env[field.comodel_name], child)
            spec[name] = {"fields": fields, "limit": 40}
        elif field.type == "many2one":
            spec[name] = {"fields": {"display_name": {}}}
        else:
            spec[name] = {}
    return spec
