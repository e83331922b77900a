"""The stand-in's parts that need no driver."""

import socket
import struct
from datetime import datetime

import pytest

from dev.standin import Standin
from dev.standin.errors import SqlError
from dev.standin.login import agree_encryption
from dev.standin.rpc import read_request
from dev.standin.sql import Execute, parse_batch
from dev.standin.types import DATETIME, SMALLINT, round_datetime, varchar

NULL_TEXT = b"\xff" * 8
COLLATION = bytes(5)


def arguments(text):
    (statement,) = parse_batch(text)
    return dict(statement.arguments)


def test_names_of_procedures():
    assert parse_batch("exec [ie].[usp_x]; EXECUTE ie . usp_y -- last\n") == [
        Execute("[ie].[usp_x]", ()),
        Execute("ie.usp_y", ()),
    ]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("N''", ""),
        ("N'it''s'", "it's"),
        ("N''''", "'"),
        ("N'ė, @b=1; -- no comment'", "ė, @b=1; -- no comment"),
        ("N'日😀'", "日😀"),
        ("'ė日'", "ė?"),
        ("-5", -5),
        ("NULL", None),
        ("0xFF00", b"\xff\x00"),
    ],
)
def test_literals(literal, value):
    assert arguments(f"EXEC p @a = {literal} , @b=2") == {"a": value, "b": 2}


def test_long_literal():
    text = "a'b" * 2_000_000
    literal = text.replace("'", "''")
    assert arguments(f"EXEC p @a=N'{literal}'") == {"a": text}


@pytest.mark.parametrize(
    ("microseconds", "milliseconds"),
    [(1_000, 0), (2_000, 3), (5_000, 7), (6_000, 7), (9_000, 10), (998_000, 997)],
)
def test_datetime_keeps_a_300th(microseconds, milliseconds):
    value = datetime(2026, 11, 23, 1, 2, 3, microseconds)
    assert round_datetime(value).microsecond == milliseconds * 1000


def test_datetime_rounds_into_the_next_day():
    value = datetime(2026, 12, 31, 23, 59, 59, 999_000)
    assert round_datetime(value) == datetime(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20261123", datetime(2026, 11, 23)),
        ("2026-11-23", datetime(2026, 11, 23)),
        ("2026-11-23 04:05", datetime(2026, 11, 23, 4, 5)),
        ("2026-11-23T04:05:06", datetime(2026, 11, 23, 4, 5, 6)),
        ("2026-11-23 04:05:06.5", datetime(2026, 11, 23, 4, 5, 6, 500_000)),
    ],
)
def test_texts_of_dates(text, value):
    assert DATETIME.convert(text) == value


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        (SMALLINT, datetime(2026, 1, 1), 8114),
        (SMALLINT, -32769, 8114),
        (DATETIME, 5, 8114),
        (DATETIME, "23.11.2026", 8114),
        (varchar(2), "abc", 8152),
        (varchar(2), b"ab", 8114),
    ],
)
def test_misfits(kind, value, number):
    with pytest.raises(SqlError) as caught:
        kind.convert(value)
    assert caught.value.number == number


@pytest.mark.parametrize(
    ("client", "server", "answer"),
    [
        (0, "none", 2),
        (1, "none", 2),
        (2, "none", 2),
        (0, "on", 0),
        (1, "on", 1),
        (2, "on", 2),
        (0, "required", 3),
        (1, "required", 1),
        (2, "required", 3),
    ],
)
def test_encryption_is_agreed(client, server, answer):
    assert agree_encryption(client, server) == answer


def wire_text(text):
    return text.encode("utf-16-le")


def rpc_call(*values):
    """Return an RPC request for "p" with parameters @0, @1 ... of these bytes."""
    data = struct.pack("<H", 1) + wire_text("p") + b"\0\0"
    for number, value in enumerate(values):
        data += b"\x02" + wire_text(f"@{number}") + b"\0" + value
    return data


def long_text(*chunks):
    data = b"".join(struct.pack("<I", len(chunk)) + chunk for chunk in chunks)
    return b"\xfe" + b"\xff" * 7 + data + bytes(4)


MAX_TEXT = b"\xe7\xff\xff" + COLLATION


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x26\x04\x04" + struct.pack("<i", -3), -3),
        (b"\x26\x04\x00", None),
        (b"\x34" + struct.pack("<h", -3), -3),
        (b"\x68\x01\x01\x01", 1),
        (MAX_TEXT + long_text(wire_text("ą"), wire_text("😀")), "ą😀"),
        (MAX_TEXT + long_text(), ""),
        (MAX_TEXT + NULL_TEXT, None),
        (b"\xe7\x04\x00" + COLLATION + b"\x02\x00" + wire_text("ž"), "ž"),
        (b"\xe7\x04\x00" + COLLATION + b"\xff\xff", None),
        (b"\xa7\x04\x00" + COLLATION + b"\x01\x00\xe0", "ą"),
        (b"\x63" + bytes(4) + COLLATION + struct.pack("<i", 2) + b"a\0", "a"),
        (b"\x6f\x08\x08" + struct.pack("<iI", 1, 300), datetime(1900, 1, 2, 0, 0, 1)),
        (b"\x3d" + struct.pack("<iI", 0, 1), datetime(1900, 1, 1, 0, 0, 0, 3_000)),
        (b"\x6f\x08\x00", None),
        (b"\x28\x03\x01\x00\x00", datetime(1, 1, 2)),
        (
            b"\x2a\x07\x08" + (10**7).to_bytes(5, "little") + b"\x01\x00\x00",
            datetime(1, 1, 2, 0, 0, 1),
        ),
    ],
)
def test_rpc_parameters(data, value):
    request = read_request(rpc_call(data, b"\x38" + struct.pack("<i", 9)))
    assert request.procedure == "p"
    assert request.arguments == (("0", value), ("1", 9))


@pytest.mark.parametrize(
    ("data", "number"),
    [(b"\x26\x04\x04\x01", 8009), (b"\x6c\x05", 50000), (b"", 8009)],
)
def test_rpc_parameters_that_cannot_be_read(data, number):
    with pytest.raises(SqlError) as caught:
        read_request(rpc_call(data))
    assert caught.value.number == number


def test_bytes_that_are_no_tds_end_the_connection():
    with (
        Standin() as server,
        socket.create_connection((server.host, server.port)) as sock,
    ):
        sock.sendall(b"\x10\x01\x00\x09\x00\x00\x00\x00x")
        assert sock.recv(1) == b""
