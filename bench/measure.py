"""What both sides of the benchmark share: the day, the counting, the sums."""

import contextlib
import json
import resource
import sys
import time
from datetime import date, datetime
from decimal import Decimal

from odoo import sql_db

from dev.days import Mix, make_catalogue, make_day
from dev.days.model import ZERO, money

SEED, SHOP, TILL = 1, "01", "1"
# any day that is over; the same one each time, for it is part of the seed
DAY = date(2026, 3, 2)
OPENED = datetime(2026, 3, 1)
PRODUCTS, LINES = 500, 5
# of each product: no day of ours sells as much
STOCK = 10_000


def make_content(receipts):
    """Return the catalogue and the day that both sides book."""
    catalogue = make_catalogue(SEED, PRODUCTS)
    mix = Mix(returns=0, invoices=0)
    day = make_day(SEED, DAY, SHOP, [TILL], receipts, catalogue, LINES, mix=mix)
    return catalogue, day


class Measures:
    """What the steps cost, in a process that does nothing else."""

    def __init__(self):
        self._steps = {}
        self._memory = _peak_memory()

    @contextlib.contextmanager
    def step(self, name):
        """Add what the block takes to what step ``name`` has taken so far."""
        queries, start = sql_db.sql_counter, time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        before = self._steps.get(name, (0, 0))
        self._steps[name] = (
            before[0] + seconds,
            before[1] + sql_db.sql_counter - queries,
        )

    def report(self, **results):
        """Tell ``bench.day``, in JSON: the steps, the peak of memory, what was booked.

        Memory is in MB: before the first step, and in the end.
        """
        memory = (self._memory, _peak_memory())
        report = {"steps": self._steps, "memory": memory, "results": results}
        json.dump(report, sys.stdout)


def _peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sum_gross(lines):
    """Return what ``lines``, revenue and VAT of the day, come to."""
    return str(money(-sum((Decimal(str(line.balance)) for line in lines), ZERO)))


def sum_units(env):
    """Return how much of all products together went to customers."""
    moves = env["stock.move"].search(
        [("state", "=", "done"), ("location_dest_usage", "=", "customer")]
    )
    return str(sum((Decimal(str(move.quantity)) for move in moves), ZERO))
