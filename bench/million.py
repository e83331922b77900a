"""How long the screens take with a million receipts: ``make bench-million``.

A database of 200 tills and their receipts of a hundred days is made once and kept in
the cache's server; each screen is then opened as the web client opens it, by a user
without special rights, and its seconds and queries are printed: the median of three.
"""

import argparse
import statistics
import time
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from bench.million_data import make_database
from dev import database
from dev.common import step

NAME = "raso_million"
RUNS = 3
PAGE = 80
# the web client counts no further
COUNT_LIMIT = 10001
LINES, SALES = "raso.cash.sale.line", "raso.cash.sale"
DOCUMENTS, DAYS = "raso.trade.document", "raso.register.day"
REPORT = "raso.sale.report"


def main():
    """Make the database if it isn't there, measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.million", description=__doc__
    )
    parser.add_argument("--anew", action="store_true", help="make the database anew")
    parser.add_argument("--drop", action="store_true", help="drop it at the end")
    options = parser.parse_args()
    database.load_config()
    if options.anew or not database.exists(NAME):
        with step("A million receipts"):
            make_database(NAME)
    print_table(measure())
    if options.drop:
        sql_db.close_db(NAME)
        database.drop(NAME)


def measure():
    """Return what was measured: label, seconds and queries of each screen."""
    rows = []
    with Registry(NAME).cursor() as cursor:
        user = make_user(Environment(cursor, SUPERUSER_ID, {}))
        env = Environment(cursor, user.id, {"lang": "en_US", "tz": "Europe/Vilnius"})
        for label, screen in make_screens(env).items():
            rows.append((label, *run(env, screen)))
        # nothing of the user stays
        cursor.rollback()
    return rows


def make_user(env):
    """Return a RASO User: access rules are part of what screens cost."""
    return env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [
                Command.set(env.ref("raso_cash_register.group_raso_user").ids)
            ],
        }
    )


def run(env, screen):
    """Return the median seconds and queries of ``screen``."""
    measured = []
    for _run in range(RUNS):
        env.invalidate_all()
        queries, start = sql_db.sql_counter, time.perf_counter()
        screen()
        seconds = time.perf_counter() - start
        measured.append((seconds, sql_db.sql_counter - queries))
    return tuple(statistics.median(column) for column in zip(*measured, strict=True))


def make_screens(env):
    """Return what is measured by its label."""
    sale = env[SALES].search([("invoice_no", "!=", False)], limit=1)
    line = sale.line_ids[0]
    till = sale.register_id
    screens = {
        "Tills": lambda: open_tills(env, PAGE),
        "Tills, all 200 on a page": lambda: open_tills(env, 200),
        "Tills that wait": lambda: open_list(
            env, "raso.register", [("is_waiting", "=", True)], "kanban"
        ),
        "Connections above them": lambda: env["raso.connection"].retrieve_dashboard(),
        **make_lists(env, "Cash Sales", LINES, "raso_cash_sale_line"),
        **make_lists(env, "Receipts", SALES, "raso_cash_sale"),
        **make_lists(env, "Trade", DOCUMENTS, "raso_trade_document"),
        **make_lists(env, "Till Days", DAYS, "raso_register_day"),
    }
    for label, model, domain in (
        ("Cash Sales of a barcode", LINES, [("code", "=", line.code)]),
        ("Cash Sales, part of a barcode", LINES, [("code", "ilike", line.code[2:-2])]),
        ("Cash Sales, number, code or item", LINES, make_search(env, sale.number)),
        ("Cash Sales, a word of an item", LINES, make_search(env, line.name[:6])),
        ("Cash Sales, a word nobody sells", LINES, make_search(env, "zzzzzz")),
        ("Cash Sales of a receipt number", LINES, [("number", "=", sale.number)]),
        ("Cash Sales of a product", LINES, [("product_id", "ilike", line.name)]),
        ("Cash Sales of a till", LINES, [("register_id", "=", till.id)]),
        (
            "Cash Sales of a customer",
            LINES,
            [("cash_sale_id.partner_name", "ilike", sale.partner_name)],
        ),
        ("Receipts of a number", SALES, [("number", "=", sale.number)]),
        ("Receipts, part of an SF number", SALES, [("invoice_no", "ilike", "F101")]),
        ("Receipts of a customer", SALES, [("partner_name", "ilike", "customer 7")]),
        ("Receipts of a till", SALES, [("register_id", "=", till.id)]),
        ("Receipts held", SALES, [("state", "=", "held")]),
    ):
        screens[label] = lambda model=model, domain=domain: open_list(
            env, model, domain
        )
    for group in ("shop_id", "register_id", "day:day", "kind"):
        for label, model in (("Cash Sales", LINES), ("Receipts", SALES)):
            screens[f"{label} by {group}"] = lambda model=model, group=group: (
                open_groups(env, model, group)
            )
    # as it opens, and without that filter
    month = [("day", ">=", env.cr.now().date() - timedelta(days=30))]
    for label, domain in (("Analysis of 30 days", month), ("Analysis of all", [])):
        for group in ("shop_id", "day:day"):
            screens[f"{label} by {group}"] = lambda domain=domain, group=group: (
                open_groups(env, REPORT, group, domain)
            )
    return screens


def make_lists(env, label, model, xmlid):
    """Return the first page of a list, and that of each of its own filters."""
    screens = {label: lambda: open_list(env, model, [])}
    view = env.ref(f"raso_cash_register.{xmlid}_view_search").id
    arch = etree.fromstring(env[model].get_view(view, "search")["arch"])
    for name in ("today", "yesterday", "white", "held", "open", "incomplete"):
        for node in arch.xpath(f"//filter[@name='{name}']"):
            domain = literal_eval(node.get("domain"))
            screens[f"{label}: {node.get('string')}"] = lambda domain=domain: open_list(
                env, model, domain
            )
    return screens


def make_search(env, text):
    """Return what the first field of Cash Sales' search looks for."""
    view = env.ref("raso_cash_register.raso_cash_sale_line_view_search").id
    arch = etree.fromstring(env[LINES].get_view(view, "search")["arch"])
    (domain, *_others) = arch.xpath("//field/@filter_domain")
    return literal_eval(domain.replace("self", repr(text)))


