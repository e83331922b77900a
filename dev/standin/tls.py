"""Encryption (MS-TDS 2.2.6.5 "PRELOGIN" and 3.3.5.3 "TLS/SSL negotiation").

The handshake travels inside PRELOGIN messages; afterwards whole packets travel
inside TLS records. TLS 1.2 at most: 1.3 isn't defined for the versions spoken here.
"""

import datetime
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from . import tds
from .errors import Disconnected

# fixed, so that tests may set the clock to any day
VALID_FROM = datetime.datetime(2020, 1, 1)
VALID_UNTIL = datetime.datetime(2099, 12, 31)


def make_context():
    """Return a server's TLS context with a fresh self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "standin.pem")
        path.write_bytes(pem)
        context.load_cert_chain(path)
    return context


class TlsLayer:
    """TLS between a channel's packets and its socket."""

    def __init__(self, context, channel):
        """Shake hands. :raise Disconnected: the client doesn't want to"""
        self._sock = channel.sock
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._ssl = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._handshake(channel)

    def _handshake(self, channel):
        done = False
        while not done:
            try:
                self._ssl.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                self._flush(channel)
                self._incoming.write(channel.read_message()[1])
            except ssl.SSLError as err:
                raise Disconnected("The TLS handshake failed") from err
        self._flush(channel)

    def _flush(self, channel):
        if data := self._outgoing.read():
            channel.write_message(data, kind=tds.PRELOGIN)

    def recv(self, size):
        """Return up to ``size`` bytes in the clear; none once the client is gone."""
        while True:
            try:
                return self._ssl.read(size)
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLWantReadError:
                data = self._sock.recv(tds.RECEIVE_SIZE)
                if not data:
                    return b""
                self._incoming.write(data)

    def sendall(self, data):
        """Encrypt and send ``data``."""
        self._ssl.write(data)
        self._sock.sendall(self._outgoing.read())
