"""The server's answers (MS-TDS 2.2.7 "Packet Data Token Stream Definition")."""

import struct

from .types import COLLATION

ENVCHANGE_TOKEN = 0xE3
ERROR_TOKEN = 0xAA
INFO_TOKEN = 0xAB
LOGINACK_TOKEN = 0xAD
COLMETADATA_TOKEN = 0x81
ROW_TOKEN = 0xD1
RETURNSTATUS_TOKEN = 0x79
DONE = 0xFD
DONE_PROC = 0xFE
DONE_IN_PROC = 0xFF

DONE_MORE = 0x01
DONE_ERROR = 0x02
DONE_COUNT = 0x10
DONE_ATTENTION = 0x20

ENV_DATABASE = 1
ENV_LANGUAGE = 2
ENV_PACKET_SIZE = 4
ENV_COLLATION = 7
ENV_BEGIN = 8
ENV_COMMIT = 9
ENV_ROLLBACK = 10

TDS_7_2 = 0x72090002
SERVER_NAME = "STANDIN"
PROGRAM_NAME = "Microsoft SQL Server"
NULLABLE = 0x01


class Answer:
    """A token stream under construction."""

    def __init__(self, tds_version=TDS_7_2):
        old = tds_version < TDS_7_2
        self._line_format = "<H" if old else "<I"
        self._count_format = "<BHHI" if old else "<BHHQ"
        self._data = bytearray()

    def to_bytes(self):
        """Return the stream."""
        return bytes(self._data)

    def error(self, error):
        """Add an ERROR token that tells of a ``SqlError``."""
        self._message(ERROR_TOKEN, error.number, error.severity, error.text)

    def info(self, number, text):
        """Add an INFO token."""
        self._message(INFO_TOKEN, number, 0, text)

    def _message(self, token, number, severity, text):
        body = (
            struct.pack("<IBB", number, 1, severity)
            + _long_text(text)
            + _short_text(SERVER_NAME)
            + _short_text("")
            + struct.pack(self._line_format, 1)
        )
        self._sized(token, body)

    def change_text(self, kind, new, old=""):
        """Add an ENVCHANGE token whose values are texts."""
        self._sized(
            ENVCHANGE_TOKEN, bytes((kind,)) + _short_text(new) + _short_text(old)
        )

    def change_bytes(self, kind, new=b"", old=b""):
        """Add an ENVCHANGE token whose values are bytes."""
        body = bytes((kind, len(new))) + new + bytes((len(old),)) + old
        self._sized(ENVCHANGE_TOKEN, body)

    def login(self, login, database):
        """Add everything that follows a good login."""
        self.change_text(ENV_DATABASE, database, "master")
        self.info(5701, f"Changed database context to '{database}'.")
        self.change_bytes(ENV_COLLATION, COLLATION)
        self.change_text(ENV_LANGUAGE, "us_english")
        self.info(5703, "Changed language setting to us_english.")
        body = (
            struct.pack(">BI", 1, login.tds_version)
            + _short_text(PROGRAM_NAME)
            + bytes((15, 0, 0x07, 0xD0))
        )
        self._sized(LOGINACK_TOKEN, body)
        size = str(login.packet_size)
        self.change_text(ENV_PACKET_SIZE, size, "4096")
        self.done()

    def rows(self, columns, rows):
        """Add a result set; ``rows`` are dicts by the names of ``columns``."""
        self._data += struct.pack("<BH", COLMETADATA_TOKEN, len(columns))
        for column in columns:
            self._data += struct.pack("<IH", 0, NULLABLE)
            self._data += column.type.describe() + _short_text(column.name)
        for row in rows:
            self._data.append(ROW_TOKEN)
            for column in columns:
                self._data += column.type.encode(row[column.name])

    def return_status(self, value=0):
        """Add what a procedure returns."""
        self._data += struct.pack("<Bi", RETURNSTATUS_TOKEN, value)

    def done(self, token=DONE, status=0, count=None):
        """Add a DONE, DONEPROC or DONEINPROC token."""
        if count is not None:
            status |= DONE_COUNT
        self._data += struct.pack(self._count_format, token, status, 0, count or 0)

    def _sized(self, token, body):
        self._data += struct.pack("<BH", token, len(body)) + body


def _short_text(text):
    return bytes((len(text),)) + text.encode("utf-16-le")


def _long_text(text):
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")
