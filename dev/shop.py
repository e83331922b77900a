"""A shop in Odoo, as the demo and the benchmark need it: goods, stock, tills.

All functions take a superuser's environment of the shop's company.
"""

from odoo.fields import Command

from dev.days.model import money

SHOP, TILLS = "01", ("1", "2")


def create_products(env, catalogue, taxes, **vals):
    """Create the products of ``catalogue``, storable but for the deposit.

    :param taxes: sale taxes by their rate in per cent
    :param vals: values that all of them share
    :return: products by code
    """
    kilogram = env.ref("uom.product_uom_kgm")
    unit = env.ref("uom.product_uom_unit")
    products = env["product.product"].create(
        [
            {
                **_product_vals(item, taxes.get(item.vat)),
                "uom_id": (kilogram if item.unit == "kg" else unit).id,
                **vals,
            }
            for item in catalogue
        ]
    )
    by_code = dict(zip((item.code for item in catalogue), products, strict=True))
    for item in catalogue:
        if item.pack_barcode:
            _add_packaging(by_code[item.code], item)
    return by_code


def _product_vals(item, tax):
    is_deposit = not item.vat
    price = item.price
    if tax and not tax.price_include:
        price = money(item.price * 100 / (100 + item.vat))
    return {
        "name": item.name,
        "default_code": item.code,
        "barcode": item.barcode,
        "type": "service" if is_deposit else "consu",
        "is_storable": not is_deposit,
        "list_price": float(price),
        "standard_price": float(item.cost),
        "taxes_id": [Command.set([] if is_deposit else tax.ids)],
    }


def _add_packaging(product, item):
    """Give ``product`` the pack of ``item``, a unit with a barcode of its own."""
    units = product.env["uom.uom"]
    unit = product.uom_id
    pack = units.search(
        [("relative_uom_id", "=", unit.id), ("relative_factor", "=", item.pack_size)],
        limit=1,
    ) or units.create(
        {
            "name": f"{item.pack_size} {unit.name}",
            "relative_uom_id": unit.id,
            "relative_factor": item.pack_size,
        }
    )
    product.uom_ids = [Command.link(pack.id)]
    product.env["product.uom"].create(
        {"product_id": product.id, "uom_id": pack.id, "barcode": item.pack_barcode}
    )


def add_stock(env, products, quantity, moment, warehouse=None):
    """Put ``quantity`` of each storable product into ``warehouse``, else the first.

    :param moment: when, naive UTC
    """
    location = (warehouse or find_warehouse(env)).lot_stock_id
    quants = env["stock.quant"].with_context(inventory_mode=True)
    quants.create(
        [
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
            for product in products
            if product.is_storable
        ]
    ).action_apply_inventory(moment)


def find_warehouse(env):
    """Return the company's first warehouse."""
    return env["stock.warehouse"].search(
        [("company_id", "=", env.company.id)], order="id", limit=1
    )


def set_up_raso(env, **vals):
    """Run the set-up step; return the sale taxes by their rate in per cent."""
    env["raso.setup"].create(vals).action_apply()
    rates = env["raso.vat.rate"].search([("company_id", "=", env.company.id)])
    return {int(rate.percent): rate.tax_id for rate in rates}


def create_shop(env, tills=TILLS, journal=("KASA", "Till cash"), **vals):
    """Make a shop and its tills, with one cash journal.

    :param journal: its code and name
    :param vals: other values than those of shop 01 of the first warehouse
    """
    code, name = journal
    cash = env["account.journal"].create({"name": name, "type": "cash", "code": code})
    return env["raso.shop"].create(
        {
            "number": SHOP,
            "name": "Main street",
            "warehouse_id": find_warehouse(env).id,
            "cash_journal_id": cash.id,
            "register_ids": [
                Command.create({"number": number, "name": f"Till {number}"})
                for number in tills
            ],
            **vals,
        }
    )


def create_connection(env, port, book_from, **vals):
    """Make a connection, not yet confirmed, to the stand-in on ``port``."""
    return env["raso.connection"].create(
        {
            "name": "RASO stand-in",
            "server": "127.0.0.1",
            "port": port,
            "database": "MS3_DEMO_IMG",
            "login": "raso",
            "password": "raso",
            "book_from": book_from,
        }
        | vals
    )
