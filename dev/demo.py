"""Two shops with a fortnight of sales, booked, in a running Odoo: ``make demo``.

The database is made anew each time: yesterday is the last whole day. Odoo's scheduled
action fetches and books while the program waits; the tables that follow compare the
books and the stock with what the tills say, and what waits for a person with the
troubles that the demo has on purpose. Odoo then runs until Ctrl-C, or not at all with
``ARGS=--once``, for scripts: a figure that differs is then an error.
"""

import argparse
import contextlib
import itertools
import sys
from functools import partial

from dev import database, demo_shops, demo_table, serve
from dev.common import step
from dev.fortnight import make_fortnight
from dev.standin.server import local_time

DETAILED = 2  # days whose figures are printed one by one


def main():
    """Prepare, run the scheduled action, print the tables, serve."""
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the tables")
    is_once = parser.parse_args().once
    serve.end_on_signals()
    fortnight = make_fortnight(local_time().date())
    with (
        contextlib.suppress(KeyboardInterrupt),
        running(serve.DEMO, fortnight) as (server, port, standin_port),
    ):
        is_right = print_tables(serve.DEMO, fortnight)
        if is_once:
            sys.exit(not is_right)
        print_address(serve.DEMO, port, standin_port)
        server.wait()


@contextlib.contextmanager
def running(name, fortnight):
    """Make database ``name`` and let Odoo book; give Odoo, its port, the stand-in's."""
    demo_shops.check_unused(name)
    folders = demo_shops.write_documents(name, fortnight)
    port, standin_port = find_port(8069), find_port(14333)
    log = demo_shops.log_file(name)
    with step("Demo database with the addon and two shops"):
        demo_shops.make_database(name, fortnight, standin_port)
    with (
        serve.standin(standin_port, *folders, name=name),
        open(log, "w") as output,
        serve.odoo(port, name, stderr=output) as server,
    ):
        wait = partial(demo_shops.wait_until, server=server, log=log)
        with step("Odoo starts"):
            wait(lambda: demo_shops.answers(port))
        with step("Its scheduled action fetches and books a fortnight"):
            demo_shops.start_fetching(name)
            wait(lambda: demo_shops.is_idle(name))
        with step("Revenue entries of the older daily sheets"):
            demo_shops.enter_sheets(name, fortnight)
            wait(lambda: demo_shops.is_idle(name))
        yield server, port, standin_port


def find_port(first):
    """Return ``first`` or else the next port that is free."""
    return next(port for port in itertools.count(first) if serve.is_free(port))


def print_tables(name, fortnight):
    """Print the tables; return whether every figure is as it has to be."""
    rows = []
    with database.environment(name) as env:
        for day in sorted({part.day.date for part in fortnight.days}):
            found = demo_table.make_rows(env, fortnight.of_date(day))
            age = (fortnight.morning.day.date - day).days
            demo_table.print_day(day, found, is_short=age > DETAILED)
            rows += found
        found = demo_table.make_waiting_rows(env, fortnight)
        demo_table.print_waiting(found)
    return all(row.is_right for row in [*rows, *found])


def print_address(name, port, standin_port):
    """Say where to look."""
    print(
        f"\nOdoo       http://localhost:{port}   user {demo_shops.LOGIN}, password "
        f"{demo_shops.PASSWORD}"
        f"\nstand-in   {serve.HOST}:{standin_port}, RASO's exchange database"
        f"\nlog        {demo_shops.log_file(name)}"
        "\n\nInventory > Operations > Cash Sales shows what was sold, Inventory >"
        "\nReporting > Till Days what is right and what isn't. Stop with Ctrl-C;"
        "\nmake serve starts it again as it is, make demo makes a new one.",
        flush=True,
    )


if __name__ == "__main__":
    main()
