"""The day at Odoo's own Point of Sale: ``python -m bench.point_of_sale DB ...``.

The till sends each order by itself once it is paid (``sync_from_ui``), as the web
client does, and closes the session at the end of the day with the calls that its
closing dialog makes. Each call has a transaction of its own. What the web client and
HTTP take is left out.
"""

import argparse
import uuid
from zoneinfo import ZoneInfo

from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry

from bench.measure import (
    OPENED,
    STOCK,
    Measures,
    make_content,
    sum_gross,
    sum_units,
)
from dev import database, shop
from dev.days.model import ZERO

CASH, CARD, VOUCHER = "0", "2", "3"
ROUNDING = ("1001", "1002")
VILNIUS = ZoneInfo("Europe/Vilnius")


def set_up(env, catalogue, stock):
    """Make the goods and open a session; return it and the products' ids by code."""
    env.company.point_of_sale_update_stock_quantities = stock
    env.ref("uom.decimal_product_uom").digits = 3
    products = shop.create_products(
        env, catalogue, make_taxes(env), available_in_pos=True
    )
    shop.add_stock(env, products.values(), STOCK, OPENED)
    methods = make_payment_methods(env)
    config = env["pos.config"].create(
        {
            "name": "Till",
            "payment_method_ids": [Command.set([m.id for m in methods.values()])],
            "cash_rounding": True,
            "only_round_cash_method": True,
            "rounding_method": make_rounding(env).id,
        }
    )
    config = config.with_user(env.ref("base.user_admin"))
    config.open_ui()
    config.current_session_id.set_opening_control(0, None)
    return config.current_session_id, products, methods


def make_taxes(env):
    """Return taxes by rate: the chart's, with prices that include them."""
    chart = env["account.chart.template"]
    taxes = {}
    for rate in (21, 12, 5):
        # the chart has none of 12 %
        source = 5 if rate == 5 else 21
        tax = chart.ref(f"account_tax_template_sales_{source}")
        taxes[rate] = tax.copy(
            {
                "name": f"{rate}% included",
                "amount": rate,
                "price_include_override": "tax_included",
            }
        )
    return taxes


def make_payment_methods(env):
    """Return a payment method for each kind of payment of the day."""
    methods = {}
    for code, name, kind in (
        (CASH, "Cash", "cash"),
        (CARD, "Card", "bank"),
        (VOUCHER, "Voucher", "bank"),
    ):
        journal = env["account.journal"].create(
            {"name": f"Till {name}", "type": kind, "code": f"TILL{code}"}
        )
        methods[code] = env["pos.payment.method"].create(
            {"name": name, "journal_id": journal.id}
        )
    return methods


def make_rounding(env):
    """Return the rounding of cash to 5 cents."""
    chart = env["account.chart.template"]
    return env["account.cash.rounding"].create(
        {
            "name": "5 cents",
            "rounding": 0.05,
            "rounding_method": "HALF-UP",
            "strategy": "add_invoice_line",
            "profit_account_id": chart.ref("account_account_template_5009").id,
            "loss_account_id": chart.ref("account_account_template_6319").id,
        }
    )


def make_order(receipt, session, products, methods):
    """Return ``receipt`` as the web client sends it."""
    vat = sum((line.total_vat for line in receipt.lines), ZERO)
    paid = [p for p in receipt.payments if p.code not in ROUNDING]
    moment = receipt.moment.replace(tzinfo=VILNIUS).astimezone(ZoneInfo("UTC"))
    return {
        "uuid": str(uuid.uuid4()),
        "access_token": str(uuid.uuid4()),
        "name": "/",
        "state": "paid",
        "session_id": session.id,
        "user_id": session.env.uid,
        "date_order": f"{moment:%Y-%m-%d %H:%M:%S}",
        "amount_total": float(receipt.total),
        "amount_tax": float(vat),
        "amount_paid": float(sum((p.amount for p in paid), ZERO)),
        "amount_return": 0,
        "to_invoice": False,
        "last_order_preparation_change": "{}",
        "lines": [
            Command.create(make_line(line, products[line.product.code]))
            for line in receipt.lines
        ],
        "payment_ids": [
            Command.create(
                {
                    "uuid": str(uuid.uuid4()),
                    "payment_method_id": methods[payment.code].id,
                    "amount": float(payment.amount),
                    "name": f"{moment:%Y-%m-%d %H:%M:%S}",
                }
            )
            for payment in paid
        ],
    }


def make_line(line, product):
    """Return a line of an order; its discount is taken off the price."""
    return {
        "uuid": str(uuid.uuid4()),
        "product_id": product.id,
        "full_product_name": product.name,
        "qty": float(line.units),
        "price_unit": float(line.total / line.units),
        "price_subtotal": float(line.total - line.total_vat),
        "price_subtotal_incl": float(line.total),
        "discount": 0,
        "tax_ids": [Command.set(product.taxes_id.ids)],
        "pack_lot_ids": [],
    }


def sync(registry, uid, order):
    """Send one order, as one request."""
    with registry.cursor() as cursor:
        Environment(cursor, uid, {})["pos.order"].sync_from_ui([order])


def close(registry, session, counted):
    """Close the session, request by request as the closing dialog does."""
    for method, arguments in (
        ("post_closing_cash_details", [counted]),
        ("update_closing_control_state_session", [""]),
        ("close_session_from_ui", [[]]),
    ):
        with registry.cursor() as cursor:
            record = Environment(cursor, session.env.uid, {})[session._name]
            answer = getattr(record.browse(session.id), method)(*arguments)
        if answer and not answer["successful"]:
            raise RuntimeError(f"{method}: {answer['message']}")


def read_results(env, session):
    """Return what was booked: receipts, gross and units."""
    income = env.company.income_account_id
    lines = session.move_id.line_ids.filtered(
        lambda line: line.account_id == income or line.tax_line_id
    )
    return {
        "receipts": len(session.order_ids.filtered(lambda o: o.state == "done")),
        "gross": sum_gross(lines),
        "units": sum_units(env),
    }


def main():
    """Book the day and report what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.point_of_sale")
    parser.add_argument("database")
    parser.add_argument("receipts", type=int)
    parser.add_argument("stock", choices=("real", "closing"))
    options = parser.parse_args()
    database.load_config()
    catalogue, day = make_content(options.receipts)
    registry = Registry(options.database)
    with database.environment(options.database) as env:
        session, products, methods = set_up(env, catalogue, options.stock)
        orders = [
            make_order(receipt, session, products, methods) for receipt in day.receipts
        ]
        env.cr.commit()
        measures = Measures()
        for order in orders:
            with measures.step("sync"):
                sync(registry, session.env.uid, order)
        cash = sum(p.amount for r in day.receipts for p in r.payments if p.code == CASH)
        with measures.step("close"):
            close(registry, session, float(cash))
        env.invalidate_all()
        env.cr.commit()
        measures.report(**read_results(env, session))


if __name__ == "__main__":
    main()
