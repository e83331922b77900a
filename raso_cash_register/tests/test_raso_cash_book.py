from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError

from .z_common import DayCase, z_report

MOVED = {
    "IdetaGrynuju1": "100.00",
    "IdetaGrynuju2": "5.00",
    "IsimtaGrynuju1": "50.00",
    "IsimtaGrynuju2": "0.50",
}


class TestCashBook(DayCase):
    def setUp(self):
        super().setUp()
        # of a day that isn't the one it was printed on
        self.take_z(z_report(**MOVED, ZReportDate="2026-11-23T00:30:00"))
        self.report = self.find_z()
        self.transit = self.env["account.account"].search([("code", "=", "273000")])

    def open_wizard(self, reports=None):
        reports = self.report if reports is None else reports
        action = reports.action_book_cash()
        return (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )

    def find_lines(self):
        return self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.cash_journal.id)], order="id"
        )

    def test_book(self):
        self.assertRecordValues(
            self.report,
            [{"cash_in": 105, "cash_out": 50.5, "is_cash_booked": False}],
        )
        wizard = self.open_wizard()
        self.assertRecordValues(
            wizard,
            [{"cash_in": 105, "cash_out": 50.5, "account_id": self.transit.id}],
        )
        wizard.action_book()
        self.assertRecordValues(
            self.find_lines(),
            [
                {"amount": 105, "payment_ref": "Cash put in, Z 17"},
                {"amount": -50.5, "payment_ref": "Cash taken out, Z 17"},
            ],
        )
        moves = self.report.cash_move_ids
        self.assertEqual(set(moves.mapped("date")), {date(2026, 11, 22)})
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assert_accounts(moves, {self.cash_account: "54.50", "273000": "-54.50"})
        self.assertTrue(self.report.is_cash_booked)

    def test_not_twice(self):
        self.open_wizard().action_book()
        with self.assertRaisesRegex(UserError, "17 is booked already"):
            self.open_wizard().action_book()
        self.assertEqual(len(self.find_lines()), 2)

    def test_all_or_none(self):
        self.take_z(z_report("18", **MOVED, ZReportDate="2026-11-23T22:30:00"))
        other = self.find_z("18")
        self.open_wizard(other).action_book()
        with self.assertRaisesRegex(UserError, "18 is booked already"):
            self.open_wizard(self.report | other).action_book()
        self.assertFalse(self.report.is_cash_booked)
        self.assertEqual(len(self.find_lines()), 2)

    def test_last_account_is_proposed(self):
        account = self.transit.copy({"code": "273099"})
        wizard = self.open_wizard()
        wizard.account_id = account
        wizard.action_book()
        self.assertEqual(self.open_wizard().account_id, account)

    def test_other_chart(self):
        """Where the chart isn't Lithuanian, no account is guessed."""
        self.company.chart_template = "generic_coa"
        new = self.env["raso.cash.book"].new({"report_ids": self.report.ids})
        self.assertFalse(new.account_id)

    def test_take_back(self):
        self.open_wizard().action_book()
        self.report.action_take_back_cash()
        self.assertFalse(self.find_lines())
        self.assertFalse(self.report.cash_move_ids)
        self.assertFalse(self.report.is_cash_booked)
        with self.assertRaisesRegex(UserError, "is not booked"):
            self.report.action_take_back_cash()
        self.open_wizard().action_book()
        self.assertEqual(len(self.find_lines()), 2)

    def test_locked(self):
        """Nothing is made on another day without a word."""
        self.company.fiscalyear_lock_date = "2026-11-22"
        with self.assertRaisesRegex(UserError, "2026-11-22 is locked"):
            self.open_wizard().action_book()
        self.assertFalse(self.find_lines())

    def test_take_back_locked(self):
        """A locked period keeps its lines: opposite ones answer them today."""
        self.open_wizard().action_book()
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.report.action_take_back_cash()
        lines = self.find_lines()
        self.assertEqual(lines.mapped("amount"), [105, -50.5, -105, 50.5])
        self.assertEqual(
            [str(day) for day in lines.mapped("date")],
            ["2026-11-22"] * 2 + ["2026-11-24"] * 2,
        )
        self.assert_accounts(lines.move_id, {})
        self.assertFalse(
            lines.move_id.line_ids.filtered(
                lambda line: line.account_id == self.transit and not line.reconciled
            )
        )
        # booked anew, only the new lines are taken back
        self.company.fiscalyear_lock_date = False
        self.open_wizard().action_book()
        self.report.action_take_back_cash()
        self.assertEqual(self.find_lines(), lines)

    def test_guarded(self):
        self.open_wizard().action_book()
        move = self.report.cash_move_ids[:1]
        for act in (
            move.button_draft,
            move.button_cancel,
            move.statement_line_id.unlink,
        ):
            with self.assertRaisesRegex(UserError, "Use Take Back"):
                act()

    def test_no_journal(self):
        self.shop.cash_journal_id = False
        with self.assertRaisesRegex(UserError, "has no cash journal"):
            self.open_wizard().action_book()

    def test_nothing_moved(self):
        self.take_z(z_report("18", ZReportDate="2026-11-23T22:30:00"))
        with self.assertRaisesRegex(UserError, "No cash"):
            self.open_wizard(self.find_z("18")).action_book()

    def test_managers_only(self):
        with self.assertRaises(AccessError):
            self.report.with_user(self.user).action_book_cash()
        with self.assertRaises(AccessError):
            self.report.with_user(self.user).action_take_back_cash()
        self.user.group_ids = [
            Command.link(self.env.ref("raso_cash_register.group_raso_manager").id)
        ]
        wizard = self.env["raso.cash.book"].with_user(self.user)
        wizard = wizard.create({"report_ids": self.report.ids})
        wizard.action_book()
        self.assertTrue(self.report.is_cash_booked)

    def test_documents_of_cash(self):
        """Their form is unknown: they are kept, and the exchange says so."""
        row_id = self.add("<Cash><Sum>5</Sum></Cash>", 4)
        self.run_cron()
        exchange = self.find_exchange(row_id)
        self.assertEqual(exchange.state, "received")
        self.assertIn("kept as it came", exchange.note)
