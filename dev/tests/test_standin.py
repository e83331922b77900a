"""The stand-in's tables and procedures, as pymssql sees them."""

from datetime import datetime, timedelta

import pymssql
import pytest

from dev.standin import Standin

from .standin_client import call, connect, fail_number

NOW = datetime(2026, 11, 24, 6, 0)
LETTERS = "Žąsų „šienapjūtė“ 'ėjo' € 😀 ''"


@pytest.fixture
def server():
    with Standin(clock=lambda: NOW) as standin:
        yield standin


@pytest.fixture
def client(server):
    connection = connect(server)
    yield connection
    connection.close()


def listed(client, **filters):
    rows = call(client, "usp_SyncDataExport_rp", **filters)
    return [row["SyncDataExportId"] for row in rows]


def test_whole_row(server, client):
    moment = datetime(2026, 11, 23, 21, 5, 7, 123000)
    row_id = server.add(0, "KVITAS", "01", LETTERS, moment)
    assert call(client, "usp_SyncDataExport_v", SyncDataExportId=row_id) == [
        {
            "SyncDataExportId": 1,
            "DataType": 0,
            "DataProvider": "KVITAS",
            "ShopNo": "01",
            "SyncData": LETTERS,
            "Status": 0,
            "StatusMsg": None,
            "RecDate": moment,
            "EditDate": moment,
        }
    ]


@pytest.mark.parametrize("text", [None, "", " ", "a\r\nb", "\0", "x" * 8001])
def test_text_comes_as_it_is(server, client, text):
    server.add(0, "KVITAS", "01", text)
    (row,) = call(client, "usp_SyncDataExport_v")
    assert row["SyncData"] == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 251, "x" * 251),
        ("x" * 252, "x" * 251 + "..."),
        ("ž" * 300, "ž" * 251 + "..."),
        ("😀" * 125 + "xy", "😀" * 125 + "x..."),
        # cut in the middle of a letter of two UTF-16 units
        ("😀" * 126, "😀" * 125 + "?..."),
        (None, None),
    ],
)
def test_list_is_cut(server, client, text, shown):
    server.add(0, "KVITAS", "01", text)
    (row,) = call(client, "usp_SyncDataExport_rp")
    assert row["SyncData"] == shown


def test_list_filters(server, client):
    for kind, provider in [(0, "KVITAS"), (0, "RIVILE"), (5, ""), (3, "KVITAS")]:
        server.add(kind, provider, "01", f"<d t='{kind}'/>")
    server.set_status(4, 2, "taken")
    assert listed(client) == [1, 2, 3, 4]
    assert listed(client, DataProvider="kvitas ") == [1, 4]
    assert listed(client, DataType=0, DataProvider="KVITAS") == [1]
    assert listed(client, DataType=5) == [3]
    assert listed(client, Status=0) == [1, 2, 3]
    assert listed(client, Status=None, DataString="t='3'") == [4]
    assert listed(client, DataType=6) == []


def test_list_by_date_includes_both_ends(server, client):
    for hour in (1, 2, 3):
        server.add(0, "KVITAS", "01", "", datetime(2026, 11, 23, hour))
    first, last = datetime(2026, 11, 23, 2), datetime(2026, 11, 23, 3)
    assert listed(client, DateFrom=first) == [2, 3]
    assert listed(client, DateTo=first) == [1, 2]
    assert listed(client, DateFrom=first, DateTo=last) == [2, 3]
    assert listed(client, DateFrom=last + timedelta(milliseconds=4)) == []


def test_dates_may_mean_the_edit_date(server, client):
    server.add(0, "KVITAS", "01", "", datetime(2026, 11, 20))
    server.set_status(1, 0)
    assert listed(client, DateFrom=NOW) == []
    server.date_column = "EditDate"
    assert listed(client, DateFrom=NOW) == [1]


def test_update_returns_the_row(server, client):
    server.add(0, "KVITAS", "01", "<a/>" * 100, datetime(2026, 11, 20))
    (row,) = call(
        client,
        "usp_SyncDataExport_u",
        SyncDataExportId=1,
        Status=3,
        StatusMsg="Čekis 'a' 🙂",
    )
    assert (row["Status"], row["StatusMsg"]) == (3, "Čekis 'a' ?")
    assert (row["RecDate"], row["EditDate"]) == (datetime(2026, 11, 20), NOW)
    assert row["SyncData"] == "<a/>" * 100
    assert [row] == server.rows()


def test_update_without_message_empties_it(server, client):
    server.add(0, "KVITAS", "01", "")
    server.set_status(1, 2, "taken")
    call(client, "usp_SyncDataExport_u", SyncDataExportId=1, Status=1)
    assert server.rows()[0]["StatusMsg"] is None


def test_update_of_nothing(client):
    assert call(client, "usp_SyncDataExport_u", SyncDataExportId=7, Status=1) == []


