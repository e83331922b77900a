"""A million receipts for ``bench.million``, written into the addon's tables by SQL.

Tills of many shops, each with its receipts of a hundred days that end today: booked
but for today's, with what waits on a busy Monday: receipts held for a white line or in
conflict, days that differ. Every sum agrees: receipts with their lines, days and trade
documents with their receipts.
"""

from contextlib import contextmanager

from odoo.sql_db import db_connect

from dev import database, shop
from dev.days import make_catalogue
from dev.days.model import money

SHOPS, TILLS, DAYS = 50, 4, 100
PRODUCTS = 2000
# receipts of a till's day: of 200 tills and 100 days a million
RECEIPTS = 50
TABLES = (
    "raso_exchange",
    "raso_z_report",
    "raso_trade_document",
    "raso_register_day",
    "raso_cash_sale",
    "raso_cash_sale_line",
    "raso_cash_sale_payment",
)
STAMP = "1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'"
STAMPED = "create_uid, write_uid, create_date, write_date"

# what all tables are made from: a row a receipt, and a row a line
STAGES = (
    """
    CREATE TEMP TABLE till AS
    SELECT id, shop_id, company_id, row_number() OVER (ORDER BY id) AS no
      FROM raso_register
    """,
    """
    CREATE TEMP TABLE day AS
    SELECT no, %(today)s::date - (%(days)s - no) AS day
      FROM generate_series(1, %(days)s) no
    """,
    """
    CREATE TEMP TABLE product AS
    SELECT product.id, product.barcode, template.name->>'en_US' AS name,
           template.uom_id, template.list_price AS price,
           row_number() OVER (ORDER BY product.id) - 1 AS no
      FROM product_product product
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE product.barcode IS NOT NULL
    """,
    "ANALYZE till, day, product",
    # a day's receipts of all tills come mixed, as they do in life
    """
    CREATE TEMP TABLE receipt AS
    SELECT row_number() OVER (ORDER BY day.no, n, till.no) AS id,
           (day.no - 1) * (SELECT count(*) FROM till) + till.no AS day_id,
           till.id AS register_id, till.shop_id, till.company_id, day.day,
           day.no AS day_no, n
      FROM day, till, generate_series(1, %(receipts)s) n
    """,
    """
    ALTER TABLE receipt ADD kind text, ADD state text, ADD sign int
    """,
    """
    UPDATE receipt
       SET kind = CASE WHEN id %% 97 = 0 THEN 'return'
                       WHEN id %% 101 = 0 THEN 'sf' ELSE 'sale' END,
           sign = CASE WHEN id %% 97 = 0 THEN -1 ELSE 1 END,
           state = CASE WHEN id %% 503 = 0 THEN 'held'
                        WHEN id %% 3001 = 0 THEN 'conflict'
                        WHEN day_no = %(days)s THEN 'matched' ELSE 'booked' END
    """,
    "ANALYZE receipt",
    """
    CREATE TEMP TABLE item AS
    SELECT receipt.id AS sale_id, position, product.id AS product_id,
           product.barcode, product.name, product.uom_id, quantity,
           round(sign * quantity * price::numeric, 2) AS amount,
           round(sign * quantity * price::numeric * 21 / 121, 2) AS vat
      FROM receipt
CROSS JOIN LATERAL generate_series(1, 3 + receipt.id %% 2) position
CROSS JOIN LATERAL (SELECT 1 + (receipt.id + position) %% 3 AS quantity) q
      JOIN product
        ON product.no = (receipt.id * 7919 + position * 104729)
                        %% (SELECT count(*) FROM product)
    """,
    """
    CREATE TEMP TABLE total AS
    SELECT sale_id, sum(amount) AS amount, sum(vat) AS vat FROM item GROUP BY 1
    """,
    "ANALYZE item, total",
    """
    CREATE TEMP TABLE day_total AS
    SELECT receipt.day_id AS id, min(register_id) AS register_id,
           min(shop_id) AS shop_id, min(company_id) AS company_id, min(day) AS day,
           min(day_no) AS day_no,
           count(*) FILTER (WHERE state != 'conflict') AS count,
           count(*) FILTER (WHERE state = 'booked') AS booked,
           count(*) FILTER (WHERE state = 'matched') AS waiting,
           count(*) FILTER (WHERE state = 'held') AS held,
           count(*) FILTER (WHERE state = 'conflict') AS conflict,
           sum(amount) FILTER (WHERE state != 'conflict') AS amount,
           sum(vat) FILTER (WHERE state != 'conflict') AS vat,
           COALESCE(sum(amount) FILTER (WHERE state = 'booked'), 0) AS amount_booked,
           COALESCE(sum(vat) FILTER (WHERE state = 'booked'), 0) AS vat_booked
      FROM receipt JOIN total ON total.sale_id = receipt.id GROUP BY 1
    """,
)

