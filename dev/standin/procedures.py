"""The stored procedures of schema ``ie`` (interface page, part 2).

Where the page leaves a thing open, this was chosen:

- ``@DateFrom`` and ``@DateTo`` are both inclusive; which column they compare with
  is a setting of the stand-in;
- ``@DataString`` finds rows whose whole ``SyncData`` contains it;
- an id that doesn't exist gives no row and no error;
- an update without ``@StatusMsg`` empties the message;
- a status outside the page's table is refused, as by a CHECK constraint;
- the parameters of ``usp_SyncDataImport_v`` and ``_u`` are those of the export.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .errors import SqlError
from .store import EXPORT, IMPORT, Column, Store, Table
from .types import BIGINT, DATETIME, INT, NVARCHAR_MAX, SMALLINT, SqlType, varchar

STATUSES = range(5)
CUT_BYTES = 2 * 251  # RASO counts UTF-16 units
DEFAULT = object()  # the value of a parameter given as the word DEFAULT


@dataclass(frozen=True)
class Parameter:
    """A parameter of a procedure."""

    name: str
    type: SqlType
    required: bool = False


@dataclass(frozen=True)
class Context:
    """What a procedure works with; ``date_column`` is RecDate or EditDate."""

    store: Store
    now: datetime
    date_column: str


@dataclass(frozen=True)
class Result:
    """What a procedure gives; ``undo`` takes back what it changed."""

    columns: tuple[Column, ...]
    rows: list[dict]
    undo: Callable[[], None] | None = None


@dataclass(frozen=True)
class Procedure:
    """A stored procedure; ``run`` takes a context, the table and all values."""

    name: str
    table: Table
    parameters: tuple[Parameter, ...]
    run: Callable[[Context, Table, dict], Result]

    def bind(self, arguments):
        """Return the given values by parameter name, converted.

        :raise SqlError: a parameter is unknown, missing, or of a wrong type
        """
        known = {parameter.name.lower(): parameter for parameter in self.parameters}
        values = {}
        for name, value in arguments:
            parameter = known.get(name.lower())
            if parameter is None:
                text = f"@{name} is not a parameter for procedure {self._short_name}."
                raise SqlError(8145, text)
            if parameter.name in values:
                text = f"Parameter '@{name}' was supplied multiple times."
                raise SqlError(8143, text)
            if value is not DEFAULT:
                values[parameter.name] = parameter.type.convert(value)
        for parameter in self.parameters:
            if parameter.required and parameter.name not in values:
                raise SqlError(
                    201,
                    f"Procedure or function '{self._short_name}' expects parameter "
                    f"'@{parameter.name}', which was not supplied.",
                )
        return values

    @property
    def _short_name(self):
        return self.name.partition(".")[2]


def find_procedure(name, current, database):
    """Return the procedure called ``name``, as "ie.usp_..." in any case.

    It's one of ``database``; ``current`` is where the client is.

    :raise SqlError: there is none
    """
    key = name.replace("[", "").replace("]", "").lower()
    if key.count(".") == 1:
        key = f"{current.lower()}.{key}"
    procedure = PROCEDURES.get(key.removeprefix(f"{database.lower()}."))
    if procedure is None:
        raise SqlError(2812, f"Could not find stored procedure '{name}'.")
    return procedure


def _list_rows(context, table, values):
    rows = _find(context, table, values)
    for row in rows:
        row["SyncData"] = cut(row["SyncData"])
    return Result(table.columns, rows)


def _view_rows(context, table, values):
    return Result(table.columns, _find(context, table, values))


def _update_row(context, table, values):
    row_id, status = values[table.key], values["Status"]
    if status not in STATUSES:
        raise SqlError(
            547,
            "The UPDATE statement conflicted with the CHECK constraint "
            f'"CK_{table.name}_Status": status {status} is unknown.',
        )
    store = context.store
    condition = [(f"{table.key} = ?", row_id)]
    before = store.find(table, condition)
    changes = {
        "Status": status,
        "StatusMsg": values.get("StatusMsg"),
        "EditDate": context.now,
    }
    store.update(table, row_id, changes)

    def undo():
        for row in before:
            store.update(table, row_id, {name: row[name] for name in changes})

    return Result(table.columns, store.find(table, condition), undo)


def _insert_row(context, table, values):
    store = context.store
    times = {"RecDate": context.now, "EditDate": context.now}
    row_id = store.insert(table, values | times)
    rows = store.find(table, [(f"{table.key} = ?", row_id)])
    return Result(table.columns, rows, lambda: store.delete(table, row_id))


def _find(context, table, values):
    expressions = {
        "DateFrom": f"{context.date_column} >= ?",
        "DateTo": f"{context.date_column} <= ?",
        # as a database without regard to case and blanks at the end
        "DataProvider": "rtrim(DataProvider) = rtrim(?) COLLATE NOCASE",
        "DataString": "instr(SyncData, ?)",
    }
    conditions = [
        (expressions.get(name, f"{name} = ?"), value)
        for name, value in values.items()
        if value is not None
    ]
    return context.store.find(table, conditions)


def cut(text):
    """Return ``text`` as the listing shows it: 251 characters and "..."."""
    if text is None:
        return None
    data = text.encode("utf-16-le", "surrogatepass")
    if len(data) <= CUT_BYTES:
        return text
    return data[:CUT_BYTES].decode("utf-16-le", "surrogatepass") + "..."


_TYPE = Parameter("DataType", SMALLINT)
_PROVIDER = Parameter("DataProvider", varchar(80))
_STATUS = Parameter("Status", SMALLINT)


def _view_parameters(table):
    return (Parameter(table.key, INT), _TYPE, _PROVIDER, _STATUS)


def _update_parameters(table):
    return (
        Parameter(table.key, INT, required=True),
        Parameter("Status", SMALLINT, required=True),
        Parameter("StatusMsg", varchar(1024)),
    )


LIST = Procedure(
    "ie.usp_SyncDataExport_rp",
    EXPORT,
    (
        Parameter("DateFrom", DATETIME),
        Parameter("DateTo", DATETIME),
        _TYPE,
        _PROVIDER,
        _STATUS,
        Parameter("DataString", NVARCHAR_MAX),
    ),
    _list_rows,
)
VIEW = Procedure(
    "ie.usp_SyncDataExport_v", EXPORT, _view_parameters(EXPORT), _view_rows
)
UPDATE = Procedure(
    "ie.usp_SyncDataExport_u", EXPORT, _update_parameters(EXPORT), _update_row
)
INSERT_IMPORT = Procedure(
    "ie.usp_SyncDataImport_i",
    IMPORT,
    (
        Parameter("DataType", SMALLINT, required=True),
        Parameter("DataProvider", varchar(80), required=True),
        Parameter("SyncData", NVARCHAR_MAX, required=True),
        Parameter("GroupId", BIGINT),
        Parameter("GroupNo", INT),
        Parameter("GroupState", SMALLINT),
    ),
    _insert_row,
)
VIEW_IMPORT = Procedure(
    "ie.usp_SyncDataImport_v", IMPORT, _view_parameters(IMPORT), _view_rows
)
UPDATE_IMPORT = Procedure(
    "ie.usp_SyncDataImport_u", IMPORT, _update_parameters(IMPORT), _update_row
)
PROCEDURES = {
    procedure.name.lower(): procedure
    for procedure in (LIST, VIEW, UPDATE, INSERT_IMPORT, VIEW_IMPORT, UPDATE_IMPORT)
}
