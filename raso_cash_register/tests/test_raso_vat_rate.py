from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .booking import COFFEE, BookingCase, line
from .common import document, receipt

AT_12 = line(amount="1.12", vat="0.12")
AT_9 = line(amount="1.09", vat="0.09")


class TestVatRate(BookingCase):
    """Rates change by law, and a chart of accounts may not know one yet."""

    def setUp(self):
        super().setUp()
        self.connection.book_from = "2025-01-01"

    def book(self, *receipts, **options):
        self.add(document(*receipts), **options)
        self.run_cron()
        return self.find_documents(state="booked")

    def find_rate(self, percent):
        return self.env["raso.vat.rate"].search(
            [("company_id", "=", self.company.id), ("percent", "=", percent)]
        )

    def find_messages(self):
        return self.connection.message_ids.filtered(
            lambda message: (
                "has no sale tax" in message.body
                # what an activity said stays in the chatter as well
                and not message.mail_activity_type_id
            )
        )

    def find_tags(self, documents):
        """Return ``{tag: balance}`` of the documents' entries."""
        sums = {}
        for part in documents.move_ids.line_ids:
            for tag in part.tax_tag_ids:
                sums[tag.name] = round(sums.get(tag.name, 0) + part.balance, 2)
        return sums

    # by date

    def test_the_day_decides(self):
        """9 % until the end of 2025, 12 % from 2026 on; late receipts as well."""
        self.find_rate(9).action_make_tax()
        sales = (
            receipt("1", AT_9, SaleDate="2025-12-31"),
            receipt("2", AT_12, SaleDate="2026-01-01"),
            receipt("3", AT_12, SaleDate="2025-12-31"),
            receipt("4", AT_9, SaleDate="2026-01-01"),
        )
        booked = self.book(*sales)
        self.assertEqual(
            sorted(booked.sale_ids.line_ids.mapped("tax_id.amount")), [9, 12]
        )
        self.assertEqual(self.find_tags(booked), {"30_tax": -0.21})
        self.assertEqual(set(self.find_sales("3", "4").mapped("hold_cause")), {"vat"})
        self.assertIn("No VAT rate fits", self.find_sales("3").hold_reason)

    def test_till_wins_over_the_card(self):
        """Booked as the till counted, and the disagreement shown on the line."""
        booked = self.book(receipt("1", AT_12))
        sold = booked.sale_ids.line_ids
        self.assertEqual(sold.tax_id, self.taxes[12])
        self.assertEqual(sold.warning, "vat")
        self.assertEqual(self.find_tags(booked), {"30_tax": -0.12})

    # a missing tax

    def test_missing_tax_is_said_once(self):
        self.find_rate(12).tax_id = False
        self.assertFalse(self.book(receipt("1", AT_12)))
        sale = self.find_sales()
        self.assertEqual(sale.hold_cause, "vat")
        self.assertIn("12 %", sale.hold_reason)
        self.assertIn("Make the Tax", sale.hold_reason)
        message = self.find_messages()
        self.assertEqual(len(message), 1)
        self.assertIn("Receipts held: 1.", message.body)
        self.assertIn("12 %", message.body)
        self.book(receipt("2", AT_12))
        self.assertEqual(self.find_messages(), message)

    def test_saying_it_is_no_new_rule(self):
        """What is matched stays matched; another tax would be a new rule."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.book(receipt("1", COFFEE))
        rate = self.find_rate(12)
        rate.is_missing_told = True
        self.assertEqual(self.find_sales().state, "matched")
        rate.tax_id = False
        self.assertEqual(self.find_sales().state, "new")

    def test_missing_again_is_said_again(self):
        rate = self.find_rate(12)
        rate.tax_id = False
        self.book(receipt("1", AT_12))
        rate.action_make_tax()
        self.run_cron()
        rate.tax_id = False
        self.book(receipt("2", AT_12))
        self.assertEqual(len(self.find_messages()), 2)

    def test_nobody_waits(self):
        self.find_rate(12).tax_id = False
        self.book(receipt("1", COFFEE))
        self.assertFalse(self.find_messages())

    def test_make_the_tax(self):
        """In a Lithuanian company a button does: what was held is booked."""
        rate = self.find_rate(12)
        self.taxes[12].unlink()
        self.assertFalse(rate.tax_id)
        self.book(receipt("1", AT_12))
        self.assertTrue(rate.can_make_tax)
        manager = self.user
        manager.group_ids |= self.env.ref("raso_cash_register.group_raso_manager")
        triggers = self.env["ir.cron.trigger"].search_count([])
        rate.with_user(manager).action_make_tax()
        self.assertGreater(self.env["ir.cron.trigger"].search_count([]), triggers)
        self.assertRecordValues(
            rate.tax_id,
            [
                {
                    "name": "12%",
                    "amount": 12,
                    "type_tax_use": "sale",
                    "company_id": self.company.id,
                    "l10n_lt_tax_code": "PVM2",
                }
            ],
        )
        self.run_cron()
        booked = self.find_documents(state="booked")
        self.assertEqual(self.find_tags(booked), {"30_tax": -0.12})
        self.assertEqual(self.sum_accounts(booked.move_ids)["449200"], Decimal("-0.12"))

    def test_old_rate(self):
        """9 % of 2025: the chart has a group for it and no sale tax."""
        rate = self.find_rate(9)
        self.assertTrue(rate.can_make_tax)
        self.assertFalse(self.book(receipt("1", AT_9, SaleDate="2025-12-30")))
        rate.action_make_tax()
        self.assertEqual(rate.tax_id.name, "9%")
        self.assertEqual(
            rate.tax_id.tax_group_id,
            self.env["account.chart.template"].ref("tax_group_vat_9"),
        )
        self.run_cron()
        self.assertEqual(
            self.find_tags(self.find_documents(state="booked")), {"30_tax": -0.09}
        )

    def test_what_exists_is_taken(self):
        """A newer chart may have the tax already."""
        rate = self.find_rate(12)
        rate.tax_id = False
        rate.action_make_tax()
        self.assertEqual(rate.tax_id, self.taxes[12])

    def test_other_rates_are_chosen_by_hand(self):
        rate = self.find_rate(21)
        rate.tax_id = False
        self.assertFalse(rate.can_make_tax)
        with self.assertRaisesRegex(UserError, "choose a sale tax"):
            rate.action_make_tax()

    def test_other_countries_choose_by_hand(self):
        self.find_rate(12).tax_id = False
        self.company.chart_template = "generic_coa"
        self.book(receipt("1", AT_12))
        self.assertIn("Choose one", self.find_sales().hold_reason)
        self.assertNotIn("Make the Tax", self.find_sales().hold_reason)

    def test_only_managers_make_it(self):
        rate = self.find_rate(9)
        with self.assertRaises(AccessError):
            rate.with_user(self.user).action_make_tax()

    # cards that say something else than one rate

    def test_group_of_taxes(self):
        """A group has no rate of its own: the rate's tax, and a warning."""
        parts = self.taxes[21].copy(
            {"name": "Part", "type_tax_use": "none", "tax_scope": False}
        )
        self.coffee.taxes_id = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(parts.ids)],
            }
        )
        booked = self.book(receipt("1", COFFEE))
        sold = booked.sale_ids.line_ids
        self.assertEqual((sold.tax_id, sold.warning), (self.taxes[21], "vat"))
        self.assertEqual(self.find_tags(booked), {"29_tax": -0.21})

    def test_group_of_taxes_at_rate_0(self):
        """It isn't an item without taxes."""
        self.coffee.taxes_id = self.env["account.tax"].create(
            {"name": "Group", "amount_type": "group", "type_tax_use": "sale"}
        )
        booked = self.book(receipt("1", line(amount="1.00", vat="0.00")))
        self.assertEqual(booked.sale_ids.line_ids.tax_id, self.taxes[0])

    def test_fixed_tax_beside_the_rate(self):
        """The till's amount holds it already: the tax of the rate is taken alone."""
        fixed = self.env["account.tax"].create(
            {"name": "Battery", "amount_type": "fixed", "amount": 0.02}
        )
        self.coffee.taxes_id = self.taxes[21] | fixed
        booked = self.book(receipt("1", COFFEE))
        sold = booked.sale_ids.line_ids
        self.assertEqual((sold.tax_id, sold.warning), (self.taxes[21], False))
        self.assertEqual(booked.amount_booked, 1.21)

    def test_archived_tax_of_the_card(self):
        old = self.taxes[21].copy({"name": "21% old"})
        self.coffee.taxes_id = old
        old.active = False
        sold = self.book(receipt("1", COFFEE)).sale_ids.line_ids
        self.assertEqual(sold.tax_id, self.taxes[21])

    def test_taxes_of_another_company(self):
        """A shared product's taxes of another company say nothing here."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env["account.chart.template"].try_loading(
            "generic_coa", other, install_demo=False
        )
        self.coffee.taxes_id = self.env["account.tax"].search(
            [("company_id", "=", other.id), ("type_tax_use", "=", "sale")], limit=1
        )
        sold = self.book(receipt("1", COFFEE)).sale_ids.line_ids
        self.assertEqual((sold.tax_id, sold.warning), (self.taxes[21], False))
