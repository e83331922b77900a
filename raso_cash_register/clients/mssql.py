"""RASO's exchange database over the SQL Server protocol (interface §2).

Only the stored procedures are used: the login may run nothing else.
"""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime

import pymssql

from ..exceptions import SetupError, TransportError
from ..texts import _lt

LIST = "ie.usp_SyncDataExport_rp"
VIEW = "ie.usp_SyncDataExport_v"
UPDATE = "ie.usp_SyncDataExport_u"
MESSAGE_LENGTH = 1024

_NO_RIGHT = {229, 230, 262, 300, 916}
_NO_PROCEDURE = {201, 2812, 8144, 8145}
# by DB-Library's own numbers, as they stand in its texts
_DROPPED = re.compile("message (20004|20006|20017|20047),")
_CONNECT_CASES = (
    ("message 20018,", "login"),
    ("message 20003,", "timeout"),
    ("message 20009,", "away"),
    ("message 20002,", "hung_up"),
)
_CONNECT_TEXTS = {
    "login": _lt(
        "The server %(server)s:%(port)s refuses user “%(user)s”. Check the user and "
        "the password."
    ),
    "database": _lt(
        "The server %(server)s:%(port)s has no database “%(database)s” that user "
        "“%(user)s” may open. Check its name and the user's rights."
    ),
    "timeout": _lt(
        "The server %(server)s:%(port)s didn't answer the login in %(seconds)s s. "
        "Check that it is a SQL Server and runs."
    ),
    "hung_up": _lt(
        "The server %(server)s:%(port)s ended the connection before the login. Check "
        "the port, and whether the server can do the encryption set here."
    ),
    "away": _lt(
        "The server %(server)s:%(port)s can't be reached. Check its name and port, "
        "that it runs, and that no firewall stands between."
    ),
}
_RUN_TEXTS = {
    "timeout": _lt(
        "The server %(server)s:%(port)s didn't answer %(procedure)s in time. If this "
        "lasts, have the server looked at."
    ),
    "dropped": _lt(
        "The connection to %(server)s:%(port)s broke off in %(procedure)s. "
        "If this lasts, have the network and the server looked at."
    ),
    "rights": _lt(
        "User “%(user)s” may not run %(procedure)s on %(server)s:%(port)s. Have "
        "RASO's administrator grant the right to execute it."
    ),
    "setup": _lt(
        "The database “%(database)s” on %(server)s:%(port)s has no %(procedure)s as "
        "RASO makes it (%(said)s). Check that it is RASO's exchange database."
    ),
    "server": _lt(
        "The server %(server)s:%(port)s reports error %(number)s in %(procedure)s: "
        "%(said)s"
    ),
}

_open_timeouts = []
_open_lock = threading.Lock()