INSERTS = {
    # a document a shop and day
    "raso_exchange": (
        "id, connection_id, company_id, content, provider, shop_no, source_id, "
        "source_date, state, sale_count, status_wanted, status_sent",
        """
        SELECT row_number() OVER (), connection.id, connection.company_id, 'sales',
               'KVITAS', shop.number, row_number() OVER (), day.day + time '20:00',
               'read', %(receipts)s * %(tills)s, 1, 1
          FROM day, raso_connection connection, raso_shop shop
        """,
    ),
    "raso_z_report": (
        "id, company_id, shop_id, register_id, fiscal_no, number, printed_at, "
        "amount_total",
        """
        SELECT id, company_id, shop_id, register_id, 'LT' || register_id, day_no,
               day + time '20:00', amount
          FROM day_total WHERE day_no < %(days)s
        """,
    ),
    "raso_trade_document": (
        "id, transaction_type_id, company_id, shop_id, register_id, name, kind, "
        "group_key, state, day, date, supplement, sale_count, amount_received, "
        "vat_received, amount_booked, vat_booked",
        """
        SELECT day_total.id, type.id, company_id, shop_id, register_id,
               'SALE/' || register_id || '/' || day, 'sale',
               register_id || '/' || day, 'booked', day, day, 0, booked,
               amount_booked, vat_booked, amount_booked, vat_booked
          FROM day_total
    CROSS JOIN (SELECT id FROM raso_transaction_type WHERE kind = 'sale') type
         WHERE day_no < %(days)s
        """,
    ),
    "raso_register_day": (
        "id, register_id, shop_id, company_id, day, state, is_stale, receipt_count, "
        "booked_count, waiting_count, held_count, conflict_count, z_count, "
        "document_count, amount_received, vat_received, amount_booked, vat_booked, "
        "amount_z, amount_ledger, reasons, notes",
        """
        SELECT id, register_id, shop_id, company_id, day,
               CASE WHEN id %% 41 = 0 THEN 'differs'
                    WHEN day_no = %(days)s OR held + conflict > 0 THEN 'open'
                    ELSE 'complete' END,
               day_no = %(days)s, count, booked, waiting, held, conflict, 1, 1, amount,
               vat, amount_booked, vat_booked, amount, amount_booked, '[]'::jsonb,
               '[]'::jsonb
          FROM day_total
        """,
    ),
    "raso_cash_sale": (
        "id, exchange_id, position, company_id, shop_id, register_id, kind, provider, "
        "series, number, day, sold_at, has_time, cashier, invoice_no, partner_code, "
        "partner_name, amount_total, amount_vat, amount_paid, fingerprint, occurrence, "
        "is_identity, state, hold_cause, transaction_type_id, trade_document_id, "
        "z_report_id",
        """
        SELECT receipt.id, exchange.id, n, receipt.company_id, receipt.shop_id,
               receipt.register_id, receipt.kind, 'kvitas', 'receipt',
               (day_no - 1) * %(receipts)s + n, receipt.day,
               receipt.day + time '06:00' + n * interval '15 minutes', TRUE,
               'Cashier ' || receipt.register_id %% 7,
               CASE WHEN receipt.kind = 'sf' THEN 'SF' || receipt.id END,
               CASE WHEN receipt.kind = 'sf'
                    THEN (300000000 + receipt.id %% 999)::text END,
               CASE WHEN receipt.kind = 'sf'
                    THEN 'Customer ' || receipt.id %% 999 END,
               amount, vat, amount, md5(receipt.id::text), 0,
               receipt.state != 'conflict', receipt.state,
               CASE WHEN receipt.state = 'held' THEN 'white' END, type.id,
               CASE WHEN receipt.state = 'booked' THEN receipt.day_id END,
               CASE WHEN day_no < %(days)s THEN receipt.day_id END
          FROM receipt
          JOIN total ON total.sale_id = receipt.id
          JOIN raso_shop shop ON shop.id = receipt.shop_id
          JOIN raso_exchange exchange
            ON exchange.shop_no = shop.number
           AND exchange.source_date = receipt.day + time '20:00'
          JOIN raso_transaction_type type
            ON type.kind = receipt.kind AND type.company_id = receipt.company_id
        """,
    ),
    # the first item of a held receipt has no product
    "raso_cash_sale_line": (
        "cash_sale_id, company_id, shop_id, register_id, day, kind, number, code, "
        "name, quantity, amount, vat, product_id, uom_id, product_quantity, "
        "vat_percent, vat_roundings, is_late, state",
        """
        SELECT sale.id, company_id, shop_id, register_id, day, kind, number, barcode,
               name, quantity, item.amount, item.vat,
               CASE WHEN NOT is_white THEN product_id END,
               CASE WHEN NOT is_white THEN uom_id END, quantity, 21, 2, FALSE,
               CASE WHEN is_white THEN 'white' WHEN sale.state = 'booked' THEN 'grey'
                    ELSE 'ready' END
          FROM item JOIN raso_cash_sale sale ON sale.id = item.sale_id
    CROSS JOIN LATERAL (
                SELECT sale.state = 'held' AND item.position = 1 AS is_white) w
      ORDER BY sale.id, item.position
        """,
    ),
    "raso_cash_sale_payment": (
        "cash_sale_id, company_id, code, amount, kind_id",
        """
        SELECT sale.id, sale.company_id, kind.code, amount_total, kind.id
          FROM raso_cash_sale sale
          JOIN raso_payment_kind kind ON kind.company_id = sale.company_id
           AND kind.code = CASE WHEN sale.id %% 3 = 0 THEN '0' ELSE '1' END
        """,
    ),
}


