from datetime import date
from decimal import Decimal

from odoo import Command

from .booking import BOOK, COFFEE, line
from .sf import BACK, SfCase, sf


class TestSf(SfCase):
    """SF as invoices: on account or paid, with the till's totals and numbers."""

    # on account

    def test_on_account(self):
        """Without payments the receivable stays open, due the same day."""
        invoice = self.find_invoice(self.book(sf("1")))
        self.assertRecordValues(
            invoice,
            [
                {
                    "name": "RSF-1",
                    "amount_total": 1.21,
                    "amount_tax": 0.21,
                    "amount_residual": 1.21,
                    "payment_state": "not_paid",
                    "invoice_date_due": date(2026, 11, 22),
                }
            ],
        )

    def test_sf_among_receipts(self):
        """A receipt with InvoiceNo in a document of sales is an SF as well."""
        booked = self.book(sf("1", payments=[("0", "1.21")]), data_type=0)
        self.assertEqual(booked.kind, "sf")
        self.assertEqual(self.find_invoice(booked).payment_state, "paid")

    def test_due_by_the_customers_terms(self):
        term = self.env.ref("account.account_payment_term_30days")
        self.make_partner(property_payment_term_id=term.id)
        open_, paid = (
            self.find_invoice(document)
            for document in self.book(
                sf("1"), sf("2", invoice_no="RSF-2", payments=[("0", "1.21")])
            )
        )
        self.assertEqual(open_.invoice_date_due, date(2026, 12, 22))
        self.assertEqual(open_.invoice_payment_term_id, term)
        self.assertEqual(paid.invoice_date_due, date(2026, 11, 22))
        self.assertFalse(paid.invoice_payment_term_id)
        self.assertEqual(paid.payment_state, "paid")

    def test_discount_for_early_payment_changes_no_vat(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/7, 30 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        self.make_partner(property_payment_term_id=term.id)
        invoice = self.find_invoice(self.book(sf("1")))
        self.assertEqual(invoice.amount_tax, 0.21)
        self.assertEqual(invoice.invoice_date_due, date(2026, 12, 22))

    def test_part_on_account(self):
        """What was paid by card is paid, the rest stays open."""
        self.env["raso.payment.kind"].create(
            {"code": "9", "name": "On account", "usage": "on_account"}
        )
        term = self.env.ref("account.account_payment_term_30days")
        self.make_partner(property_payment_term_id=term.id)
        booked = self.book(sf("1", payments=[("2", "0.50"), ("9", "0.71")]))
        invoice = self.find_invoice(booked)
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual(invoice.amount_residual, 0.71)
        self.assertEqual(invoice.invoice_date_due, date(2026, 12, 22))
        self.assert_accounts(
            booked.move_ids,
            {
                "241000": "0.71",
                "273000": "0.50",
                "449200": "-0.21",
                "500000": "-1.00",
            },
        )

    def test_paid_later_by_hand(self):
        """An accountant's payment closes it; Unbook frees the payment again."""
        booked = self.book(sf("1"))
        invoice = self.find_invoice(booked)
        payments = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
            ._create_payments()
        )
        self.assertFalse(invoice.amount_residual)
        booked.action_unbook()
        self.assertEqual(invoice.state, "cancel")
        open_lines = payments.move_id.line_ids.filtered(
            lambda part: part.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(open_lines.amount_residual, -1.21)

    # totals

    def test_positions_and_currencies_of_the_customer_change_nothing(self):
        """Taxes, accounts and money are the till's, whoever the customer is."""
        germany = self.env.ref("base.de")
        partner = self.make_partner(
            country_id=germany.id, vat="DE136695976", is_company=True
        )
        position = self.env["account.fiscal.position"].with_company(self.company)
        self.assertTrue(position._get_fiscal_position(partner))
        booked = self.book(sf("1", COFFEE, BOOK, payments=[("0", "11.71")]))
        invoice = self.find_invoice(booked)
        self.assertFalse(invoice.fiscal_position_id)
        self.assertEqual(invoice.currency_id.name, "EUR")
        self.assert_accounts(
            booked.move_ids,
            {self.cash_account: "11.71", "449200": "-0.71", "500000": "-11.00"},
        )

    def test_price_included_and_excluded_taxes(self):
        """The till's cents, whatever the tax would compute."""
        included = self.taxes[21].copy(
            {"name": "21% included", "price_include_override": "tax_included"}
        )
        self.apples.taxes_id = included
        odd = (
            # Odoo alone would say 5.20 and 24.79
            line(quantity=3, amount="29.99", vat="5.21"),
            line("4770003", "1.337", "29.99", "5.21"),
            line("4770003", 7, "0.99", "0.17"),
            line("4770002", 3, "10.00", "0.47"),
        )
        for number, lines in enumerate((odd, odd[:1], odd[1:3], odd[1:2] * 3), 1):
            booked = self.book(sf(str(number), *lines, invoice_no=f"RSF-{number}"))
            invoice = self.find_invoice(booked)
            total, vat = (
                sum(Decimal(part[tag]) for part in lines)
                for tag in ("AMOUNT", "VATSUM")
            )
            self.assertEqual(booked.state, "booked", booked.error_text)
            self.assertEqual(Decimal(f"{invoice.amount_total:.2f}"), total)
            self.assertEqual(Decimal(f"{invoice.amount_tax:.2f}"), vat)
            self.assertFalse(
                invoice.line_ids.filtered(lambda part: part.display_type == "rounding")
            )

    def test_line_taken_back(self):
        invoice = self.find_invoice(self.book(sf("1", COFFEE, BOOK, BACK)))
        self.assertEqual(len(invoice.invoice_line_ids), 3)
        self.assertEqual(invoice.amount_total, 10.50)

    def test_money_without_a_quantity(self):
        """A correction of the price: the money counts, no goods move."""
        booked = self.book(sf("1", BOOK, line(quantity=0, amount="-1.21", vat="-0.21")))
        self.assertEqual(self.find_invoice(booked).amount_total, 9.29)
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.book_item: 2})

    def test_exchange_for_something_cheaper(self):
        """More items out than in, and yet money back: Odoo needs a credit note."""
        booked = self.book(
            sf(
                "1",
                line(quantity=2, amount="2.42", vat="0.42"),
                line("4770002", -1, "-5.25", "-0.25"),
                payments=[("0", "-2.83")],
            )
        )
        invoice = self.find_invoice(booked)
        self.assertEqual((booked.kind, invoice.move_type), ("sf", "out_refund"))
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (2.83, 0))
        self.assert_accounts(
            booked.move_ids,
            {self.cash_account: "-2.83", "449200": "-0.17", "500000": "3.00"},
        )

    def test_exchange_for_the_same_price(self):
        booked = self.book(sf("1", BACK, line("4770003", 1, "1.21", "0.21")))
        self.assertEqual(booked.state, "booked", booked.error_text)
        self.assertFalse(self.find_invoice(booked).amount_total)

    def test_free_of_charge(self):
        booked = self.book(sf("1", line(amount="0.00", vat="0.00")))
        self.assertEqual(booked.state, "booked", booked.error_text)
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})

    def test_no_items(self):
        empty = sf("1").replace("".join(_sale_elements(sf("1"))), "")
        self.assert_refused("has no items", empty)

    # numbers

    def test_years_in_numbers(self):
        """RASO's series may hold what looks like another year or month."""
        numbers = ("RASO 2025/77", "KVIT 25/000123", "A/3/12/000045", "00123")
        booked = self.book(
            *(sf(str(no), invoice_no=text) for no, text in enumerate(numbers, 1))
        )
        self.assertEqual(set(self.find_invoice(booked).mapped("name")), set(numbers))

    def test_number_is_taken(self):
        """By an invoice that a person made in the SF journal."""
        invoice = self.find_invoice(self.book(sf("1")))
        own = invoice.copy({"invoice_date": "2026-11-22", "name": "RSF-2"})
        own.action_post()
        self.assert_refused("RSF-2 is already taken", sf("2", invoice_no="RSF-2"))

    def test_no_number(self):
        """Tills count alike: their receipts' numbers alone would clash."""
        booked = self.book(
            sf("5", invoice_no=None),
            sf("5", invoice_no=None, PosNo="2"),
            sf("5", invoice_no=None, SaleDate="2026-11-21"),
        )
        self.assertEqual(
            set(self.find_invoice(booked).mapped("name")),
            {"01/1/2026-11-22/5", "01/2/2026-11-22/5", "01/1/2026-11-21/5"},
        )


def _sale_elements(text):
    start, end = text.index("<Sale>"), text.index("</Sale>") + len("</Sale>")
    return text[start:end]