@dataclass(frozen=True)
class ServerSettings:
    """How to reach an exchange database; timeouts are in seconds.

    ``encryption`` is ``off``, ``request`` (if the server can) or ``require``. The
    server's certificate is never checked.
    """

    server: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    encryption: str = "request"
    login_timeout: int = 15
    timeout: int = 60


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ``ie.SyncDataExport``; ``data`` is None if it wasn't asked for.

    Times are the server's local ones, without a zone.
    """

    source_id: int
    data_type: int
    provider: str
    shop_no: str
    data: str | None
    status: int
    status_msg: str
    rec_date: datetime
    edit_date: datetime


class ExchangeDatabase:
    """One connection to an exchange database, open within a ``with`` block.

    For one thread. After a `TransportError` of kind ``timeout`` or ``dropped`` the
    connection is dead: open another.

    :raise TransportError: from every method; the server is away, refuses or breaks off
    :raise SetupError: from every method; it lacks RASO's procedures
    """

    def __init__(self, settings):
        self._settings = settings
        self._connection = None

    def __enter__(self):
        settings = self._settings
        with _open_lock:
            # the driver has one timeout for the whole process: the longest in use,
            # so that no connection ends another's patience
            timeout = max([settings.timeout, *_open_timeouts])
            _open_timeouts.append(settings.timeout)
        try:
            self._connection = self._connect(settings.database, timeout)
        except BaseException:
            self._release_timeout()
            raise
        return self

    def __exit__(self, *_exc_info):
        self._release_timeout()
        self._connection.close()

    def list_rows(
        self, date_from=None, date_to=None, data_type=None, provider=None, status=None
    ) -> list[Row]:
        """List the rows, without their data. Dates are the server's local ones."""
        rows = self._run(
            LIST,
            DateFrom=date_from,
            DateTo=date_to,
            DataType=data_type,
            DataProvider=provider,
            Status=status,
        )
        # the list cuts SyncData at 251 characters: ids only
        return [_as_row(row, data=None) for row in rows]

    def read_row(self, source_id) -> Row | None:
        """Return a row with its whole data, None if it is gone."""
        for row in self._run(VIEW, SyncDataExportId=source_id):
            return _as_row(row, row["SyncData"])
        return None

    def set_status(self, source_id, status, message):
        """Set a row's status and message, which is cut to what the column holds."""
        self._run(
            UPDATE,
            SyncDataExportId=source_id,
            Status=status,
            StatusMsg=_cut(message),
        )

    def check(self):
        """Try all that is needed, changing nothing.

        :raise TransportError: the login may not run the procedures
        :raise SetupError: they are missing or aren't RASO's
        """
        nothing = 0  # ids start at 1
        self._run(LIST, DataType=-1)
        self._run(VIEW, SyncDataExportId=nothing)
        try:
            self._run(UPDATE, SyncDataExportId=nothing, Status=1, StatusMsg="")
        except TransportError as err:
            # complaining of the id, the procedure is there and may be run
            if err.kind != "server":
                raise

    def _connect(self, database, timeout):
        settings = self._settings
        try:
            return pymssql.connect(
                server=settings.server,
                port=str(settings.port),
                user=settings.user,
                password=settings.password,
                database=database,
                encryption=settings.encryption,
                login_timeout=settings.login_timeout,
                timeout=timeout,
                appname="Odoo",
                autocommit=True,
                # without it the driver tries older versions on a hung server
                tds_version="7.4",
            )
        except pymssql.Error as err:
            raise self._connect_error(err, database) from err

    def _connect_error(self, err, database):
        # the number may be an earlier failure's: only the text tells
        text = _error_text(err)
        case = next((case for mark, case in _CONNECT_CASES if mark in text), "away")
        if case == "login" and database and self._may_log_in():
            case = "database"
        kind = "away" if case == "hung_up" else case
        return TransportError(kind, self._explain(_CONNECT_TEXTS[case]))

    def _may_log_in(self):
        """Tell an unknown database from a wrong login: the server's answer is one."""
        try:
            self._connect("", self._settings.timeout).close()
        except TransportError:
            return False
        return True

    def _run(self, procedure, **values):
        """Run a procedure with those parameters that aren't None; return its rows."""
        given = {name: value for name, value in values.items() if value is not None}
        names = ", ".join(f"@{name}=%s" for name in given)
        try:
            with self._connection.cursor(as_dict=True) as cursor:
                # not callproc: it cuts texts at 8000 characters
                cursor.execute(f"EXEC {procedure} {names}", tuple(given.values()))
                return cursor.fetchall()
        except pymssql.Error as err:
            raise self._run_error(err, procedure) from err

    def _run_error(self, err, procedure):
        text = _error_text(err)
        number = err.args[0]
        if "message 20003," in text:
            case = "timeout"
        elif isinstance(err, pymssql.InterfaceError) or _DROPPED.search(text):
            case = "dropped"
        elif number in _NO_RIGHT:
            case = "rights"
        else:
            case = "setup" if number in _NO_PROCEDURE else "server"
        said = text.partition("DB-Lib error message")[0].strip()
        message = self._explain(
            _RUN_TEXTS[case], procedure=procedure, number=number, said=said
        )
        return SetupError(message) if case == "setup" else TransportError(case, message)

    def _explain(self, text, **values):
        settings = self._settings
        return text.fill(
            server=settings.server,
            port=settings.port,
            database=settings.database,
            user=settings.user,
            seconds=settings.login_timeout,
            **values,
        )

    def _release_timeout(self):
        with _open_lock:
            _open_timeouts.remove(self._settings.timeout)


def _as_row(row, data):
    try:
        return Row(
            source_id=row["SyncDataExportId"],
            data_type=row["DataType"],
            provider=(row["DataProvider"] or "").strip(),
            shop_no=(row["ShopNo"] or "").strip(),
            data=data,
            status=row["Status"],
            status_msg=row["StatusMsg"] or "",
            rec_date=row["RecDate"],
            edit_date=row["EditDate"],
        )
    except KeyError as err:
        raise SetupError(
            _lt(
                "The exchange database answers without a column %(column)s. Check "
                "that its procedures are those of RASO.",
                column=err.args[0],
            )
        ) from err


def _cut(message):
    """Shorten a message to what a varchar(1024) holds in any of its encodings."""
    return message.encode()[:MESSAGE_LENGTH].decode(errors="ignore")


def _error_text(err):
    """Return what server and driver said, whichever way the driver packed it."""
    parts = err.args[0] if isinstance(err.args[0], tuple) else err.args
    last = parts[-1]
    return last.decode("utf-8", "replace") if isinstance(last, bytes) else str(last)