def make_database(name):
    """Make database ``name`` anew, with the addon and its million receipts."""
    database.create_database(name, database.get_template())
    with db_connect(name).cursor() as cursor:
        # as databases have it that Odoo itself creates
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    database.install(name, [database.ADDON])
    with database.environment(name) as env:
        make_shops(env)
        fill(env)
    with database.environment(name) as env:
        env.cr.execute("ANALYZE")


def make_shops(env):
    """Make the shops, the products, and a connection that fetches nothing."""
    taxes = shop.set_up_raso(env)
    env["product.product"].create(
        [
            {
                "name": item.name,
                "default_code": item.code,
                "barcode": item.code,
                "list_price": float(money(item.price)),
                "taxes_id": [(6, 0, taxes[21].ids)],
            }
            for item in make_catalogue(1, PRODUCTS)
        ]
    )
    warehouse = shop.find_warehouse(env)
    env["raso.shop"].create(
        [
            {
                "number": f"{number:02}",
                "name": f"Shop {number:02}",
                "warehouse_id": warehouse.id,
                "register_ids": [
                    (0, 0, {"number": str(till), "name": f"Till {till}"})
                    for till in range(1, TILLS + 1)
                ],
            }
            for number in range(1, SHOPS + 1)
        ]
    )
    shop.create_connection(env, 1, "2020-01-01")


def fill(env):
    """Write the receipts and what was made of them."""
    env.flush_all()
    values = {
        "today": env["raso.cash.sale"]._local_now().date(),
        "days": DAYS,
        "tills": TILLS,
        "receipts": RECEIPTS,
    }
    for stage in STAGES:
        env.cr.execute(stage, values)
    with bare_tables(env.cr, TABLES):
        for table, (columns, query) in INSERTS.items():
            env.cr.execute(
                f"INSERT INTO {table} ({columns}, {STAMPED}) "
                f"SELECT part.*, {STAMP} FROM ({query}) part",
                values,
            )
            env.cr.execute(
                f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
            )


@contextmanager
def bare_tables(cursor, tables):
    """Take indexes and foreign keys off ``tables``, and make them again at the end."""
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', r.relname, c.conname),
               format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', r.relname, c.conname,
                      pg_get_constraintdef(c.oid))
          FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
         WHERE c.contype = 'f' AND r.relname = ANY(%(tables)s)
        UNION ALL
        SELECT format('DROP INDEX %%I', indexname), indexdef
          FROM pg_indexes
         WHERE tablename = ANY(%(tables)s) AND indexname NOT LIKE '%%\\_pkey'
        """,
        {"tables": list(tables)},
    )
    statements = cursor.fetchall()
    for drop, _make in statements:
        cursor.execute(drop)
    yield
    for _drop, make in statements:
        cursor.execute(make)
