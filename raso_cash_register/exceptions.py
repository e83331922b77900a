"""Errors of the addon, by what follows from them. Needs no Odoo."""

FRAGMENT_LENGTH = 500


class RasoError(Exception):
    """Anything that goes wrong with RASO's documents, servers or set-up.

    ``text`` may be a `texts.Text`, which can be told in other languages.
    """

    def __init__(self, text):
        super().__init__(text)
        self.text = text


class TransportError(RasoError):
    """The server is away, refuses or doesn't answer: tried again, each time later.

    ``kind`` is one of ``away``, ``login``, ``database``, ``rights``, ``timeout``,
    ``dropped`` and ``server`` (any other error that the server reports). The text
    is fit for users and holds no secrets.
    """

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class PayloadError(RasoError):
    """The document is wrong or contradicts another: waits for a person.

    ``where`` says where in the document, ``fragment`` shows at most 500
    characters of it, the text is the reason with the way out.
    """

    def __init__(self, reason, where="", fragment=""):
        super().__init__(reason)
        self.where = where
        self.fragment = fragment[:FRAGMENT_LENGTH]


class SetupError(RasoError):
    """A journal, mapping, right or procedure is missing: the text says where."""
