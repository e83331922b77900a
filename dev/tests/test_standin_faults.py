"""The stand-in told to misbehave, and what the real driver makes of it."""

import socket
import time

import pymssql
import pytest

from dev.standin import LIST, UPDATE, VIEW, Standin

from .standin_client import call, connect, fail_number

STATUS = {"SyncDataExportId": 1, "Status": 2}
WAIT = 0.3


@pytest.fixture
def server():
    with Standin() as standin:
        for text in ("a" * 50_000, "b"):
            standin.add(0, "KVITAS", "01", text)
        yield standin


@pytest.fixture
def client(server):
    connection = connect(server)
    yield connection
    connection.close()


def works(server):
    with connect(server) as client:
        return len(call(client, "usp_SyncDataExport_rp")) == 2


def test_closed_port(server, client):
    port = server.port
    server.close_port()
    with pytest.raises(pymssql.OperationalError):
        connect(server)
    with pytest.raises(pymssql.Error):
        call(client, "usp_SyncDataExport_rp")
    server.open_port()
    assert server.port == port
    assert works(server)


def test_refused_connections(server):
    server.faults.refuse(times=1)
    with pytest.raises(pymssql.OperationalError):
        connect(server)
    assert works(server)


def test_refused_until_cleared(server):
    server.faults.refuse()
    for _attempt in range(2):
        with pytest.raises(pymssql.OperationalError):
            connect(server)
    server.faults.clear()
    assert works(server)


def test_login_without_an_answer(server):
    server.faults.hang(times=1)
    start = time.monotonic()
    with pytest.raises(pymssql.OperationalError):
        connect(server, login_timeout=1)
    assert time.monotonic() - start >= 0.9
    assert works(server)


def test_hung_clients_block_nobody(server):
    idle = [socket.create_connection((server.host, server.port)) for _ in range(5)]
    assert works(server)
    for sock in idle:
        sock.close()


@pytest.mark.parametrize("after", [0, 5, 3000, 20_000])
@pytest.mark.parametrize("encryption", ["off", "require"])
def test_line_dropped_in_an_answer(server, after, encryption):
    server.faults.drop(after=after, procedure=VIEW.name)
    client = connect(server, encryption=encryption)
    assert len(call(client, "usp_SyncDataExport_rp")) == 2
    with pytest.raises(pymssql.Error):
        call(client, "usp_SyncDataExport_v")
    assert works(server)


def test_line_dropped_after_the_update(server, client):
    server.faults.drop(procedure=UPDATE.name)
    with pytest.raises(pymssql.Error):
        call(client, "usp_SyncDataExport_u", **STATUS)
    assert server.rows()[0]["Status"] == 2


def test_late_answer(server, client):
    server.faults.late(WAIT, procedure=LIST.name)
    start = time.monotonic()
    assert len(call(client, "usp_SyncDataExport_rp")) == 2
    assert time.monotonic() - start >= WAIT
    assert len(call(client, "usp_SyncDataExport_rp")) == 2
    assert time.monotonic() - start < 2 * WAIT


def test_answer_later_than_the_client_waits(server):
    server.faults.late(60, procedure=UPDATE.name)
    client = connect(server, timeout=1)
    with pytest.raises(pymssql.Error, match="timed out"):
        call(client, "usp_SyncDataExport_u", **STATUS)
    assert server.rows()[0]["Status"] == 2
    assert works(server)


def test_failed_update(server, client):
    server.faults.fail(times=2)
    for _attempt in range(2):
        with pytest.raises(pymssql.Error) as caught:
            call(client, "usp_SyncDataExport_u", **STATUS)
        assert fail_number(caught) == 1205
    assert server.rows()[0]["Status"] == 0
    call(client, "usp_SyncDataExport_u", **STATUS)
    assert server.rows()[0]["Status"] == 2


def test_failure_with_words_of_choice(server, client):
    server.faults.fail(LIST.name, number=50123, text="Vyksta priežiūra")
    with pytest.raises(pymssql.Error, match="Vyksta prie") as caught:
        call(client, "usp_SyncDataExport_rp")
    assert fail_number(caught) == 50123


def test_row_shown_twice(server, client):
    server.faults.repeat()
    rows = call(client, "usp_SyncDataExport_rp")
    assert [row["SyncDataExportId"] for row in rows] == [1, 1, 2]
    assert len(call(client, "usp_SyncDataExport_rp")) == 2


def test_hook_runs_before_the_call(server, client):
    statuses = []
    server.before_call = lambda _call: statuses.append(server.rows()[0]["Status"])
    call(client, "usp_SyncDataExport_u", **STATUS)
    assert statuses == [0]
    assert server.rows()[0]["Status"] == 2


def test_hook_may_cut_the_line(server, client):
    server.before_call = lambda _call: server.hang_up()
    with pytest.raises(pymssql.Error):
        call(client, "usp_SyncDataExport_u", **STATUS)
    server.before_call = None
    assert works(server)
