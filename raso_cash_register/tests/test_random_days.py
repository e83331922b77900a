"""Whatever a day is like and however its documents come: books equal the tills."""

import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from .booking import BookingCase
from .random_days import (  # the generator of days is a program beside the addon
    Mix,
    create_products,
    expected,
    kvitas_documents,
    make_catalogue,
    make_day,
    rivile_documents,
)

DAY = date(2026, 11, 22)
KINDS = {
    "sale": "sale",
    "return": "return",
    "sf": "invoice",
    "sf_return": "invoice",
    "sheet": "sheets",
    "sheet_return": "sheets",
}
COUNTS = st.integers(0, 1)


@dataclass(frozen=True)
class Story:
    """A day, and how its documents reach us."""

    seed: int
    mix: Mix
    cut: int
    runs: int
    chance: Random

    @property
    def day(self):
        oddities = sum(
            value for value in vars(self.mix).values() if isinstance(value, int)
        )
        return make_day(
            self.seed,
            DAY,
            "01",
            ("1", "2"),
            8 + oddities,
            CATALOGUE,
            mix=self.mix,
        )

    def deal(self, documents):
        """Return the documents run by run, shuffled, some of them twice."""
        rows = [
            *documents,
            *self.chance.choices(documents, k=self.chance.randint(0, 3)),
        ]
        self.chance.shuffle(rows)
        return [rows[start :: self.runs] for start in range(self.runs)]


CATALOGUE = make_catalogue(3, 24)
MIXES = st.builds(
    Mix,
    returns=st.integers(0, 2),
    invoices=st.integers(0, 2),
    **{
        name: COUNTS
        for name in (
            *("zero_lines", "deposits", "packs", "repeats", "taken_back"),
            *("unknown_barcodes", "wrong_payments", "returns_by_sign"),
            *("opposite_signs", "after_midnight"),
        )
    },
    vcode=st.sampled_from(("full", "empty", "missing")),
    **{
        name: st.booleans()
        for name in (
            *("n_tag", "paymethod", "partner_on_root", "no_time"),
            *("positive_returns", "wrong_totals"),
        )
    },
)
# a sheet is dated with its last day, and one bad receipt in it holds it whole
SHEET_MIXES = st.builds(
    Mix,
    returns=st.integers(0, 2),
    invoices=st.integers(0, 2),
    **{
        name: COUNTS
        for name in (
            *("zero_lines", "deposits", "packs", "repeats", "taken_back"),
            *("returns_by_sign", "opposite_signs"),
        )
    },
)


def tell(mixes):
    return st.builds(
        Story,
        seed=st.integers(0, 10_000),
        mix=mixes,
        cut=st.integers(1, 12),
        runs=st.integers(1, 3),
        chance=st.randoms(use_true_random=False),
    )


STORIES, SHEET_STORIES = tell(MIXES), tell(SHEET_MIXES)

# how many times the usual number of examples: RASO_EXAMPLES=20 makes a long search
TIMES = int(os.environ.get("RASO_EXAMPLES", 1))
# an example takes seconds: a failing one is shown as it is, not made smaller
EXAMPLES = settings(
    deadline=None,
    derandomize=TIMES == 1,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)


