"""One client's connection, from its PRELOGIN message to its end.

MS-TDS 3.3.5 "Server Details: Message Processing Events and Sequencing Rules".
"""

import logging
import struct
from dataclasses import replace

from . import faults, login, rpc, sql, tds, tokens
from .errors import Disconnected, SqlError, WireError, unsupported
from .procedures import find_procedure
from .tls import TlsLayer

_logger = logging.getLogger(__name__)

NEWEST_TDS = 0x74000004
MASTER = "master"  # where a login that names no database arrives
SMALLEST_PACKET, LARGEST_PACKET = 512, 32767
TRANSACTION = struct.pack("<Q", 1)
TM_BEGIN, TM_COMMIT, TM_ROLLBACK = 5, 7, 8
TM_VERBS = {TM_BEGIN: "BEGIN", TM_COMMIT: "COMMIT", TM_ROLLBACK: "ROLLBACK"}


class Session:
    """Speaks with one client; ``server`` is the ``Standin``."""

    def __init__(self, server, sock):
        self._server = server
        self._channel = tds.Channel(sock)
        self._version = NEWEST_TDS
        self._depth = 0
        self._undo = []
        self._last_called = None
        self._database = MASTER

    def run(self):
        """Serve the client until either side hangs up."""
        try:
            if self._server.faults.take(faults.REFUSE):
                return
            if self._server.faults.take(faults.HANG):
                self._channel.ignore_client()
            self._agree()
            if self._log_in():
                self._serve()
        except Disconnected as err:
            _logger.debug("Connection ended: %s", err)
        except WireError as err:
            _logger.error("Connection closed: %s", err)
        finally:
            self._roll_back()

    def _agree(self):
        kind, data = self._channel.read_message()
        if kind != tds.PRELOGIN:
            raise WireError(f"PRELOGIN expected, message of type 0x{kind:02X} came")
        wanted = login.read_encryption(data)
        self._encryption = login.agree_encryption(wanted, self._server.encryption)
        self._channel.write_message(login.build_prelogin(self._encryption))
        if self._encryption != login.ENCRYPT_NOT_SUPPORTED:
            context = self._server.tls_context
            self._channel.tls = TlsLayer(context, self._channel)

    def _log_in(self):
        kind, data = self._channel.read_message()
        if kind != tds.LOGIN7:
            raise WireError(f"LOGIN7 expected, message of type 0x{kind:02X} came")
        if self._encryption == login.ENCRYPT_OFF:
            self._channel.tls = None
        asked = login.read_login(data)
        self._version = min(asked.tds_version, NEWEST_TDS)
        answer = tokens.Answer(self._version)
        errors = self._server.check_login(asked)
        if asked.tds_version < tokens.TDS_7_2:
            errors = [unsupported("TDS before 7.2")]
        size = min(max(asked.packet_size, SMALLEST_PACKET), LARGEST_PACKET)
        if errors:
            for error in errors:
                answer.error(error)
            answer.done(status=tokens.DONE_ERROR)
        else:
            asked = replace(asked, tds_version=self._version, packet_size=size)
            if asked.database:
                self._database = self._server.database
            answer.login(asked, self._database)
        self._channel.write_message(answer.to_bytes())
        self._channel.packet_size = size
        return not errors

    def _serve(self):
        while True:
            kind, data = self._channel.read_message()
            answer = tokens.Answer(self._version)
            self._last_called = None
            try:
                self._handle(kind, data, answer)
            except SqlError as error:
                answer.error(error)
                final = tokens.DONE_PROC if kind == tds.RPC else tokens.DONE
                answer.done(final, tokens.DONE_ERROR)
            self._reply(answer)

    def _handle(self, kind, data, answer):
        if kind == tds.ATTENTION:
            answer.done(status=tokens.DONE_ATTENTION)
        elif kind == tds.SQL_BATCH:
            text = rpc.skip_headers(data).decode("utf-16-le", "replace")
            self._run_batch(sql.parse_batch(text), answer)
        elif kind == tds.RPC:
            self._run_rpc(rpc.read_request(rpc.skip_headers(data)), answer)
        elif kind == tds.TRANSACTION_MANAGER:
            self._run_transaction_request(rpc.skip_headers(data), answer)
        else:
            raise unsupported(f"a message of type 0x{kind:02X}")

    def _run_batch(self, statements, answer):
        for position, statement in enumerate(statements, 1):
            more = tokens.DONE_MORE if position < len(statements) else 0
            self._run_statement(statement, answer, more)
        if not statements:
            answer.done()

    def _run_statement(self, statement, answer, more):
        if isinstance(statement, sql.Execute):
            self._call(statement.procedure, statement.arguments, answer)
            answer.done(tokens.DONE_PROC, more)
            return
        if isinstance(statement, sql.Transaction):
            self._change_transaction(statement.verb, answer)
        if isinstance(statement, sql.Use):
            self._use(statement.database, answer)
        answer.done(status=more)

    def _run_rpc(self, request, answer):
        if request.procedure.lower() == "sp_executesql":
            self._run_batch(_read_executesql(request.arguments), answer)
            return
        if any(not name for name, _value in request.arguments):
            raise SqlError(119, "Parameters must be passed by name.", 15)
        self._call(request.procedure, request.arguments, answer)
        answer.done(tokens.DONE_PROC)

    def _call(self, name, arguments, answer):
        server = self._server
        procedure = find_procedure(name, self._database, server.database)
        values = procedure.bind(arguments)
        self._last_called = procedure.name
        server.record_call(procedure.name, values)
        if fault := server.faults.take(faults.FAIL, procedure.name):
            raise fault.detail
        result = procedure.run(server.context(), procedure.table, values)
        if self._depth and result.undo:
            self._undo.append(result.undo)
        rows = result.rows
        if rows and server.faults.take(faults.REPEAT, procedure.name):
            rows = [rows[0], *rows]
        answer.rows(result.columns, rows)
        more = tokens.DONE_MORE
        answer.done(tokens.DONE_IN_PROC, more, count=len(rows))
        answer.return_status()

    def _use(self, database, answer):
        known = {name.lower(): name for name in (MASTER, self._server.database)}
        if database.lower() not in known:
            text = f"Database '{database}' does not exist. Make sure it is right."
            raise SqlError(911, text)
        before, self._database = self._database, known[database.lower()]
        answer.change_text(tokens.ENV_DATABASE, self._database, before)

    def _run_transaction_request(self, data, answer):
        """MS-TDS 2.2.6.9 "Transaction Manager Request"."""
        number = struct.unpack_from("<H", data)[0]
        verb = TM_VERBS.get(number)
        if verb is None:
            raise unsupported(f"transaction manager request {number}")
        self._change_transaction(verb, answer)
        answer.done()

    def _change_transaction(self, verb, answer):
        if verb == "BEGIN":
            self._depth += 1
            if self._depth == 1:
                answer.change_bytes(tokens.ENV_BEGIN, new=TRANSACTION)
            return
        if not self._depth:
            number = 3902 if verb == "COMMIT" else 3903
            text = f"The {verb} TRANSACTION request has no corresponding BEGIN."
            raise SqlError(number, text)
        if verb == "ROLLBACK":
            self._roll_back()
            answer.change_bytes(tokens.ENV_ROLLBACK, old=TRANSACTION)
            return
        self._depth -= 1
        if not self._depth:
            self._undo.clear()
            answer.change_bytes(tokens.ENV_COMMIT, old=TRANSACTION)

    def _roll_back(self):
        while self._undo:
            self._undo.pop()()
        self._depth = 0

    def _reply(self, answer):
        only = None
        if name := self._last_called:
            late = self._server.faults.take(faults.LATE, name)
            if late and self._channel.hears_client_within(late.detail):
                return  # it gave up: its cancellation is answered next
            if drop := self._server.faults.take(faults.DROP, name):
                only = drop.detail
        self._channel.write_message(answer.to_bytes(), only=only)


def _read_executesql(arguments):
    """Return the statements of sp_executesql @stmt, @params, @name = value, ..."""
    if not arguments:
        raise unsupported("sp_executesql without a statement")
    variables = {f"@{name}".lower(): value for name, value in arguments[2:]}
    return sql.parse_batch(arguments[0][1], variables)