def open_tills(env, limit):
    """Load the dashboard's cards."""
    open_list(env, "raso.register", [], "kanban", limit)


def open_list(env, model, domain, view_type="list", limit=PAGE):
    """Load a page and its count as the web client does."""
    arch = etree.fromstring(env[model].get_view(None, view_type)["arch"])
    env[model].web_search_read(
        domain,
        make_specification(env[model], arch),
        limit=limit,
        order=arch.get("default_order"),
        count_limit=COUNT_LIMIT,
    )


def make_specification(records, arch):
    """Return what a view reads: columns hidden at first aren't."""
    specification = {}
    for node in arch.xpath("//field[not(ancestor::field)][not(@optional='hide')]"):
        field = records._fields[node.get("name")]
        value = {"fields": {"display_name": {}}} if field.relational else {}
        specification[field.name] = value
    return specification


def open_groups(env, model, group, domain=()):
    """Load a list's groups and their sums."""
    arch = etree.fromstring(env[model].get_view(None, "list")["arch"])
    sums = {f"{name}:sum" for name in arch.xpath("//field[@sum]/@name")}
    env[model].web_read_group(list(domain), [group], sorted(sums), limit=PAGE)


def print_table(rows):
    """Print a line a screen."""
    print(f"\n{'':<50}{'seconds':>9}{'queries':>9}")
    for label, seconds, queries in rows:
        print(f"{label:<50}{seconds:>9.3f}{queries:>9.0f}")


if __name__ == "__main__":
    main()