@tagged("-at_install", "post_install")
class TestRandomDays(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = {int(percent): tax for percent, tax in cls.taxes.items()}
        cls.products = create_products(cls.env, CATALOGUE, taxes)

    def play(self, story, documents, check):
        """Have RASO export the documents, check what became of them, forget it."""
        savepoint = self.env.cr.savepoint()
        try:
            self.standin.recreate()
            for rows in story.deal(documents):
                for data_type, provider, shop, text in rows:
                    self.standin.add(data_type, provider, shop, text)
                self.run_cron()
            check(story)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_all_caches()

    def query(self, query):
        self.env.flush_all()
        self.env.cr.execute(query)
        return [(key, Decimal(value)) for key, value in self.env.cr.fetchall() if value]

    def sum_up(self):
        """Return what the books and the stock say, in the form of ``expected``."""
        return {
            "amount": self.sum_kinds(),
            "vat": self.sum_vat(),
            "qty": self.sum_products(),
            "payments": self.sum_payments(),
        }

    def sum_kinds(self):
        sums = defaultdict(Decimal)
        for kind, amount in self.query(
            """
            SELECT document.kind, (-sum(line.balance))::text
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN raso_trade_document document
                ON document.id = move.raso_trade_document_id
             WHERE document.state = 'booked' AND move.state = 'posted'
               AND move.raso_part = 'sale' AND line.display_type IN ('product', 'tax')
               AND line.account_id NOT IN (SELECT id FROM account_account
                    WHERE account_type = 'asset_receivable')
          GROUP BY 1
            """
        ):
            sums[KINDS[kind]] += amount
        return {kind: amount for kind, amount in sums.items() if amount}

    def sum_vat(self):
        return dict(
            self.query(
                """
                SELECT trim_scale(tax.amount)::text, (-sum(line.balance))::text
                  FROM account_move_line line
                  JOIN account_tax tax ON tax.id = line.tax_line_id
                 WHERE line.parent_state = 'posted'
              GROUP BY 1 HAVING sum(line.balance) != 0
                """
            )
        )

    def sum_products(self):
        return dict(
            self.query(
                """
                SELECT product.default_code, sum(move.quantity
                       * CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END)::text
                  FROM stock_move move
                  JOIN product_product product ON product.id = move.product_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN stock_picking picking ON picking.id = move.picking_id
                 WHERE move.state = 'done'
                   AND picking.raso_trade_document_id IS NOT NULL
              GROUP BY 1 HAVING sum(move.quantity
                       * CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END) != 0
                """
            )
        )

    def sum_payments(self):
        kinds = self.env["raso.payment.kind"].search([]).grouped("code")
        accounts = {
            "0": self.cash_journal.default_account_id,
            "2": kinds["2"].account_id,
            "3": kinds["3"].account_id,
            "1001": kinds["1001"].account_id,
            "1002": kinds["1002"].gain_account_id,
        }
        balances = dict(
            self.query(
                "SELECT account_id, sum(balance)::text FROM account_move_line "
                "WHERE parent_state = 'posted' GROUP BY 1 HAVING sum(balance) != 0"
            )
        )
        return {
            code: balances[account.id]
            for code, account in accounts.items()
            if account.id in balances
        }

    def read_expected(self, day):
        """What the tills say, services (the deposit) left out of the goods."""
        totals = expected(day)
        numbers = {
            part: {
                key: Decimal(value)
                for key, value in totals[part].items()
                if Decimal(value)
            }
            for part in ("amount", "vat", "qty", "payments")
        }
        numbers["qty"].pop(day.deposit.code, None)
        return numbers

    def count_states(self):
        states = defaultdict(int)
        for sale in self.find_sales():
            states[sale.state] += 1
        return dict(states)

    def check_receipts(self, story):
        day = story.day
        self.check_books(self.read_expected(day))
        flawed = sum(bool(receipt.flaw) for receipt in day.receipts)
        states = {"booked": len(day.receipts) - flawed, "held": flawed}
        self.assertEqual(
            self.count_states(), {key: count for key, count in states.items() if count}
        )

    def check_sheets(self, story):
        """Sheets sum up sales and returns; tara has no account here and is held."""
        day = story.day
        sums = self.read_expected(day)
        goods = {"sale", "return"} & sums["amount"].keys()
        total = sum((sums["amount"].pop(kind) for kind in goods), Decimal(0))
        sums["amount"] |= {"sheets": total} if total else {}
        self.check_books(sums)
        kinds = self.find_sales().filtered(lambda sale: sale.state != "booked")
        self.assertEqual(set(kinds.mapped("kind")), {"tara"})

    def check_books(self, sums):
        """Equal to the tills; unbooked nothing is left; booked again all is there."""
        self.assertEqual(self.sum_up(), sums)
        self.assert_settled()
        documents = self.find_documents(state="booked")
        documents.action_unbook()
        self.assertEqual(
            self.sum_up(), {"amount": {}, "vat": {}, "qty": {}, "payments": {}}
        )
        self.assert_settled()
        documents.action_retry()
        self.run_cron()
        self.assertEqual(self.sum_up(), sums)
        self.assert_settled()

    @mute_logger("odoo.addons.raso_cash_register.models.raso_connection_fetch")
    @given(story=STORIES)
    @settings(EXAMPLES, max_examples=6 * TIMES)
    def test_kvitas(self, story):
        """Every cent and gram lands once, whatever the order of arrival.

        Unbooked, nothing is left; booked again, all is as it was.
        """
        documents = kvitas_documents(story.day, story.cut)
        self.play(story, documents, self.check_receipts)

    @given(story=SHEET_STORIES)
    @settings(EXAMPLES, max_examples=4 * TIMES)
    def test_rivile(self, story):
        """So with daily sheets, their revenue entered by the scheduled action."""
        self.shop.provider = self.connection.provider = "rivile"
        types = self.env["raso.transaction.type"].search([("trade", "=", "later")])
        types.is_revenue_auto = True
        self.play(story, rivile_documents(story.day), self.check_sheets)
