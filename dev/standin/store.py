"""The two exchange tables, kept by SQLite in memory or in a file."""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from .types import BIGINT, DATETIME, INT, NVARCHAR_MAX, SMALLINT, SqlType, varchar

NEW = 0
KEPT_TAKEN = timedelta(days=10)
KEPT_NEW = timedelta(days=14)


@dataclass(frozen=True)
class Column:
    """A column of an exchange table."""

    name: str
    type: SqlType


@dataclass(frozen=True)
class Table:
    """An exchange table; its first column is the identity."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self):
        """The name of the identity column."""
        return self.columns[0].name


EXPORT = Table(
    "SyncDataExport",
    (
        Column("SyncDataExportId", INT),
        Column("DataType", SMALLINT),
        Column("DataProvider", varchar(80)),
        Column("ShopNo", varchar(20)),
        Column("SyncData", NVARCHAR_MAX),
        Column("Status", SMALLINT),
        Column("StatusMsg", varchar(1024)),
        Column("RecDate", DATETIME),
        Column("EditDate", DATETIME),
    ),
)
IMPORT = Table(
    "SyncDataImport",
    (
        Column("SyncDataImportId", INT),
        Column("DataType", SMALLINT),
        Column("DataProvider", varchar(80)),
        Column("SyncData", NVARCHAR_MAX),
        Column("GroupId", BIGINT),
        Column("GroupNo", INT),
        Column("GroupState", SMALLINT),
        Column("Status", SMALLINT),
        Column("StatusMsg", varchar(1024)),
        Column("RecDate", DATETIME),
        Column("EditDate", DATETIME),
    ),
)
TABLES = (EXPORT, IMPORT)


class Store:
    """Rows as dicts by column name. Safe to call from many threads."""

    def __init__(self, path=None):
        """Open ``path``; without one, rows live as long as the store."""
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._db.execute("PRAGMA synchronous = OFF")
        for table in TABLES:
            others = ", ".join(column.name for column in table.columns[1:])
            self._run(
                f"CREATE TABLE IF NOT EXISTS {table.name} "
                f"({table.key} INTEGER PRIMARY KEY AUTOINCREMENT, {others})"
            )

    def close(self):
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def insert(self, table, values):
        """Add a row with status 0; return its id."""
        values = {
            column.name: _to_sqlite(column.type.convert(values.get(column.name)))
            for column in table.columns[1:]
        } | {"Status": NEW}
        names = ", ".join(values)
        places = ", ".join("?" * len(values))
        with self._lock:
            return self._run(
                f"INSERT INTO {table.name} ({names}) VALUES ({places})",
                *values.values(),
            ).lastrowid

    def find(self, table, conditions=()):
        """Return the rows, by id, for which all of ``conditions`` hold.

        A condition is an SQL expression with one placeholder, and its value.
        """
        where = "".join(f" AND {expression}" for expression, _value in conditions)
        values = [_to_sqlite(value) for _expression, value in conditions]
        with self._lock:
            found = self._run(
                f"SELECT * FROM {table.name} WHERE true{where} ORDER BY {table.key}",
                *values,
            ).fetchall()
        return [
            {
                column.name: _from_sqlite(column, value)
                for column, value in zip(table.columns, row, strict=True)
            }
            for row in found
        ]

    def update(self, table, row_id, values):
        """Set ``values`` on the row ``row_id``."""
        places = ", ".join(f"{name} = ?" for name in values)
        with self._lock:
            self._run(
                f"UPDATE {table.name} SET {places} WHERE {table.key} = ?",
                *map(_to_sqlite, values.values()),
                row_id,
            )

    def delete(self, table, row_id):
        """Take the row ``row_id`` away; its id isn't given out again."""
        with self._lock:
            self._run(f"DELETE FROM {table.name} WHERE {table.key} = ?", row_id)

    def purge(self, now):
        """Take away what RASO doesn't keep any longer at ``now``."""
        limits = (now - KEPT_TAKEN, now - KEPT_NEW)
        with self._lock:
            for table in TABLES:
                self._run(
                    f"DELETE FROM {table.name} "
                    "WHERE RecDate < CASE Status WHEN 0 THEN ?2 ELSE ?1 END",
                    *map(_to_sqlite, limits),
                )

    def recreate(self):
        """Empty both tables and count ids from 1 again."""
        with self._lock:
            for table in TABLES:
                self._run(f"DELETE FROM {table.name}")
            self._run("DELETE FROM sqlite_sequence")

    def _run(self, statement, *values):
        return self._db.execute(statement, values)


def _to_sqlite(value):
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds")
    return value


def _from_sqlite(column, value):
    if column.type is DATETIME and value is not None:
        return datetime.fromisoformat(value)
    return value
