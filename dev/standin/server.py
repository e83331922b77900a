"""The stand-in as a whole: its port, its settings and its tables."""

import json
import logging
import re
import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from .errors import SqlError
from .faults import Faults
from .procedures import Context
from .session import Session
from .store import EXPORT, IMPORT, Store
from .tls import make_context
from .types import round_datetime

_logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
ZONE = ZoneInfo("Europe/Vilnius")
PROLOG_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding=["']([\w.-]+)["']""")
BACKLOG = 128


def local_time():
    """Return the time in Vilnius, without a zone, as RASO writes it."""
    return datetime.now(ZONE).replace(tzinfo=None)


@dataclass(frozen=True)
class Call:
    """A procedure's call: its full name and the parameters that were given."""

    name: str
    params: dict


class Standin:
    """A RASO exchange database that real SQL Server drivers can speak to.

    As a context manager it listens from beginning to end of the block. ``port`` 0
    is any free port; ``path`` keeps the tables in a file; ``clock`` returns the
    server's local time; ``date_column`` is what ``@DateFrom`` and ``@DateTo``
    compare with, RecDate or EditDate; ``encryption`` is "none", "on" or "required".

    ``faults`` makes it misbehave, ``calls`` tells what was called, and
    ``before_call`` may be set to a function of a ``Call`` that runs before each, in
    the thread of the connection: an error in it ends the connection.
    """

    def __init__(
        self,
        port=0,
        *,
        database="MS3_DEMO_IMG",
        user="raso",
        password="raso",
        path=None,
        clock=local_time,
        date_column="RecDate",
        encryption="on",
        host=HOST,
    ):
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
        self.clock = clock
        self.date_column = date_column
        self.encryption = encryption
        self.faults = Faults()
        self.calls = []
        self.before_call = None
        self._store = Store(path)
        self._listener = None
        self._connections = {}
        self._lock = threading.Lock()

    def __enter__(self):
        self.open_port()
        return self

    def __exit__(self, *_exc_info):
        self.close()

    def close(self):
        """Stop listening, hang up on everybody and let go of the file."""
        self.close_port()
        self._store.close()

    def open_port(self):
        """Listen; a port once found is kept for later."""
        self._listener = socket.create_server((self.host, self.port), backlog=BACKLOG)
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def close_port(self):
        """Stop listening and hang up on everybody."""
        if self._listener is None:
            return
        # wakes the thread that waits in accept()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        self._listener = None
        self.hang_up()

    def hang_up(self):
        """Drop every connection there is (but wait for none that calls this)."""
        with self._lock:
            connections = dict(self._connections)
        for thread, sock in connections.items():
            _shut(sock)
            if thread is not threading.current_thread():
                thread.join()

    def _accept(self):
        while True:
            try:
                sock, _address = self._listener.accept()
            except OSError:  # the listener was shut down
                return
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            with self._lock:
                self._connections[thread] = sock
                thread.start()

    def _serve(self, sock):
        try:
            with sock:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Session(self, sock).run()
        finally:
            with self._lock:
                del self._connections[threading.current_thread()]

    def add(self, data_type, provider, shop_no, text, rec_date=None):
        """Add an export row, as RASO does; return its id."""
        moment = round_datetime(rec_date or self.clock())
        return self._store.insert(
            EXPORT,
            {
                "DataType": data_type,
                "DataProvider": provider,
                "ShopNo": shop_no,
                "SyncData": text,
                "RecDate": moment,
                "EditDate": moment,
            },
        )

    def add_folder(self, folder, rec_date=None):
        """Add the documents that a folder's manifest.json names; return the ids."""
        folder = Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        return [
            self.add(
                entry["DataType"],
                entry["DataProvider"],
                entry["ShopNo"],
                decode_document((folder / entry["file"]).read_bytes()),
                rec_date,
            )
            for entry in manifest
        ]

    def rows(self):
        """Return the export rows as dicts by column name, by id."""
        return self._store.find(EXPORT)

    def imports(self):
        """Return the import rows as dicts by column name, by id."""
        return self._store.find(IMPORT)

    def set_status(self, row_id, status, message=None):
        """Set an export row's status, as RASO's administrator may."""
        self._store.update(
            EXPORT,
            row_id,
            {
                "Status": status,
                "StatusMsg": message,
                "EditDate": round_datetime(self.clock()),
            },
        )

    def purge(self, now=None):
        """Remove rows older than 10 days, those never taken after 14 days."""
        self._store.purge(now or self.clock())

    def recreate(self):
        """Empty the tables; ids start again at 1."""
        self._store.recreate()

    @cached_property
    def tls_context(self):
        """The TLS settings, made when first needed."""
        return make_context()

    def context(self):
        """Return what a procedure works with now."""
        return Context(self._store, round_datetime(self.clock()), self.date_column)

    def record_call(self, name, params):
        """Note a call before it runs."""
        call = Call(name, params)
        self.calls.append(call)
        if self.before_call:
            self.before_call(call)

    def check_login(self, login):
        """Return the errors that a login deserves; none: it may come in."""
        failed = SqlError(18456, f"Login failed for user '{login.user}'.", 14)
        if login.user.lower() != self.user.lower() or login.password != self.password:
            return [failed]
        if login.database.lower() not in ("", self.database.lower()):
            text = (
                f'Cannot open database "{login.database}" requested by the login. '
                "The login failed."
            )
            return [SqlError(4060, text, 11), failed]
        return []


def decode_document(data):
    """Return an XML file as the text that RASO stores, without a BOM."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    data = data.removeprefix(b"\xef\xbb\xbf")
    named = PROLOG_ENCODING.match(data)
    return data.decode(named.group(1).decode() if named else "utf-8")


def _shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError as err:
        _logger.debug("The client was faster to hang up: %s", err)
