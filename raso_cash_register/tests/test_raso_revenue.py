from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from . import sheets
from .booking import RivileCase
from .sample_case import DAYS, SampleCase


class RevenueCase(RivileCase):
    def find_types(self):
        return self.env["raso.transaction.type"].search([("trade", "=", "later")])

    def take(self, *elements, data_type=0, **attributes):
        """Receive a sheet and write its goods off; return its document."""
        before = self.find_documents()
        self.add(sheets.sheet(*elements, **attributes), data_type, provider="RIVILE")
        self.run_cron()
        return self.find_documents() - before

    def open_wizard(self, documents):
        context = {"active_model": documents._name, "active_ids": documents.ids}
        return self.env["raso.revenue"].with_context(**context).create({})

    def make(self, documents):
        self.open_wizard(documents).action_make()


class TestMakeRevenueEntry(RevenueCase):
    def test_goods_first(self):
        """Without a person only the goods are written off."""
        document = self.take(sheets.line(), sheets.payment())
        self.assertEqual((document.state, document.revenue_state), ("booked", "todo"))
        self.assertEqual(self.sum_stock(document.picking_ids), {self.coffee: 2})
        self.assertFalse(document.move_ids)
        self.run_cron()
        self.assertFalse(document.move_ids)

    def test_wizard(self):
        """It shows what it will book, and books just that."""
        document = self.take(
            sheets.line(), sheets.payment("1.42"), sheets.payment("1.00", "2")
        )
        wizard = self.open_wizard(document)
        self.assertFalse(wizard.trouble)
        shown = {}
        for part in wizard.line_ids:
            code = part.account_id.code
            shown[code] = shown.get(code, 0) + Decimal(
                f"{part.debit - part.credit:.2f}"
            )
        wizard.action_make()
        booked = {
            self.cash_account: "1.42",
            "273000": "1.00",
            "449200": "-0.42",
            "500000": "-2.00",
        }
        self.assert_accounts(document.move_ids, booked)
        self.assertEqual(
            {code: amount for code, amount in shown.items() if amount},
            self.sum_accounts(document.move_ids),
        )
        self.assertEqual(document.revenue_state, "done")
        self.assertEqual(document.amount_booked, 2.42)
        self.assertEqual(document.vat_booked, 0.42)
        self.assertEqual(set(document.move_ids.mapped("date")), {date(2026, 11, 22)})
        sale = document.move_ids.filtered(lambda move: move.raso_part == "sale")
        self.assertEqual(sale.journal_id.type, "general")
        self.assert_settled()

    def test_several_sheets_at_once(self):
        documents = self.take(sheets.line(), sheets.payment())
        documents |= self.take(
            sheets.back(), sheets.payment("-1.21"), data_type=3, LASTZ="416"
        )
        self.assertEqual(documents.mapped("kind"), ["sheet", "sheet_return"])
        self.make(documents)
        self.assertEqual(set(documents.mapped("revenue_state")), {"done"})
        self.assert_accounts(
            documents.move_ids,
            {self.cash_account: "1.21", "449200": "-0.21", "500000": "-1.00"},
        )
        tax = documents[1].move_ids.line_ids.filtered("tax_line_id")
        self.assertEqual(tax.tax_base_amount, 1.00)
        self.assert_settled()

    def test_other_revenue_account(self):
        """A person may book revenue elsewhere; the amounts stay the till's."""
        services = self.env["account.account"].search([("code", "=", "500100")])
        document = self.take(sheets.line(), sheets.payment())
        with Form(self.open_wizard(document)) as form:
            for index, part in enumerate(form.record.line_ids):
                if part.is_revenue:
                    with form.line_ids.edit(index) as row:
                        row.account_id = services
        form.record.action_make()
        self.assert_accounts(
            document.move_ids,
            {self.cash_account: "2.42", "449200": "-0.42", "500100": "-2.00"},
        )

    def test_not_twice(self):
        document = self.take(sheets.line(), sheets.payment())
        self.make(document)
        with self.assertRaisesRegex(UserError, "waits for a revenue entry"):
            self.open_wizard(document)

    def test_user_may_not(self):
        document = self.take(sheets.line(), sheets.payment())
        with self.assertRaises(AccessError):
            self.open_wizard(document.with_user(self.user)).with_user(
                self.user
            ).action_make()

    def test_payments_by_hand(self):
        self.find_types().is_split = False
        document = self.take(sheets.line(), sheets.payment())
        self.make(document)
        self.assert_accounts(
            document.move_ids,
            {"241100": "2.42", "449200": "-0.42", "500000": "-2.00"},
        )

    def test_debit_payment_accounts_directly(self):
        """One entry, no receivable, no statement line."""
        self.find_types().is_direct = True
        document = self.take(
            sheets.line(AMOUNT="2.41"),
            sheets.payment("1.40"),
            sheets.payment("1.00", "2"),
            sheets.payment("0.01", "1001"),
        )
        self.make(document)
        self.assertEqual(len(document.move_ids), 1)
        self.assert_accounts(
            document.move_ids,
            {
                self.cash_account: "1.40",
                "273000": "1.00",
                "631900": "0.01",
                "449200": "-0.42",
                "500000": "-1.99",
            },
        )
        self.assertNotIn("241100", document.move_ids.line_ids.account_id.mapped("code"))
        self.assertEqual(document.amount_booked, 2.41)
        self.run_cron()
        till_day = self.env["raso.register.day"].search([])
        self.assertEqual((till_day.state, till_day.amount_ledger), ("open", 2.41))

    def test_loss_and_gain_apart(self):
        """A sheet says both; the goods and the money only show what is left."""
        document = self.take(
            sheets.line(AMOUNT="2.43"),
            sheets.payment("2.40"),
            sheets.payment("0.08", "1001"),
            sheets.payment("-0.05", "1002"),
        )
        self.make(document)
        self.assert_accounts(
            document.move_ids,
            {
                self.cash_account: "2.40",
                "631900": "0.08",
                "500900": "-0.05",
                "449200": "-0.42",
                "500000": "-2.01",
            },
        )
        self.assert_settled()


