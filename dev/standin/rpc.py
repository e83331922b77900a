"""Remote procedure calls (MS-TDS 2.2.6.6 "RPC Request").

Parameters are read in the types that drivers send for Python's and ODBC's text,
whole numbers and times.
"""

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import SqlError, unsupported
from .types import CODE_PAGE, EPOCH

SP_EXECUTESQL = 10
NUMBERED = 0xFFFF
BY_REFERENCE = 0x01
PLP_NULL = 0xFFFFFFFFFFFFFFFF
PLP_SIZE = 0xFFFF

FIXED_INTEGERS = {0x30: 1, 0x32: 1, 0x34: 2, 0x38: 4, 0x7F: 8}
VARIABLE_INTEGERS = {0x26, 0x68}  # INTN, BITN
SINGLE_BYTE_TEXTS = {0xA7, 0xAF}  # BIGVARCHAR, BIGCHAR
DOUBLE_BYTE_TEXTS = {0xE7, 0xEF}  # NVARCHAR, NCHAR
NTEXT = 0x63
DATETIME_FIXED = 0x3D
DATETIMN = 0x6F
DATEN = 0x28
DATETIME2N = 0x2A
DAY_ONE = datetime(1, 1, 1)


@dataclass(frozen=True)
class Request:
    """A call: ``arguments`` are pairs of a name (maybe empty) and a value."""

    procedure: str
    arguments: tuple[tuple[str, object], ...]


def skip_headers(data):
    """Return what follows the ALL_HEADERS of a request (since TDS 7.2)."""
    return data[_Reader(data).number("<I") :]


def read_request(data):
    """Read an RPC request without its headers.

    :raise SqlError: it's cut short, or calls or passes something not known here
    """
    reader = _Reader(data)
    length = reader.number("<H")
    if length == NUMBERED:
        number = reader.number("<H")
        if number != SP_EXECUTESQL:
            raise unsupported(f"system procedure number {number}")
        procedure = "sp_executesql"
    else:
        procedure = reader.text(length)
    reader.number("<H")  # options
    arguments = []
    while reader.has_more():
        name = reader.text(reader.number("B"))
        if reader.number("B") & BY_REFERENCE:
            raise unsupported("an output parameter")
        arguments.append((name.removeprefix("@"), _read_value(reader)))
    return Request(procedure, tuple(arguments))


def _read_value(reader):
    kind = reader.number("B")
    if kind in FIXED_INTEGERS:
        return _integer(reader.take(FIXED_INTEGERS[kind]))
    if kind in VARIABLE_INTEGERS:
        reader.number("B")
        return _integer(reader.take(reader.number("B")))
    if kind in SINGLE_BYTE_TEXTS:
        return _decode(_read_characters(reader), CODE_PAGE)
    if kind in DOUBLE_BYTE_TEXTS:
        return _decode(_read_characters(reader), "utf-16-le")
    if kind == NTEXT:
        return _read_ntext(reader)
    if kind == DATETIME_FIXED:
        return _datetime(reader.take(8))
    if kind == DATETIMN:
        reader.number("B")
        return _datetime(reader.take(reader.number("B")))
    if kind == DATEN:
        return _date(reader.take(reader.number("B")))
    if kind == DATETIME2N:
        return _datetime2(reader)
    raise unsupported(f"a parameter of data type 0x{kind:02X}")


def _read_characters(reader):
    size = reader.number("<H")
    reader.take(5)  # collation
    if size == PLP_SIZE:
        return _read_plp(reader)
    length = reader.number("<H")
    return None if length == PLP_SIZE else reader.take(length)


def _read_plp(reader):
    if reader.number("<Q") == PLP_NULL:
        return None
    chunks = []
    while length := reader.number("<I"):
        chunks.append(reader.take(length))
    return b"".join(chunks)


def _read_ntext(reader):
    reader.number("<I")
    reader.take(5)  # collation
    length = reader.number("<i")
    return None if length < 0 else _decode(reader.take(length), "utf-16-le")


def _decode(data, encoding):
    return None if data is None else data.decode(encoding, "replace")


def _integer(data):
    if not data:
        return None
    return int.from_bytes(data, "little", signed=len(data) > 1)


def _datetime(data):
    if not data:
        return None
    if len(data) != 8:
        raise unsupported("a smalldatetime parameter")
    days, ticks = struct.unpack("<iI", data)
    return EPOCH + timedelta(days=days, milliseconds=(ticks * 10 + 1) // 3)


def _date(data):
    if not data:
        return None
    return DAY_ONE + timedelta(days=int.from_bytes(data, "little"))


def _datetime2(reader):
    scale = reader.number("B")
    data = reader.take(reader.number("B"))
    if not data:
        return None
    ticks = int.from_bytes(data[:-3], "little")
    time = timedelta(microseconds=ticks * 10**6 // 10**scale)
    return _date(data[-3:]) + time


class _Reader:
    def __init__(self, data):
        self._data = data
        self._position = 0

    def has_more(self):
        return self._position < len(self._data)

    def number(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def take(self, size):
        data = self._data[self._position : self._position + size]
        if len(data) < size:
            raise SqlError(8009, "The incoming request stream is cut short.")
        self._position += size
        return data

    def text(self, length):
        return self.take(2 * length).decode("utf-16-le")
