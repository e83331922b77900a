"""What a client says of itself before its first request.

MS-TDS 2.2.6.5 "PRELOGIN" and 2.2.6.4 "LOGIN7".
"""

import struct
from dataclasses import dataclass

from .errors import WireError

VERSION, ENCRYPTION, INSTANCE, THREAD, MARS = range(5)
TERMINATOR = 0xFF
SERVER_VERSION = bytes((15, 0, 0x07, 0xD0, 0, 0))  # 15.0.2000

ENCRYPT_OFF = 0  # the login only
ENCRYPT_ON = 1
ENCRYPT_NOT_SUPPORTED = 2
ENCRYPT_REQUIRED = 3

LOGIN_FIXED = struct.Struct("<IIIIIIBBBBii")
LOGIN_PLACES = struct.Struct("<HH")


def read_encryption(prelogin):
    """Return the ENCRYPTION option of a client's PRELOGIN message."""
    position = 0
    while position < len(prelogin) and prelogin[position] != TERMINATOR:
        option, offset, length = struct.unpack_from(">BHH", prelogin, position)
        if option == ENCRYPTION and length == 1:
            return prelogin[offset]
        position += 5
    raise WireError("The PRELOGIN message says nothing of encryption")


def agree_encryption(client, server):
    """Return the answer to the client's ENCRYPTION option.

    ``server`` is the stand-in's setting: "none" (it can't), "on" (as the client
    likes) or "required".
    """
    if server == "none":
        return ENCRYPT_NOT_SUPPORTED
    if client in (ENCRYPT_ON, ENCRYPT_REQUIRED):
        return ENCRYPT_ON
    return ENCRYPT_REQUIRED if server == "required" else client


def build_prelogin(encryption):
    """Return the stand-in's PRELOGIN message."""
    values = {
        VERSION: SERVER_VERSION,
        ENCRYPTION: bytes((encryption,)),
        INSTANCE: b"\0",
        THREAD: b"",
        MARS: b"\0",
    }
    offset = 5 * len(values) + 1
    head = b""
    for option, value in values.items():
        head += struct.pack(">BHH", option, offset, len(value))
        offset += len(value)
    return head + bytes((TERMINATOR,)) + b"".join(values.values())


@dataclass(frozen=True)
class Login:
    """A LOGIN7 message; ``tds_version`` is as 0x74000004, a text may be empty."""

    tds_version: int
    packet_size: int
    user: str
    password: str
    database: str


def read_login(data):
    """Read a LOGIN7 message. :raise WireError: it's cut short"""
    try:
        _length, tds_version, packet_size, *_rest = LOGIN_FIXED.unpack_from(data)
        places = [
            LOGIN_PLACES.unpack_from(data, LOGIN_FIXED.size + 4 * index)
            for index in range(9)
        ]
    except struct.error as err:
        raise WireError("The LOGIN7 message is too short") from err
    fields = [data[start : start + 2 * length] for start, length in places]
    return Login(
        tds_version=tds_version,
        packet_size=packet_size,
        user=fields[1].decode("utf-16-le"),
        password=reveal_password(fields[2]),
        database=fields[8].decode("utf-16-le"),
    )


def reveal_password(hidden):
    """Undo what LOGIN7 does to a password: nibbles swapped, then XOR 0xA5."""
    mixed = (byte ^ 0xA5 for byte in hidden)
    plain = bytes((byte << 4 | byte >> 4) & 0xFF for byte in mixed)
    return plain.decode("utf-16-le")
