"""The demo's database: a company of two shops, and what people did before today."""

import shutil
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta

from odoo.sql_db import close_db

from dev import database, serve, shop
from dev.common import SetupError, locked
from dev.fortnight import SHEETS_TO_ENTER, TILLS
from dev.postgres import connect

CRON = "raso_cash_register.raso_connection_cron_run"
LOGIN, PASSWORD = "accountant", "demo"
STOCK = 250
NOBODY_LISTENS = 1  # a port that is never open
PATIENCE = 300  # seconds; a busy machine takes several minutes
COMPANY = {
    "name": "UAB „Kaimo krautuvė“",
    "street": "Ąžuolų g. 5",
    "zip": "44001",
    "city": "Kaunas",
    "company_registry": "304518728",
    "vat": "LT305247114",
    "logo": False,
}
TARA_ACCOUNT = {
    "code": "449990",
    "name": "Deposits for packaging",
    "account_type": "liability_current",
}


def check_unused(name):
    """:raise SetupError: an Odoo is running on the demo's database"""
    with connect() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        if cursor.fetchone()[0]:
            raise SetupError(
                f"An Odoo is running on {name} already: stop that make demo or make "
                "serve first"
            )


def write_documents(name, fortnight):
    """Write the documents for the stand-in; return their folders."""
    shutil.rmtree(serve.demo_dir(name))
    return fortnight.write(serve.demo_dir(name))


def log_file(name):
    """Return where Odoo's log goes while the demo runs."""
    return serve.demo_dir(name) / "odoo.log"


def make_database(name, fortnight, standin_port):
    """Make the company, its shops and connections that wait to be confirmed."""
    database.load_config()
    database.create_database(name, get_demo_template())
    database.install(name, [database.ADDON])
    with database.environment(name) as env:
        env.company.write(COMPANY)
        tara = env["account.account"].create(TARA_ACCOUNT)
        taxes = shop.set_up_raso(env, tara_account_id=tara.id)
        products = shop.create_products(env, fortnight.catalogue, taxes)
        shop.find_warehouse(env).name = "Main street"
        shops = _make_shops(env)
        opened = fortnight.first - timedelta(days=1)
        for place in shops.warehouse_id:
            shop.add_stock(
                env,
                products.values(),
                STOCK,
                datetime.combine(opened, datetime.min.time()),
                place,
            )
        user = _make_accountant(env)
        _make_connections(env, shops, standin_port, fortnight.first, user_id=user.id)


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


def _make_shops(env):
    first = shop.create_shop(env)
    warehouse = env["stock.warehouse"].create(
        {"name": "Station", "code": "STOT", "company_id": env.company.id}
    )
    second = shop.create_shop(
        env,
        TILLS["02"],
        ("KASA2", "Till cash, station"),
        number="02",
        name="Station",
        warehouse_id=warehouse.id,
        provider="rivile",
    )
    return first | second


def _make_connections(env, shops, port, first_day, **shared):
    """One a data provider, and one whose server is away."""
    first, second = shops
    for name, place, number, vals in (
        ("RASO", first, port, {}),
        ("RASO, daily sheets", second, port, {"provider": "rivile"}),
        ("RASO, harbour", first, NOBODY_LISTENS, {}),
    ):
        vals |= {"name": name, "is_all_shops": False, "shop_ids": place.ids, **shared}
        shop.create_connection(env, number, first_day, **vals)


def _make_accountant(env):
    """Make the user who looks at it all; return it."""
    groups = (
        "raso_cash_register.group_raso_manager",
        "stock.group_stock_manager",
        "account.group_account_manager",
    )
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Rūta Petrauskienė",
                "login": LOGIN,
                "password": PASSWORD,
                "tz": "Europe/Vilnius",
                "odoobot_state": "disabled",  # it would chat over small screens
                "group_ids": [(4, env.ref(group).id) for group in groups],
            }
        )
    )


def answers(port):
    """Tell whether Odoo answers on ``port``."""
    try:
        with urllib.request.urlopen(f"http://{serve.HOST}:{port}/web/health"):
            return True
    except urllib.error.URLError:
        return False


def start_fetching(name):
    """Press each connection's buttons: test, confirm, fetch now."""
    with database.environment(name) as env:
        for connection in env["raso.connection"].search([]):
            if connection.port != NOBODY_LISTENS:
                connection.action_test()
            connection.action_confirm()
            connection.action_fetch_now()


def enter_sheets(name, fortnight):
    """Make the revenue entries of all but the newest daily sheets."""
    newest = fortnight.morning.day.date - timedelta(days=SHEETS_TO_ENTER)
    domain = [("revenue_state", "=", "todo"), ("day", "<", newest)]
    with database.environment(name) as env:
        documents = env["raso.trade.document"].search(domain)
        wizard = env["raso.revenue"].with_context(active_ids=documents.ids).create({})
        wizard.action_make()
        env.ref(CRON)._trigger()


def is_idle(name):
    """Tell whether Odoo's cron has run the scheduled action to its end."""
    with database.environment(name) as env:
        cron = env.ref(CRON)
        waiting = env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        return bool(cron.lastcall) and not waiting and cron.nextcall > env.cr.now()


def wait_until(is_done, server, log):
    """Wait for what Odoo does.

    :raise SetupError: it takes too long, or Odoo ended
    """
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        if server.poll() is not None:
            raise SetupError(f"Odoo ended by itself: its log is {log}")
        if time.monotonic() > deadline:
            raise SetupError(
                f"Odoo was not ready within {PATIENCE} s: its log is {log}"
            )
        time.sleep(0.5)
