"""SQL Server's types, as far as the exchange tables use them.

Each type takes a Python value over (``convert``) and puts it on the wire
(MS-TDS 2.2.5.4 "Data Type Definitions", 2.2.5.5 "Data Type Details").
"""

import re
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from .errors import SqlError

INTN = 0x26
DATETIMN = 0x6F
BIGVARCHAR = 0xA7
NVARCHAR = 0xE7

CODE_PAGE = "cp1257"
COLLATION = bytes.fromhex("2704d00000")  # Lithuanian_CI_AS: LCID 0x0427
MAX_SIZE = 0xFFFF
SHORT_NULL = 0xFFFF
LONG_NULL = b"\xff" * 8
EPOCH = datetime(1900, 1, 1)
# ISO text of a datetime has 3 digits of a second at most
ISO_TEXT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?|\d{8}"
)
SOURCE_NAMES = (
    (str, "nvarchar"),
    (int, "int"),
    (datetime, "datetime"),
    (date, "date"),
    (Decimal, "numeric"),
    (bytes, "varbinary"),
)


def in_code_page(text):
    """Return ``text`` as a varchar keeps it: other alphabets become "?"."""
    return text.encode(CODE_PAGE, "replace").decode(CODE_PAGE)


def round_datetime(value):
    """Return ``value`` to 1/300 s, as datetime keeps it, in milliseconds."""
    start = datetime(value.year, value.month, value.day)
    ticks = _to_ticks(value - start)
    return start + timedelta(milliseconds=(ticks * 10 + 1) // 3)


def _to_ticks(since_midnight):
    microseconds = since_midnight // timedelta(microseconds=1)
    return (microseconds * 3 + 5000) // 10000


@dataclass(frozen=True)
class SqlType:
    """A declared type. NULL fits every one."""

    name: str

    def convert(self, value):
        """Return ``value`` as this type holds it. :raise SqlError: it doesn't fit"""
        return value if value is None else self._convert(value)

    def _convert(self, value):
        raise NotImplementedError

    def _misfit(self, value):
        source = next(name for kind, name in SOURCE_NAMES if isinstance(value, kind))
        return SqlError(8114, f"Error converting data type {source} to {self.name}.")

    def describe(self):
        """Return the TYPE_INFO."""
        raise NotImplementedError

    def encode(self, value):
        """Return the bytes of ``value`` in a ROW."""
        raise NotImplementedError


@dataclass(frozen=True)
class Integer(SqlType):
    """smallint, int or bigint."""

    size: int

    def _convert(self, value):
        if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d+\s*", value):
            value = int(value)
        limit = 1 << (8 * self.size - 1)
        if not isinstance(value, int) or not -limit <= value < limit:
            raise self._misfit(value)
        return value

    def describe(self):
        return bytes((INTN, self.size))

    def encode(self, value):
        if value is None:
            return b"\0"
        return bytes((self.size,)) + value.to_bytes(self.size, "little", signed=True)


@dataclass(frozen=True)
class VarChar(SqlType):
    """Text of one byte a character, at most ``size`` of them."""

    size: int

    def _convert(self, value):
        if not isinstance(value, (str, int)):
            raise self._misfit(value)
        text = in_code_page(str(value))
        if len(text) > self.size:
            raise SqlError(8152, "String or binary data would be truncated.")
        return text

    def describe(self):
        return struct.pack("<BH", BIGVARCHAR, self.size) + COLLATION

    def encode(self, value):
        if value is None:
            return struct.pack("<H", SHORT_NULL)
        data = value.encode(CODE_PAGE)
        return struct.pack("<H", len(data)) + data


@dataclass(frozen=True)
class NVarCharMax(SqlType):
    """Text of any length, sent as PLP (MS-TDS 2.2.5.2.3)."""

    def _convert(self, value):
        if not isinstance(value, (str, int)):
            raise self._misfit(value)
        return str(value)

    def describe(self):
        return struct.pack("<BH", NVARCHAR, MAX_SIZE) + COLLATION

    def encode(self, value):
        if value is None:
            return LONG_NULL
        data = value.encode("utf-16-le", "surrogatepass")
        chunk = struct.pack("<I", len(data)) + data if data else b""
        return struct.pack("<Q", len(data)) + chunk + struct.pack("<I", 0)


@dataclass(frozen=True)
class DateTime(SqlType):
    """datetime: no zone, 1/300 s."""

    def _convert(self, value):
        if isinstance(value, str):
            value = self._read(value)
        if not isinstance(value, datetime):
            if not isinstance(value, date):
                raise self._misfit(value)
            value = datetime(value.year, value.month, value.day)
        return round_datetime(value)

    def _read(self, text):
        text = text.strip()
        if not ISO_TEXT.fullmatch(text):
            raise self._misfit(text)
        try:
            if len(text) == 8:
                return datetime.strptime(text, "%Y%m%d")
            day, _separator, time = text.replace("T", " ").partition(" ")
            whole, _point, fraction = time.partition(".")
            value = datetime.fromisoformat(f"{day} {whole or '00:00'}")
        except ValueError as err:
            raise self._misfit(text) from err
        return value + timedelta(milliseconds=int(fraction.ljust(3, "0")))

    def describe(self):
        return bytes((DATETIMN, 8))

    def encode(self, value):
        if value is None:
            return b"\0"
        midnight = datetime(value.year, value.month, value.day)
        ticks = _to_ticks(value - midnight)
        return struct.pack("<BiI", 8, (midnight - EPOCH).days, ticks)


SMALLINT = Integer("smallint", 2)
INT = Integer("int", 4)
BIGINT = Integer("bigint", 8)
NVARCHAR_MAX = NVarCharMax("nvarchar")
DATETIME = DateTime("datetime")


def varchar(size):
    """Return the type varchar(``size``)."""
    return VarChar("varchar", size)
