"""Packets and messages (MS-TDS 2.2.3 "Packet Data Stream Headers and Data").

A message is one or more packets of one type; the last has the end-of-message bit.
"""

import select
import struct

from .errors import Disconnected, WireError

SQL_BATCH = 0x01
RPC = 0x03
REPLY = 0x04
ATTENTION = 0x06
TRANSACTION_MANAGER = 0x0E
LOGIN7 = 0x10
PRELOGIN = 0x12

HEADER = struct.Struct(">BBHHBB")
END_OF_MESSAGE = 0x01
DEFAULT_PACKET_SIZE = 4096
RECEIVE_SIZE = 65536


class Channel:
    """Messages over one socket, in the clear or through ``tls``."""

    def __init__(self, sock):
        self.sock = sock
        self.tls = None
        self.packet_size = DEFAULT_PACKET_SIZE

    def read_message(self):
        """Return the type and the payload of the client's next message.

        :raise Disconnected: the client has hung up
        """
        parts = []
        while True:
            kind, status, length, _spid, _number, _window = HEADER.unpack(
                self._read(HEADER.size)
            )
            if length < HEADER.size:
                raise WireError(f"A packet of {length} bytes is shorter than a header")
            parts.append(self._read(length - HEADER.size))
            if status & END_OF_MESSAGE:
                return kind, b"".join(parts)

    def write_message(self, payload, kind=REPLY, only=None):
        """Send ``payload`` in packets; ``only`` cuts the line after so many bytes."""
        room = self.packet_size - HEADER.size
        packets = []
        for number, start in enumerate(range(0, len(payload), room), 1):
            body = payload[start : start + room]
            last = start + room >= len(payload)
            packets.append(
                HEADER.pack(
                    kind,
                    END_OF_MESSAGE if last else 0,
                    len(body) + HEADER.size,
                    0,
                    number % 256,
                    0,
                )
            )
            packets.append(body)
        self._send(b"".join(packets)[:only])
        if only is not None:
            raise Disconnected("The line was dropped on purpose")

    def hears_client_within(self, seconds):
        """Wait; return whether the client spoke or hung up in the meantime."""
        return bool(select.select([self.sock], [], [], seconds)[0])

    def ignore_client(self):
        """Read without answering until the client gives up."""
        while True:
            self._receive(RECEIVE_SIZE)

    def _read(self, size):
        data = bytearray()
        while len(data) < size:
            data += self._receive(size - len(data))
        return bytes(data)

    def _receive(self, size):
        try:
            data = (self.tls or self.sock).recv(size)
        except OSError as err:
            raise Disconnected("The line broke") from err
        if not data:
            raise Disconnected("The client has hung up")
        return data

    def _send(self, data):
        try:
            (self.tls or self.sock).sendall(data)
        except OSError as err:
            raise Disconnected("The line broke") from err
