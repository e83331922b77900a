"""Logins, encryption and transactions of the stand-in, with pymssql."""

import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pymssql
import pytest
from pymssql import _mssql

from dev.standin import Standin

from .standin_client import call, connect, fail_number

UPDATE = {"SyncDataExportId": 1, "Status": 2}


@pytest.fixture
def server():
    with Standin() as standin:
        standin.add(0, "KVITAS", "01", "ąž" * 20_000)
        yield standin


def refusal(server, **changes):
    """Return the error number of a login that fails.

    After a first failure in a process pymssql leaves out what the server says of
    the next ones: for the text, see ``run_in_new_process``.
    """
    with pytest.raises(pymssql.OperationalError) as caught:
        connect(server, **changes)
    return caught.value.args[0][0]


@contextmanager
def overheard(server):
    """Give an address that leads to the server, and all bytes that pass there."""
    passed = bytearray()
    with socket.create_server((server.host, 0)) as listener:

        def carry(source, target):
            while data := source.recv(65536):
                passed.extend(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

        def relay():
            near, _address = listener.accept()
            far = socket.create_connection((server.host, server.port))
            with near, far:
                answers = threading.Thread(target=carry, args=(far, near))
                answers.start()
                carry(near, far)
                answers.join()

        thread = threading.Thread(target=relay)
        thread.start()
        yield str(listener.getsockname()[1]), passed
        thread.join()


@pytest.mark.parametrize(
    ("wanted", "login_seen", "text_seen"),
    [("off", True, True), ("request", False, True), ("require", False, False)],
)
def test_encryption_as_the_client_likes(server, wanted, login_seen, text_seen):
    with overheard(server) as (port, passed):
        client = connect(server, encryption=wanted, port=port)
        (row,) = call(client, "usp_SyncDataExport_v")
        client.close()
    assert row["SyncData"] == "ąž" * 20_000
    assert ("raso".encode("utf-16-le") in passed) == login_seen
    assert (("ąž" * 100).encode("utf-16-le") in passed) == text_seen


def test_server_without_encryption():
    with Standin(encryption="none") as server:
        for wanted in ("off", "request"):
            with connect(server, encryption=wanted) as client:
                assert call(client, "usp_SyncDataExport_rp") == []
        refusal(server, encryption="require")


def test_server_that_insists_on_encryption():
    with Standin(encryption="required") as server:
        for wanted in ("off", "request", "require"):
            with overheard(server) as (port, passed):
                client = connect(server, encryption=wanted, port=port)
                assert call(client, "usp_SyncDataExport_rp") == []
                client.close()
            assert "SyncDataExportId".encode("utf-16-le") not in passed


@pytest.mark.parametrize("password", ["", "Raso", "raso ", "ą"])
def test_wrong_password(server, password):
    assert refusal(server, password=password) == 18456


def test_wrong_user(server):
    assert refusal(server, user="sa") == 18456


def test_password_of_any_letters():
    with Standin(password="Šąž€;'😀 =") as server, connect(server) as client:
        assert call(client, "usp_SyncDataExport_rp") == []


def test_unknown_database(server):
    assert refusal(server, database="MS3_OTHER") == 18456


def test_what_a_refused_client_is_told(server):
    wrong = [{"password": "?"}, {"database": "MS3_OTHER"}, {"tds_version": "7.1"}]
    texts = []
    for changes in wrong:
        script = f"connect(address, **{changes})"
        texts.append(run_in_new_process(server, script))
    assert "(18456, b\"Login failed for user 'raso'." in texts[0]
    assert "(18456, b\"Login failed for user 'raso'." in texts[1]
    assert "The RASO stand-in can't answer this: TDS before 7.2" in texts[2]


def run_in_new_process(server, script):
    """Run a line that fails with a ``connect`` to ``address``; return what's said."""
    address = {
        name: getattr(server, name)
        for name in ("host", "port", "user", "password", "database")
    }
    lines = [
        "from types import SimpleNamespace",
        "from dev.tests.standin_client import connect",
        f"address = SimpleNamespace(**{address})",
        script,
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True
    )
    assert done.returncode == 1
    return done.stderr


def test_database_chosen_after_the_login(server):
    with connect(server, database="") as client, client.cursor() as cursor:
        with pytest.raises(pymssql.Error) as caught:
            call(client, "usp_SyncDataExport_rp")
        assert fail_number(caught) == 2812
        with pytest.raises(pymssql.Error) as caught:
            cursor.execute("USE MS3_OTHER")
        assert fail_number(caught) == 911
        cursor.execute(f"USE {server.database}")
        assert len(call(client, "usp_SyncDataExport_rp")) == 1


@pytest.mark.parametrize("version", ["7.2", "7.3", "7.4"])
def test_protocol_versions(server, version):
    with connect(server, tds_version=version) as client:
        assert len(call(client, "usp_SyncDataExport_rp")) == 1


def test_uncommitted_update_is_lost(server):
    with connect(server, autocommit=False) as client:
        call(client, "usp_SyncDataExport_u", **UPDATE)
        assert server.rows()[0]["Status"] == 2
    server.hang_up()
    assert server.rows()[0]["Status"] == 0


def test_commit_and_roll_back(server):
    before = server.rows()
    with connect(server, autocommit=False) as client:
        call(client, "usp_SyncDataExport_u", **UPDATE)
        call(client, "usp_SyncDataImport_i", DataType=3, DataProvider="x", SyncData="y")
        client.rollback()
        assert (server.rows(), server.imports()) == (before, [])
        call(client, "usp_SyncDataExport_u", **UPDATE)
        client.commit()
    server.hang_up()
    assert server.rows()[0]["Status"] == 2


def test_transaction_end_without_begin(server):
    with connect(server) as client, client.cursor() as cursor:
        for number, statement in ((3902, "COMMIT TRAN"), (3903, "ROLLBACK")):
            with pytest.raises(pymssql.Error) as caught:
                cursor.execute(statement)
            assert fail_number(caught) == number


def test_many_clients_at_once(server):
    for _number in range(20):
        server.add(0, "KVITAS", "01", "x" * 10_000)
    idle = [connect(server) for _number in range(20)]
    taken = []

    def work(row_id):
        with connect(server) as client:
            rows = call(
                client, "usp_SyncDataExport_u", SyncDataExportId=row_id, Status=2
            )
            taken.append(rows[0]["SyncDataExportId"])

    threads = [threading.Thread(target=work, args=(row_id,)) for row_id in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 21))
    for client in idle:
        assert len(call(client, "usp_SyncDataExport_rp", Status=0)) == 1
        client.close()


def test_remote_procedure_call(server):
    with connect(server) as client:
        procedure = client._conn.init_procedure("ie.usp_SyncDataExport_u")
        procedure.bind(1, _mssql.SQLINT4, "@SyncDataExportId")
        procedure.bind(3, _mssql.SQLINT2, "@Status")
        procedure.bind("klaida", _mssql.SQLVARCHAR, "@StatusMsg")
        assert procedure.execute() == 0
    row = server.rows()[0]
    assert (row["Status"], row["StatusMsg"]) == (3, "klaida")


def test_positional_call_is_refused(server):
    with connect(server) as client, client.cursor() as cursor:
        with pytest.raises(pymssql.Error) as caught:
            cursor.callproc("ie.usp_SyncDataExport_u", (1, 2))
        assert fail_number(caught) == 119
    assert server.rows()[0]["Status"] == 0