@pytest.mark.parametrize(
    ("number", "statement"),
    [
        (2812, "EXEC ie.usp_Other"),
        (2812, "EXEC usp_SyncDataExport_rp"),
        (201, "EXEC ie.usp_SyncDataExport_u @SyncDataExportId=1"),
        (201, "EXEC ie.usp_SyncDataExport_u @SyncDataExportId=1, @Status=DEFAULT"),
        (8145, "EXEC ie.usp_SyncDataExport_rp @ShopNo=N'01'"),
        (8143, "EXEC ie.usp_SyncDataExport_rp @Status=0, @status=0"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @Status=N'new'"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @Status=40000"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @Status=1.5"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @DateFrom='2026-02-30'"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @DateFrom='2026-11-23T10:00:00.123456'"),
        (8114, "EXEC ie.usp_SyncDataExport_rp @DataProvider=0x00"),
        (547, "EXEC ie.usp_SyncDataExport_u @SyncDataExportId=1, @Status=5"),
        (119, "EXEC ie.usp_SyncDataExport_rp N'2026-11-23'"),
        (102, "EXEC ie.usp_SyncDataExport_rp @Status=0,"),
        (102, "EXEC ie.usp_SyncDataExport_rp @DataProvider=N'open"),
        (137, "EXEC ie.usp_SyncDataExport_rp @Status=@wanted"),
        (229, "SELECT * FROM ie.SyncDataExport"),
        (229, "UPDATE [ie].[SyncDataExport] SET Status = 1"),
        (50000, "SELECT @@VERSION"),
        (50000, "SET ROWCOUNT 1"),
        (911, "USE MS3_OTHER"),
    ],
)
def test_refusals(server, client, number, statement):
    server.add(0, "KVITAS", "01", "")
    before = server.rows()
    with pytest.raises(pymssql.Error) as caught, client.cursor() as cursor:
        cursor.execute(statement)
    assert fail_number(caught) == number
    assert listed(client) == [1]
    assert server.rows() == before


def test_long_message_is_refused(server, client):
    server.add(0, "KVITAS", "01", "")
    update = {"SyncDataExportId": 1, "Status": 3}
    call(client, "usp_SyncDataExport_u", **update, StatusMsg="ž" * 1024)
    with pytest.raises(pymssql.Error) as caught:
        call(client, "usp_SyncDataExport_u", **update, StatusMsg="ž" * 1025)
    assert fail_number(caught) == 8152
    assert server.rows()[0]["StatusMsg"] == "ž" * 1024


def test_large_document_both_ways(server, client):
    text = (LETTERS * 200_000)[:5_000_000]
    (row,) = call(
        client,
        "usp_SyncDataImport_i",
        DataType=3,
        DataProvider="KVITAS",
        SyncData=text,
        GroupId=2**40,
        GroupNo=7,
    )
    assert row["SyncData"] == text
    assert (row["SyncDataImportId"], row["Status"]) == (1, 0)
    assert (row["GroupId"], row["GroupNo"], row["GroupState"]) == (2**40, 7, None)
    assert [row] == server.imports()


def test_imports_are_read_and_set(client):
    insert = {"DataProvider": "KVITAS", "SyncData": "<GoodsSync/>"}
    for kind in (3, 4):
        call(client, "usp_SyncDataImport_i", DataType=kind, **insert)
    call(client, "usp_SyncDataImport_u", SyncDataImportId=2, Status=1, StatusMsg="ok")
    (row,) = call(client, "usp_SyncDataImport_v", Status=1)
    assert (row["DataType"], row["StatusMsg"]) == (4, "ok")


def test_purge_by_age_and_status(server):
    ages = {
        1: (timedelta(days=10), 1),
        2: (timedelta(days=10, seconds=1), 2),
        3: (timedelta(days=14), 0),
        4: (timedelta(days=14, seconds=1), 0),
    }
    for row_id, (age, status) in ages.items():
        server.add(0, "KVITAS", "01", "", NOW - age)
        server.set_status(row_id, status)
    server.purge()
    assert [row["SyncDataExportId"] for row in server.rows()] == [1, 3]
    server.purge(NOW + timedelta(days=1))
    assert server.rows() == []
    assert server.add(0, "KVITAS", "01", "") == 5


def test_recreated_tables_count_from_one(server):
    server.add(0, "KVITAS", "01", "a")
    server.recreate()
    assert server.rows() == []
    assert server.add(0, "KVITAS", "01", "b") == 1


def test_calls_are_noted(server, client):
    seen = []
    server.before_call = seen.append
    listed(client, Status=0, DateFrom=NOW)
    (noted,) = server.calls
    assert noted.name == "ie.usp_SyncDataExport_rp"
    assert noted.params == {"Status": 0, "DateFrom": NOW}
    assert seen == [noted]


def test_file_survives_a_restart(tmp_path):
    path = tmp_path / "state.db"
    for expected_id in (1, 2):
        with Standin(path=path) as server:
            assert server.add(0, "KVITAS", "01", LETTERS) == expected_id
    assert [row["SyncData"] for row in read_file(path)] == [LETTERS] * 2


def read_file(path):
    with Standin(path=path) as server:
        return server.rows()


def test_folder_is_read_by_its_encodings(tmp_path):
    prolog = '<?xml version="1.0" encoding="{}"?><a>ąž</a>'
    files = {
        "bom.xml": b"\xef\xbb\xbf" + "<a>ąž</a>".encode(),
        "wide.xml": "<a>ąž</a>".encode("utf-16"),
        "baltic.xml": prolog.format("windows-1257").encode("cp1257"),
        "plain.xml": prolog.format("utf-8").encode(),
    }
    entries = ", ".join(
        f'{{"file": "{name}", "DataType": 0, "DataProvider": "KVITAS", "ShopNo": "01"}}'
        for name in files
    )
    (tmp_path / "manifest.json").write_text(f"[{entries}]")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with Standin() as server:
        assert server.add_folder(tmp_path) == [1, 2, 3, 4]
        texts = [row["SyncData"] for row in server.rows()]
    assert texts[:2] == ["<a>ąž</a>"] * 2
    assert texts[2:] == [prolog.format("windows-1257"), prolog.format("utf-8")]