class TestHeldRevenue(RevenueCase):
    def take_unmapped(self):
        return self.take(sheets.line(), sheets.payment(code="RRPAY"))

    def map_code(self, **vals):
        account = self.env["account.account"].search([("code", "=", "273000")])
        return self.env["raso.payment.kind"].create(
            {
                "code": "RRPAY",
                "name": "RRPAY",
                "usage": "clearing",
                "account_id": account.id,
                **vals,
            }
        )

    def test_unmapped_payment_code(self):
        """It holds the revenue entry, not the goods; the wizard says so."""
        document = self.take_unmapped()
        self.assertEqual(self.sum_stock(document.picking_ids), {self.coffee: 2})
        wizard = self.open_wizard(document)
        self.assertIn("RRPAY", wizard.trouble)
        self.assertFalse(wizard.line_ids)
        wizard.action_make()
        self.assertEqual(document.revenue_state, "held")
        self.assertIn("RRPAY", document.error_text)
        self.assertFalse(document.move_ids)
        self.map_code()
        self.make(document)
        self.assertEqual(document.revenue_state, "done")
        self.assertFalse(document.error_text)
        self.assert_accounts(
            document.move_ids,
            {"273000": "2.42", "449200": "-0.42", "500000": "-2.00"},
        )

    def test_by_the_scheduled_action(self):
        self.find_types().is_revenue_auto = True
        document = self.take(sheets.line(), sheets.payment())
        self.assertEqual(document.revenue_state, "done")
        self.assert_settled()
        self.run_cron()
        self.assertEqual(len(document.move_ids), 2)

    def test_scheduled_action_tries_again(self):
        """What is held is said once, and entered when its cause is gone."""
        self.find_types().is_revenue_auto = True
        document = self.take_unmapped()
        self.assertEqual(document.revenue_state, "held")
        told = len(document.message_ids)
        self.run_cron()
        self.assertEqual(len(document.message_ids), told)
        self.map_code()
        self.run_cron()
        self.assertEqual(document.revenue_state, "done")

    def test_one_held_stops_no_other(self):
        self.find_types().is_revenue_auto = True
        held = self.take_unmapped()
        other = self.take(sheets.line(), sheets.payment(), LASTZ="417")
        self.assertEqual((held.revenue_state, other.revenue_state), ("held", "done"))

    def test_payments_miss_the_lines(self):
        """Not judged while a code is unknown: now that it is known, it is."""
        document = self.take(sheets.line(), sheets.payment("2.00", "RRPAY"))
        self.map_code()
        self.make(document)
        self.assertEqual(document.revenue_state, "held")
        self.assertIn("416", document.error_text)
        self.assertFalse(document.move_ids)

    def test_on_account(self):
        document = self.take_unmapped()
        self.map_code(usage="on_account", account_id=False)
        self.make(document)
        self.assertEqual(document.revenue_state, "held")
        self.assertIn("on account", document.error_text)

    def test_till_without_cash_journal(self):
        self.shop.cash_journal_id = False
        document = self.take(sheets.line(), sheets.payment())
        self.assertEqual(document.state, "booked")
        self.make(document)
        self.assertIn("cash journal", document.error_text)
        self.assertFalse(document.move_ids)

    def test_locked_period(self):
        document = self.take(sheets.line(), sheets.payment())
        self.company.tax_lock_date = "2026-11-22"
        self.make(document)
        self.assertEqual(document.revenue_state, "held")
        self.assertIn("locked", document.error_text)
        self.assertIn("first open day", document.error_text)
        self.find_types().lock_policy = "next"
        self.make(document)
        self.assertEqual(document.revenue_state, "done")
        self.assertEqual(set(document.move_ids.mapped("date")), {date(2026, 11, 23)})
        self.assert_settled()


