"""What a day of receipts costs, next to Odoo's own Point of Sale: ``make bench``.

The same receipts are booked three times, on fresh databases of one PostgreSQL server:
by this addon, out of the exchange database; by the Point of Sale as it is installed,
where each order moves stock; and by the Point of Sale with its setting to move stock
when the session is closed. Each has a process of its own, one after the other.
"""

import argparse
import json
import subprocess
import sys
from contextlib import contextmanager

from bench.measure import make_content
from dev import database
from dev.common import ROOT, step
from dev.days import kvitas_documents
from dev.standin import Standin

RECEIPTS = 1000
# receipts in a document, as RASO exports them through the day
CUT = 100
NAME = "raso_bench"
LABELS = {
    "raso": "RASO Cash Register",
    "real": "Point of Sale",
    "closing": "Point of Sale, stock at closing",
}


def main():
    """Measure and print; end with an error if the sides booked different things."""
    parser = argparse.ArgumentParser(prog="python -m bench.day", description=__doc__)
    parser.add_argument("--receipts", type=int, default=RECEIPTS)
    receipts = parser.parse_args().receipts
    reports = {
        "raso": measure_raso(receipts),
        "real": measure_point_of_sale(receipts, "real"),
        "closing": measure_point_of_sale(receipts, "closing"),
    }
    print_table(receipts, reports)
    results = [report["results"] for report in reports.values()]
    if results != results[:1] * len(results):
        sys.exit("The sides did not book the same.")


def measure_raso(receipts):
    """Book the day with this addon; return the report."""
    _catalogue, day = make_content(receipts)
    with fresh_database(database.BASE), Standin() as server:
        with step("Installing the addon"):
            database.install(NAME, [database.ADDON])
        for document in kvitas_documents(day, cut=CUT):
            server.add(*document)
        return run_side("raso", LABELS["raso"], receipts, server.port)


def measure_point_of_sale(receipts, stock):
    """Book the day with the Point of Sale; return the report."""
    with fresh_database(database.POINT_OF_SALE):
        return run_side("point_of_sale", LABELS[stock], receipts, stock)


@contextmanager
def fresh_database(modules):
    """Have a copy of the template with ``modules``, dropped at the end."""
    database.create_database(NAME, database.get_template(modules))
    try:
        yield
    finally:
        database.drop(NAME)


def run_side(module, label, receipts, argument):
    """Run one side in a process of its own; return its report."""
    command = [sys.executable, "-m", f"bench.{module}", NAME, receipts, argument]
    with step(f"{label}, {receipts} receipts"):
        output = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    return json.loads(output)


def print_table(receipts, reports):
    """Print a block a side: its steps, their sum, memory and what it booked."""
    base = total_seconds(reports["raso"])
    for key, report in reports.items():
        print(f"\n{LABELS[key]:<34}{'seconds':>9}{'queries per receipt':>22}")
        total = total_seconds(report)
        queries = sum(count for _seconds, count in report["steps"].values())
        rows = [*report["steps"].items(), ("total", (total, queries))]
        for name, (seconds, count) in rows:
            print(f"  {name:<32}{seconds:>9.2f}{count / receipts:>22.2f}")
        results = report["results"]
        before, peak = report["memory"]
        print(f"  {'peak memory':<32}{peak:>9.0f} MB ({before:.0f} MB before)")
        print(
            f"  booked: {results['receipts']} receipts, {results['gross']} EUR, "
            f"{results['units']} units and kg"
        )
        if key != "raso":
            print(f"  {total / base:.1f} times the time of {LABELS['raso']}")


def total_seconds(report):
    """Return the seconds of all steps of ``report``."""
    return sum(seconds for seconds, _queries in report["steps"].values())


if __name__ == "__main__":
    main()
