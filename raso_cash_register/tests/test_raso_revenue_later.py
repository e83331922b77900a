from datetime import date

from odoo.exceptions import UserError

from . import sheets
from .stocking import StockCase
from .test_raso_revenue import RevenueCase


class TestRevenueLater(RevenueCase):
    def test_preview_of_a_day_locked_since(self):
        self.find_types().lock_policy = "next"
        document = self.take(sheets.line(), sheets.payment())
        self.company.fiscalyear_lock_date = "2026-11-22"
        wizard = self.open_wizard(document)
        self.assertFalse(wizard.trouble)
        wizard.action_make()
        self.assertEqual(set(document.move_ids.mapped("date")), {date(2026, 11, 23)})

    def test_accounts_that_changed_while_the_window_was_open(self):
        """What a person chose for revenue never lands on another line."""
        other = self.env["account.account"].search([("code", "=", "500100")])
        self.book_item.property_account_income_id = other
        document = self.take(
            sheets.line(),
            sheets.line(CODE="4770002", QTY="2", AMOUNT="10.50", VATSUM="0.50"),
            sheets.payment("12.92"),
        )
        wizard = self.open_wizard(document)
        shown = wizard.line_ids.filtered("is_revenue")
        shown.account_id = other
        self.book_item.taxes_id = self.coffee.taxes_id = False
        self.book_item.property_account_income_id = False
        self.env["raso.cash.sale.line"].search([]).tax_id = self.taxes[21]
        wizard.action_make()
        self.assertEqual(document.revenue_state, "held")
        self.assertIn("open the window again", document.error_text)
        self.assertFalse(document.move_ids)

    def test_new_ones_before_those_held(self):
        self.find_types().is_revenue_auto = True
        held = self.take(sheets.line(), sheets.payment("2.42", "77"))
        self.find_types().is_revenue_auto = False
        todo = self.take(sheets.line(), sheets.payment(), LASTZ="417")
        self.find_types().is_revenue_auto = True
        self.assertEqual((held.revenue_state, todo.revenue_state), ("held", "todo"))
        found = self.env[held._name]._find_revenue_to_make(self.company)
        self.assertEqual(list(found), [todo, held])


class TestUnbookedLater(RevenueCase, StockCase):
    def test_goods_go_back_on_an_open_day(self):
        """Revenue was entered later than the goods moved, whose day is locked now."""
        self.find_types().lock_policy = "next"
        self.coffee.categ_id = self.make_category("standard")
        document = self.take(sheets.line(), sheets.payment())
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.make(document)
        self.assertEqual(document.revenue_state, "done")
        out = document.picking_ids
        document.action_unbook()
        back = document.picking_ids - out
        self.assertGreater(back.date_done.date(), date(2026, 11, 22))
        undone = document.move_ids.filtered(lambda move: move.raso_part == "undo")
        self.assertGreater(min(undone.mapped("date")), date(2026, 11, 22))
        self.assert_accounts(document.move_ids, {})

    def test_refused_in_words(self):
        document = self.take(sheets.line(), sheets.payment())
        document.action_unbook()
        with self.assertRaises(UserError):
            self.open_wizard(document)
