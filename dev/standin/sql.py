"""The little Transact-SQL that drivers and the addon send as batches.

Session options, ``USE``, transactions and ``EXECUTE procedure @name = value, ...``.
Anything else is refused before any of the batch runs.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import SqlError, unsupported
from .procedures import DEFAULT
from .store import TABLES
from .types import in_code_page

TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<text>[Nn]?'[^']*(?:''[^']*)*')
    |(?P<binary>0[xX][0-9A-Fa-f]*)
    |(?P<number>[+-]?\d+(?:\.\d*)?)
    |(?P<variable>@@?\w+)
    |(?P<name>\[[^\]]*\]|\w+)
    |(?P<mark>[^'])
    """,
    re.VERBOSE | re.DOTALL,
)
# what drivers set at the start; here nothing depends on them
OPTIONS = {
    "ANSI_NULLS",
    "ANSI_NULL_DFLT_ON",
    "ANSI_PADDING",
    "ANSI_WARNINGS",
    "ARITHABORT",
    "CONCAT_NULL_YIELDS_NULL",
    "CURSOR_CLOSE_ON_COMMIT",
    "NOCOUNT",
    "QUOTED_IDENTIFIER",
}
WHOLE_TEXT = "2147483647"
END = ("end", "")


@dataclass(frozen=True)
class SetOption:
    """SET name value: nothing to do."""


@dataclass(frozen=True)
class Use:
    """USE database."""

    database: str


@dataclass(frozen=True)
class Transaction:
    """BEGIN, COMMIT or ROLLBACK."""

    verb: str


@dataclass(frozen=True)
class Execute:
    """EXECUTE: ``arguments`` are pairs of a name without "@" and a value."""

    procedure: str
    arguments: tuple[tuple[str, object], ...]


def parse_batch(text, variables=None):
    """Return the statements of a batch, whose ``variables`` have these values.

    :raise SqlError: it holds something that isn't known here
    """
    return _Parser(text, variables or {}).parse()


class _Parser:
    def __init__(self, text, variables):
        self._tokens = list(_split(text))
        self._variables = variables
        self._position = 0

    def parse(self):
        statements = []
        while self._peek() != END:
            if not self._accept(";"):
                statements.append(self._statement())
        return statements

    def _statement(self):
        kind, word = self._next()
        readers = {
            "SET": self._set,
            "USE": self._use,
            "BEGIN": self._begin,
            "COMMIT": self._end_transaction,
            "ROLLBACK": self._end_transaction,
            "EXEC": self._execute,
            "EXECUTE": self._execute,
        }
        reader = readers.get(word.upper()) if kind == "name" else None
        if reader is None:
            raise self._refusal(word)
        return reader(word.upper())

    def _set(self, _word):
        name = self._expect("name").upper()
        _kind, value = self._next()
        switched = name in OPTIONS and value.upper() in ("ON", "OFF")
        if not switched and (name, value) != ("TEXTSIZE", WHOLE_TEXT):
            raise unsupported(f"SET {name} {value}")
        return SetOption()

    def _use(self, _word):
        return Use(_bare(self._expect("name")))

    def _begin(self, word):
        if not (self._accept("TRAN") or self._accept("TRANSACTION")):
            raise unsupported("BEGIN without TRANSACTION")
        return Transaction(word)

    def _end_transaction(self, word):
        for noise in ("TRAN", "TRANSACTION", "WORK"):
            self._accept(noise)
        return Transaction(word)

    def _execute(self, _word):
        parts = [self._expect("name")]
        while self._accept("."):
            parts.append(self._expect("name"))
        arguments = []
        if self._peek()[0] in ("text", "number", "binary"):
            raise _unnamed()
        if self._peek()[0] == "variable":
            arguments.append(self._argument())
            while self._accept(","):
                arguments.append(self._argument())
        return Execute(".".join(parts), tuple(arguments))

    def _argument(self):
        name = self._expect("variable")[1:]
        if not self._accept("="):
            raise _unnamed()
        return name, self._value()

    def _value(self):
        kind, word = self._next()
        if kind == "text":
            return _read_text(word)
        if kind == "number":
            return Decimal(word) if "." in word else int(word)
        if kind == "binary":
            return bytes.fromhex(word[2:])
        if kind == "variable":
            return self._variable(word)
        if word.upper() == "NULL":
            return None
        if word.upper() == "DEFAULT":
            return DEFAULT
        raise _syntax_error(word)

    def _variable(self, word):
        try:
            return self._variables[word.lower()]
        except KeyError:
            text = f'Must declare the scalar variable "{word}".'
            raise SqlError(137, text, 15) from None

    def _refusal(self, word):
        words = {_bare(token[1]).lower() for token in self._tokens}
        for table in TABLES:
            if table.name.lower() in words:
                return SqlError(
                    229,
                    f"The {word.upper()} permission was denied on the object "
                    f"'{table.name}', schema 'ie'.",
                    14,
                )
        return unsupported(f"a statement that starts with '{word}'")

    def _peek(self):
        if self._position < len(self._tokens):
            return self._tokens[self._position]
        return END

    def _next(self):
        token = self._peek()
        self._position += 1
        return token

    def _accept(self, word):
        if self._peek()[1].upper() != word:
            return False
        self._position += 1
        return True

    def _expect(self, kind):
        found, word = self._next()
        if found != kind:
            raise _syntax_error(word)
        return word


def _split(text):
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _syntax_error(text[position : position + 20])
        position = match.end()
        if match.lastgroup != "blank":
            yield match.lastgroup, match.group()


def _read_text(literal):
    if literal[0] in "Nn":
        return literal[2:-1].replace("''", "'")
    return in_code_page(literal[1:-1].replace("''", "'"))


def _bare(name):
    return name.strip("[]")


def _unnamed():
    return SqlError(119, "Parameters must be passed as '@name = value'.", 15)


def _syntax_error(word):
    return SqlError(102, f"Incorrect syntax near '{word}'.", 15)
