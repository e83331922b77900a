from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from .booking import BOOK, COFFEE, BookingCase
from .common import document, receipt
from .standin import Standin
from .test_security import MODELS

SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
    "payments": [],
}


class CompaniesCase(BookingCase):
    """A second company with a RASO of its own, whose numbers are the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_company()
        cls.env["raso.setup"].with_company(cls.other).create({}).action_apply()
        cls.other_journal = (
            cls.env["account.journal"]
            .with_company(cls.other)
            .create({"name": "Other cash", "type": "cash", "code": "KASA2"})
        )
        cls.other_shop = (
            cls.env["raso.shop"]
            .with_company(cls.other)
            .create(
                {
                    "number": "01",
                    "name": "Other shop",
                    "warehouse_id": cls.env["stock.warehouse"]
                    .search([("company_id", "=", cls.other.id)], limit=1)
                    .id,
                    "cash_journal_id": cls.other_journal.id,
                }
            )
        )

    @classmethod
    def make_company(cls):
        company = cls.env["res.company"].create(
            {
                "name": "UAB Kita",
                "country_id": cls.env.ref("base.lt").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.env["account.chart.template"].try_loading("lt", company, install_demo=False)
        return company

    def setUp(self):
        super().setUp()
        self.other_standin = Standin(
            clock=lambda: datetime(2026, 11, 24, 6), encryption="none"
        )
        self.other_standin.open_port()
        self.addCleanup(self.other_standin.close)
        self.other_connection = self.make_connection(
            company_id=self.other.id, port=self.other_standin.port
        )
        self.other_connection.action_confirm()

    def add_other(self, *receipts, data_type=0):
        self.other_standin.add(data_type, "KVITAS", "01", document(*receipts))

    def find_of(self, model, company):
        return self.env[model].search([("company_id", "=", company.id)])

    def find_rate(self, company, percent):
        return self.find_of("raso.vat.rate", company).filtered(
            lambda rate: rate.percent == percent
        )


class TestCompanies(CompaniesCase):
    def test_one_run_books_each_in_its_own_books(self):
        """The same shop, till, number, day and SF number in both."""
        term = self.env.ref("account.account_payment_term_30days")
        partner = self.env["res.partner"].create(
            {"name": "Shared", "company_registry": "300367240"}
        )
        partner.with_company(self.other).property_payment_term_id = term
        for add in (self.add, self.add_other):
            sold = (receipt("1", COFFEE, BOOK), receipt("2", COFFEE, **SF))
            add(document(*sold)) if add == self.add else add(*sold)
        self.run_cron()
        for company in (self.company, self.other):
            documents = self.find_of("raso.trade.document", company)
            self.assertEqual(
                documents.mapped("name"),
                ["SF/01/1/2026-11-22/RSF-1", "SALE/01/1/2026-11-22"],
            )
            self.assertEqual(set(documents.mapped("state")), {"booked"})
            for records in (
                documents.sale_ids,
                documents.move_ids,
                documents.picking_ids,
                documents.shop_id,
                documents.move_ids.journal_id,
                documents.move_ids.line_ids.account_id.company_ids,
                documents.move_ids.line_ids.tax_line_id,
                documents.move_ids.line_ids.tax_ids,
                documents.sale_ids.line_ids.tax_id,
                documents.picking_ids.picking_type_id,
            ):
                owners = (
                    records.company_id if records._name != "res.company" else records
                )
                self.assertEqual(owners, company, records)
            invoice = documents.move_ids.filtered(lambda move: move.is_invoice())
            self.assertEqual((invoice.name, invoice.partner_id), ("RSF-1", partner))
            self.assertEqual(
                str(invoice.invoice_date_due),
                "2026-12-22" if company == self.other else "2026-11-22",
            )

    def test_accounts_of_a_shared_product(self):
        accounts = self.env["account.account"]
        for company, code in ((self.company, "500100"), (self.other, "500300")):
            product = self.coffee.with_company(company)
            product.property_account_income_id = accounts.with_company(company).search(
                [("code", "=", code), ("company_ids", "in", company.ids)]
            )
        self.add(document(receipt("1", COFFEE)))
        self.add_other(receipt("1", COFFEE))
        self.run_cron()
        for company, code in ((self.company, "500100"), (self.other, "500300")):
            lines = self.find_of("raso.trade.document", company).move_ids.line_ids
            self.assertIn(code, lines.account_id.with_company(company).mapped("code"))

    def test_products_and_codes_of_the_other(self):
        """What a person tied in one company means nothing in the other."""
        self.coffee.company_id = self.company
        self.env["raso.code"].create({"code": "4770001", "product_id": self.coffee.id})
        self.add_other(receipt("1", COFFEE))
        self.run_cron()
        sale = self.find_of("raso.cash.sale", self.other)
        self.assertEqual(sale.hold_cause, "white")

    def test_a_lock_of_one_holds_the_other_not(self):
        self.company.fiscalyear_lock_date = "2026-11-30"
        self.add(document(receipt("1", COFFEE)))
        self.add_other(receipt("1", COFFEE))
        self.run_cron()
        self.assertEqual(self.find_of("raso.cash.sale", self.company).state, "held")
        self.assertEqual(self.find_of("raso.cash.sale", self.other).state, "booked")

    def test_a_missing_tax_is_said_to_its_company(self):
        self.find_rate(self.other, 21).tax_id = False
        self.coffee.taxes_id = self.taxes[21]
        self.add(document(receipt("1", COFFEE)))
        self.add_other(receipt("1", COFFEE))
        self.run_cron()
        said = {
            connection: "has no sale tax"
            in " ".join(connection.message_ids.mapped("body"))
            for connection in self.connection | self.other_connection
        }
        self.assertEqual(said, {self.connection: False, self.other_connection: True})

    def test_users_see_their_company_alone(self):
        self.add(document(receipt("1", COFFEE), receipt("2", COFFEE, **SF)))
        self.add_other(receipt("1", COFFEE), receipt("2", COFFEE, **SF))
        self.run_cron()
        users = {
            company: new_test_user(
                self.env,
                f"manager-{company.id}",
                "base.group_user,raso_cash_register.group_raso_manager",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (self.company, self.other)
        }
        for model in MODELS:
            for company, user in users.items():
                seen = self.env[model].with_user(user).search([])
                owners = {record.sudo().company_id for record in seen}
                self.assertLessEqual(owners, {company}, model)
        stranger = users[self.other]
        for action in (
            self.find_of("raso.trade.document", self.company).action_unbook,
            self.find_of("raso.cash.sale", self.company).action_book_now,
            self.find_rate(self.company, 9).action_make_tax,
            self.connection.action_fetch_now,
        ):
            owner = action.__self__.with_user(stranger)
            with self.assertRaises(AccessError), self.cr.savepoint():
                getattr(owner, action.__name__)()

    # currency

    def test_only_euro(self):
        self.other_connection.state = "draft"
        self.other.currency_id = self.env.ref("base.USD")
        with self.assertRaisesRegex(ValidationError, "UAB Kita keeps its books in USD"):
            self.make_connection(company_id=self.other.id)

    def test_currency_changed_later(self):
        """Documents are kept, as RASO purges them, and nothing is booked."""
        self.other.currency_id = self.env.ref("base.USD")
        self.add_other(receipt("1", COFFEE))
        self.add(document(receipt("1", COFFEE)))
        self.run_cron()
        sale = self.find_of("raso.cash.sale", self.other)
        self.assertEqual((sale.state, sale.hold_cause), ("held", "booking"))
        self.assertIn("keeps its books in USD", sale.hold_reason)
        self.assertFalse(sale.trade_document_id)
        self.assertFalse(self.find_of("account.move", self.other))
        self.assertEqual(self.find_of("raso.cash.sale", self.company).state, "booked")
        self.other.currency_id = self.env.ref("base.EUR")
        self.find_of("raso.trade.document", self.other).action_retry()
        self.assertEqual(sale.state, "booked")


class TestBranch(BookingCase):
    """A shop in a branch: its books are the parent company's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.cr.precommit.run()  # the parent's accounts become the branch's defaults
        cls.env["raso.setup"].with_company(cls.branch).create({}).action_apply()
        cls.branch_shop = (
            cls.env["raso.shop"]
            .with_company(cls.branch)
            .create(
                {
                    "number": "01",
                    "name": "Branch shop",
                    "warehouse_id": cls.env["stock.warehouse"]
                    .search([("company_id", "=", cls.branch.id)], limit=1)
                    .id,
                    "cash_journal_id": cls.cash_journal.id,
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.connection.action_set_draft()
        self.make_connection(company_id=self.branch.id).action_confirm()

    def book(self, *receipts):
        self.add(document(*receipts))
        self.run_cron()
        return self.env["raso.trade.document"].search(
            [("company_id", "=", self.branch.id), ("state", "=", "booked")]
        )

    def test_books_of_the_parent(self):
        booked = self.book(
            receipt("1", COFFEE, BOOK, payments=[("0", "1.71"), ("2", "10.00")]),
            receipt("2", COFFEE, **{**SF, "payments": [("0", "1.21")]}),
        )
        self.assertEqual(len(booked), 2)
        moves = booked.move_ids
        self.assertEqual(moves.company_id, self.branch)
        self.assertEqual(moves.line_ids.account_id.company_ids, self.company)
        self.assertEqual(moves.line_ids.tax_ids.company_id, self.company)
        self.assertEqual(
            booked.sale_ids.line_ids.tax_id, self.taxes[21] | self.taxes[5]
        )
        self.assertEqual(booked.picking_ids.company_id, self.branch)
        self.assert_accounts(
            moves,
            {
                self.cash_account: "2.92",
                "273000": "10.00",
                "449200": "-0.92",
                "500000": "-12.00",
            },
        )

    def test_set_up_like_the_parent(self):
        """No second journals nor a second account for vouchers."""
        for model, names in (
            (
                "raso.transaction.type",
                ("journal_id", "payment_journal_id", "partner_id", "income_account_id"),
            ),
            ("raso.payment.kind", ("account_id", "gain_account_id")),
            ("raso.vat.rate", ("tax_id",)),
        ):
            own, parents = (
                self.env[model].search([("company_id", "=", company.id)])
                for company in (self.branch, self.company)
            )
            for name in names:
                self.assertEqual(own[name], parents[name], (model, name))

    def test_lock_of_the_parent(self):
        self.company.fiscalyear_lock_date = "2026-11-30"
        self.assertFalse(self.book(receipt("1", COFFEE)))
        sale = self.env["raso.cash.sale"].search([("company_id", "=", self.branch.id)])
        self.assertEqual(sale.hold_cause, "locked")

    def test_missing_tax_is_made_in_the_parent(self):
        rate = self.env["raso.vat.rate"].search(
            [("company_id", "=", self.branch.id), ("percent", "=", 9)]
        )
        rate.action_make_tax()
        self.assertEqual(rate.tax_id.company_id, self.company)

    def test_unbook(self):
        booked = self.book(receipt("1", COFFEE))
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})
        self.assertEqual(self.sum_stock(booked.picking_ids), {})
