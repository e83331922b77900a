from decimal import Decimal

from .sample_case import DAYS, SampleCase

KINDS = {"sale": "sale", "return": "return", "sf": "invoice", "sf_return": "invoice"}


class TestSampleDays(SampleCase):
    """Two days of a shop through the whole house, equal to ``expected.json``."""

    def assert_day(self, day):
        expected = self.read_expected(day)
        numbers = {
            part: {key: Decimal(value) for key, value in expected[part].items()}
            for part in ("amount", "vat", "qty", "payments")
        }
        self.assertEqual(self.sum_kinds(day), numbers["amount"])
        self.assertEqual(self.sum_vat(day), numbers["vat"])
        self.assertEqual(self.sum_products(day), numbers["qty"])
        self.assertEqual(self.sum_payments(day), numbers["payments"])
        self.assertEqual(
            self.env["raso.cash.sale"].search_count(
                [("day", "=", day), ("state", "=", "booked")]
            ),
            expected["receipts"],
        )

    def sum_kinds(self, day):
        sums = {}
        for kind, amount in self.query(
            """
            SELECT document.kind, (-sum(line.balance))::text
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN raso_trade_document document
                ON document.id = move.raso_trade_document_id
              JOIN account_journal journal ON journal.id = move.journal_id
             WHERE move.state = 'posted' AND journal.type = 'sale' AND line.date = %s
               AND (line.tax_line_id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM account_move_line_account_tax_rel rel
                     WHERE rel.account_move_line_id = line.id))
          GROUP BY 1
            """,
            day,
        ).items():
            sums[KINDS[kind]] = sums.get(KINDS[kind], 0) + amount
        return sums

    def sum_vat(self, day):
        return self.query(
            """
            SELECT trim_scale(tax.amount)::text, (-sum(line.balance))::text
              FROM account_move_line line
              JOIN account_tax tax ON tax.id = line.tax_line_id
             WHERE line.parent_state = 'posted' AND line.date = %s GROUP BY 1
            """,
            day,
        )

    def sum_payments(self, day):
        """What stands on the account of each payment kind."""
        kinds = self.env["raso.payment.kind"].search([])
        accounts = {
            "0": self.cash_journal.default_account_id,
            "2": kinds.filtered(lambda kind: kind.code == "2").account_id,
            "3": kinds.filtered(lambda kind: kind.code == "3").account_id,
            "1001": kinds.filtered(lambda kind: kind.code == "1001").account_id,
            "1002": kinds.filtered(lambda kind: kind.code == "1002").gain_account_id,
        }
        balances = self.query(
            "SELECT account_id, sum(balance)::text FROM account_move_line "
            "WHERE parent_state = 'posted' AND date = %s GROUP BY 1",
            day,
        )
        return {
            code: balances[account.id]
            for code, account in accounts.items()
            if account.id in balances
        }

    def assert_complete(self):
        """Four Z reports agree, and the days of both tills are complete."""
        reports = self.env["raso.z.report"].search([])
        self.assertEqual(reports.mapped("state"), ["agrees"] * 4)
        self.assertEqual(reports.mapped("difference_text"), [False] * 4)
        days = self.env["raso.register.day"].search([])
        self.assertEqual(days.mapped("state"), ["complete"] * 4, days.mapped("reason"))
        for name in ("amount", "vat"):
            for figure in ("booked", "z", "ledger"):
                self.assertEqual(
                    days.mapped(f"{name}_received"), days.mapped(f"{name}_{figure}")
                )
        self.assertEqual(sum(days.mapped("receipt_count")), 100)

    def take_picture(self):
        """Everything that a run could have changed."""
        self.env.flush_all()
        picture = {}
        for table in (
            *("raso_exchange", "raso_cash_sale", "raso_cash_sale_line"),
            *("raso_cash_sale_payment", "raso_trade_document", "raso_z_report"),
            "raso_register_day",
            *("account_move", "account_move_line", "account_partial_reconcile"),
            *("stock_picking", "stock_move", "stock_move_line", "stock_quant"),
            "res_partner",
        ):
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id")
            picture[table] = self.env.cr.fetchall()
        return picture

    def test_days(self):
        self.run_cron()
        for day in DAYS:
            self.assert_day(day)
        self.assert_settled()
        self.assertFalse(self.env["raso.cash.sale"].search([("state", "!=", "booked")]))
        self.assert_complete()
        picture = self.take_picture()
        for _again in range(2):
            self.connection.action_check_missing()
            self.run_cron()
            self.assertEqual(self.take_picture(), picture)

    def test_report_back(self):
        """Each row of KVITAS and of Z reports is done; RIVILE's are left alone."""
        self.run_cron()
        for row in self.standin.rows():
            is_ours = row["DataProvider"] == "KVITAS"
            self.assertEqual(row["Status"], 1 if is_ours else 0, row)

    def test_invoices(self):
        self.run_cron()
        self.assert_invoices()
