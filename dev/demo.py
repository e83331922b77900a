"""A shop with two days of sales, booked, in a running Odoo: ``make demo``.

The database is made anew each time: the two days are the last two. Odoo's scheduled
action fetches and books them while the program waits; the table that follows compares
the books and the stock with what the tills say. Odoo then runs until Ctrl-C, or not at
all with ``ARGS=--once``, for scripts: a figure that differs is then an error.
"""

import argparse
import contextlib
import itertools
import shutil
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta

from odoo.sql_db import close_db

from dev import database, serve, shop
from dev.common import SetupError, locked, step
from dev.days import demo_days, write_day
from dev.demo_table import make_rows, print_rows
from dev.postgres import connect
from dev.standin.server import local_time

CRON = "raso_cash_register.raso_connection_cron_run"
LOGIN, PASSWORD = "accountant", "demo"
STOCK = 250
PATIENCE = 120  # seconds
COMPANY = {
    "name": "UAB „Kaimo krautuvė“",
    "street": "Ąžuolų g. 5",
    "zip": "44001",
    "city": "Kaunas",
    "company_registry": "304518728",
    "vat": "LT305247114",
}


def main():
    """Prepare, run the scheduled action, print the table, serve."""
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the table")
    is_once = parser.parse_args().once
    serve.end_on_signals()
    check_unused()
    catalogue, days = demo_days(local_time().date())
    folders = write_days(days)
    port, standin_port = find_port(8069), find_port(14333)
    with step("Demo database with the addon and a shop"):
        make_database(catalogue, days, standin_port)
    with (
        contextlib.suppress(KeyboardInterrupt),
        serve.standin(standin_port, *folders),
        open(log_file(), "w") as log,
        serve.odoo(port, stderr=log) as server,
    ):
        with step("Odoo starts"):
            wait_until(lambda: answers(port), server)
        with step("Its scheduled action fetches and books two days"):
            start_fetching()
            wait_until(is_fetched, server)
        is_right = print_tables(days)
        if is_once:
            sys.exit(not is_right)
        print_address(port, standin_port)
        server.wait()


def check_unused():
    """:raise SetupError: an Odoo is running on the demo's database"""
    with connect() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [serve.DEMO]
        )
        if cursor.fetchone()[0]:
            raise SetupError(
                "The demo is running already: stop that make demo or make serve first"
            )


def find_port(first):
    """Return ``first`` or else the next port that is free."""
    return next(port for port in itertools.count(first) if serve.is_free(port))


def write_days(days):
    """Write the documents of ``days`` for the stand-in; return their folders."""
    shutil.rmtree(serve.demo_dir())
    folders = [serve.demo_dir() / str(day.date) for day in days]
    for day, folder in zip(days, folders, strict=True):
        write_day(day, folder)
    return folders


def log_file():
    """Return where Odoo's log goes while the demo runs."""
    return serve.demo_dir() / "odoo.log"


def make_database(catalogue, days, standin_port):
    """Make the company, its shop and a connection that waits to be confirmed."""
    database.load_config()
    database.create_database(serve.DEMO, get_demo_template())
    database.install(serve.DEMO, [database.ADDON])
    with database.environment(serve.DEMO) as env:
        env.company.write(COMPANY)
        taxes = shop.set_up_raso(env)
        products = shop.create_products(env, catalogue, taxes)
        opened = datetime.combine(days[0].date - timedelta(days=1), datetime.min.time())
        shop.add_stock(env, products.values(), STOCK, opened)
        shop.create_shop(env)
        shop.create_connection(env, standin_port, days[0].date)
        make_accountant(env)


def get_demo_template():
    """Return the template with what takes longest: Lithuanian and the web client."""
    name = f"{database.get_template()}_demo"
    with locked("demo_template"):
        if not database.exists(name):
            part = f"{name}_part"
            database.create_database(part, database.get_template())
            with database.environment(part) as env:
                language = env["res.lang"]._activate_lang("lt_LT")
                env["base.language.install"].create(
                    {"lang_ids": language.ids}
                ).lang_install()
                env["ir.qweb"]._pregenerate_assets_bundles()
            close_db(part)
            database.create_database(name, part)
            database.drop(part)
    return name


def make_accountant(env):
    """Make the user who looks at it all."""
    groups = (
        "raso_cash_register.group_raso_manager",
        "stock.group_stock_manager",
        "account.group_account_manager",
    )
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Shop accountant",
            "login": LOGIN,
            "password": PASSWORD,
            "tz": "Europe/Vilnius",
            "group_ids": [(4, env.ref(group).id) for group in groups],
        }
    )


def answers(port):
    """Tell whether Odoo answers on ``port``."""
    try:
        with urllib.request.urlopen(f"http://{serve.HOST}:{port}/web/health"):
            return True
    except urllib.error.URLError:
        return False


def start_fetching():
    """Press the connection's three buttons: test, confirm, fetch now."""
    with database.environment(serve.DEMO) as env:
        connection = env["raso.connection"].search([])
        connection.action_test()
        connection.action_confirm()
        connection.action_fetch_now()


def is_fetched():
    """Tell whether Odoo's cron has run the scheduled action to its end."""
    with database.environment(serve.DEMO) as env:
        cron = env.ref(CRON)
        waiting = env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        return bool(cron.lastcall) and not waiting and cron.nextcall > env.cr.now()


def wait_until(is_done, server):
    """Wait for what Odoo does.

    :raise SetupError: it takes too long, or Odoo ended
    """
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        if server.poll() is not None:
            raise SetupError(f"Odoo ended by itself: its log is {log_file()}")
        if time.monotonic() > deadline:
            raise SetupError(
                f"Odoo was not ready within {PATIENCE} s: its log is {log_file()}"
            )
        time.sleep(0.2)


def print_tables(days):
    """Print a table a day; return whether every figure is what the tills say."""
    is_right = True
    with database.environment(serve.DEMO) as env:
        for day in days:
            rows = make_rows(env, day)
            print_rows(day, rows)
            is_right = is_right and all(row.is_right for row in rows)
        for connection in env["raso.connection"].search([("last_error", "!=", False)]):
            print(f"\n{connection.name}: {connection.last_error}")
            is_right = False
    return is_right


def print_address(port, standin_port):
    """Say where to look."""
    print(
        f"\nOdoo       http://localhost:{port}   user {LOGIN}, password {PASSWORD}"
        f"\nstand-in   {serve.HOST}:{standin_port}, RASO's exchange database"
        f"\nlog        {log_file()}"
        "\n\nInventory > Operations > Cash Sales shows the receipts. Stop with Ctrl-C;"
        "\nmake serve starts it again as it is, make demo makes a new one.",
        flush=True,
    )


if __name__ == "__main__":
    main()
