"""What goes wrong on either side of the line."""


class Disconnected(Exception):
    """The client has gone, or the stand-in has hung up on it."""


class WireError(Exception):
    """The client sent bytes that aren't the part of TDS spoken here."""


class SqlError(Exception):
    """An error that the client is told of in an ERROR token.

    ``number`` and ``text`` are SQL Server's own where it has one for the case.
    """

    def __init__(self, number, text, severity=16):
        super().__init__(text)
        self.number = number
        self.text = text
        self.severity = severity


def unsupported(what):
    """Return the error for what SQL Server can do and the stand-in can't."""
    return SqlError(50000, f"The RASO stand-in can't answer this: {what}")
