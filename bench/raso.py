"""The day out of RASO's exchange database: ``python -m bench.raso DB RECEIPTS PORT``.

The scheduled action's steps run one after the other, as it runs them, against the
stand-in that ``bench.day`` has filled and put on PORT.
"""

import argparse

from bench.measure import (
    DAY,
    OPENED,
    STOCK,
    TILL,
    Measures,
    make_content,
    sum_gross,
    sum_units,
)
from dev import database, shop

STEPS = ("fetch", "read", "match", "book", "days", "report")


def set_up(env, receipts, port):
    """Make the goods, the shop and a confirmed connection."""
    catalogue, _day = make_content(receipts)
    taxes = shop.set_up_raso(env)
    products = shop.create_products(env, catalogue, taxes)
    shop.add_stock(env, products.values(), STOCK, OPENED)
    shop.create_shop(env, [TILL])
    shop.create_connection(env, port, DAY).action_confirm()


def read_results(env):
    """Return what was booked: receipts, gross and units."""
    income = env["raso.transaction.type"].search([]).income_account_id
    lines = env["raso.trade.document"].search([]).move_ids.line_ids
    return {
        "receipts": env["raso.cash.sale"].search_count([("state", "=", "booked")]),
        "gross": sum_gross(
            lines.filtered(lambda line: line.account_id in income or line.tax_line_id)
        ),
        "units": sum_units(env),
    }


def main():
    """Book the day and report what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.raso")
    parser.add_argument("database")
    parser.add_argument("receipts", type=int)
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    database.load_config()
    with database.environment(options.database) as env:
        set_up(env, options.receipts, options.port)
    measures = Measures()
    with database.environment(options.database) as env:
        connections = env["raso.connection"]
        for name in STEPS:
            with measures.step(name):
                getattr(connections, f"_run_{name}")()
                env.cr.commit()
    with database.environment(options.database) as env:
        measures.report(**read_results(env))


if __name__ == "__main__":
    main()
