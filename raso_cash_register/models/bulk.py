"""Inserting rows by the thousand (design, part 5)."""

import csv
import io

from psycopg2 import sql


def new_ids(model, count):
    """Return ``count`` fresh ids of the model's table."""
    model.env.cr.execute(
        "SELECT nextval(%s) FROM generate_series(1, %s)",
        [f"{model._table}_id_seq", count],
    )
    return [row[0] for row in model.env.cr.fetchall()]


def bulk_insert(model, columns, rows):
    """Insert rows by COPY: numbers stay exact, an empty text becomes NULL.

    For plain columns alone: there are no defaults, computes or Python constraints,
    access isn't checked, and what holds the new records in the cache is not told of
    them: the caller invalidates it.
    """
    cr = model.env.cr
    now, uid = cr.now(), model.env.uid
    buffer = io.StringIO()
    csv.writer(buffer).writerows((*row, uid, uid, now, now) for row in rows)
    buffer.seek(0)
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(model._table),
        sql.SQL(", ").join(
            map(
                sql.Identifier,
                (*columns, "create_uid", "write_uid", "create_date", "write_date"),
            )
        ),
    )
    cr.copy_expert(query, buffer)