class TestUnbookRevenue(RevenueCase):
    def test_unbook_and_book_again(self):
        document = self.take(sheets.line(), sheets.payment())
        self.make(document)
        sums = self.sum_accounts(document.move_ids)
        document.action_unbook()
        self.assertFalse(document.revenue_state)
        self.assert_accounts(document.move_ids, {})
        self.assertFalse(self.sum_stock(document.picking_ids))
        self.assert_settled()
        document.action_retry()
        again = self.find_documents(state="booked")
        self.assertEqual(again.revenue_state, "todo")
        self.make(again)
        self.assertEqual(self.sum_accounts(again.move_ids), sums)

    def test_made_while_waiting_for_a_person(self):
        """What was unbooked has no revenue to make any more."""
        document = self.take(sheets.line(), sheets.payment())
        wizard = self.open_wizard(document)
        document.action_unbook()
        wizard.action_make()
        self.assertFalse(document.move_ids)
        self.assertEqual(document.state, "unbooked")


class TestBothProviders(SampleCase):
    """Receipts and daily sheets of the same days come to the same."""

    def setUp(self):
        super().setUp()
        self.env["raso.transaction.type"].search(
            [("trade", "=", "later")]
        ).is_revenue_auto = True

    def take_picture(self, provider):
        """Book both days from ``provider``; return what they come to; forget it."""
        savepoint = self.env.cr.savepoint()
        self.shop.provider = provider
        self.connection.provider = provider
        self.run_cron()
        picture = {
            "accounts": self.sum_by("line.account_id"),
            "tags": self.sum_by(
                "rel.account_account_tag_id",
                "JOIN account_account_tag_account_move_line_rel rel "
                "ON rel.account_move_line_id = line.id",
            ),
            "taxes": self.sum_by("line.tax_line_id"),
            "bases": self.sum_by(
                "rel.account_tax_id",
                "JOIN account_move_line_account_tax_rel rel "
                "ON rel.account_move_line_id = line.id",
            ),
            "stock": {day: self.sum_products(day) for day in DAYS},
        }
        self.assert_settled()
        kinds = set(self.find_documents().mapped("kind"))
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        return picture, kinds

    def sum_by(self, key, join=""):
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {key}, line.date, sum(line.balance)::text "
            f"FROM account_move_line line {join} WHERE line.parent_state = 'posted' "
            "GROUP BY 1, 2 HAVING sum(line.balance) != 0"
        )
        return {(key, day): Decimal(text) for key, day, text in self.env.cr.fetchall()}

    def test_same_books_and_stock(self):
        receipts, kinds = self.take_picture("kvitas")
        self.assertEqual(kinds, {"sale", "return", "sf"})
        day_sheets, kinds = self.take_picture("rivile")
        self.assertEqual(kinds, {"sheet", "sheet_return", "sf"})
        self.assertGreater(len(receipts["accounts"]), 10)
        self.assertGreater(len(receipts["tags"]), 4)
        self.assertEqual(day_sheets, receipts)
