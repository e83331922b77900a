"""XML from outside: checked whole, then read as a stream, in constant memory.

``encoding`` is ``"utf-8"`` for documents out of the exchange database, whatever
their prolog says; None for files, where BOM and prolog count (interface §7a).
"""

from contextlib import contextmanager
from types import SimpleNamespace
from xml.etree import ElementTree
from xml.parsers import expat

import xmltodict

from ..exceptions import FRAGMENT_LENGTH, PayloadError
from ..texts import _lt

CHUNK = 1 << 20
MAX_DEPTH = 64
# expat before 2.6 scans an unfinished tag again from its start with each chunk
MAX_TAG = 32 << 20
# of one element, to show it: more than anybody reads
MAX_SHOWN = 1_000_000

_AROUND = FRAGMENT_LENGTH // 2
_MULTIBYTE = {"utf-8", "utf-16", "utf-16le", "utf-16be"}
_ERRORS = {
    expat.errors.XML_ERROR_NO_ELEMENTS: _lt("it ends before it is complete"),
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: _lt("it ends in the middle of a tag"),
    expat.errors.XML_ERROR_PARTIAL_CHAR: _lt("it ends in the middle of a character"),
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: _lt(
        "it ends in the middle of a text"
    ),
    expat.errors.XML_ERROR_TAG_MISMATCH: _lt("a closing tag doesn't fit the open one"),
    expat.errors.XML_ERROR_INVALID_TOKEN: _lt(
        "a character stands where it can't stand, such as “&” or “<” in a text"
    ),
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: _lt(
        "it names a character by a name that XML doesn't know, such as “&nbsp;”"
    ),
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: _lt(
        "an attribute stands twice in a tag"
    ),
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: _lt("more follows after its end"),
    expat.errors.XML_ERROR_INCORRECT_ENCODING: _lt(
        "its first line names another encoding than the one it is written in"
    ),
}


def check_document(stream, encoding=None) -> str:
    """Check that a binary stream holds one whole XML document; return its root tag.

    :raise PayloadError: it is empty, cut, not well-formed, in another encoding than
        it says, nested without end, or has a DOCTYPE; ``where`` is line and column
    """
    path, roots = [], []

    def enter(tag, _attributes):
        if not path:
            roots.append(tag)
        path.append(tag)
        if len(path) > MAX_DEPTH:
            raise PayloadError(
                _lt(
                    "Its elements are nested deeper than %(depth)s: this is no "
                    "document of RASO. Find out what sent it.",
                    depth=MAX_DEPTH,
                )
            )

    parser = _create_parser(encoding)
    parser.StartElementHandler = enter
    parser.EndElementHandler = lambda _tag: path.pop()
    source = _Source(stream, parser, encoding)
    with source.explained():
        for chunk in source:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    return roots[0]


def stream_items(stream, on_item, depth=2, encoding=None, force_list=None):
    """Call ``on_item(path, item)`` for each element at ``depth``, in document order.

    ``path`` is a list of (tag, attributes or None) from the root to the element, and
    ``item`` the dict that xmltodict makes of it: attributes as ``@name``, a text as
    ``#text``. What ``on_item`` raises ends the reading.

    :raise PayloadError: as in `check_document`, after the items before the trouble
    """

    def callback(path, item):
        on_item(path, _as_dict(item, path[-1][1]))
        return True

    parser = _create_parser(encoding)
    source = _Source(stream, parser, encoding)
    with source.explained():
        xmltodict.parse(
            (chunk for chunk in source),
            expat=SimpleNamespace(ParserCreate=lambda *_args: parser),
            item_depth=depth,
            item_callback=callback,
            force_list=force_list,
        )


def show_element(stream, depth, tag=None, position=1, encoding=None) -> str:
    """Return one element as it came, laid out in lines, to be looked at.

    It is the ``position``-th element ``tag`` at ``depth``, the root being at 1; without
    ``tag`` any element is meant. The reading ends with it. Empty if the document has no
    such element. More than `MAX_SHOWN` characters are cut, with a "…" at the end.

    :raise PayloadError: as in `check_document`, if the trouble is before its end
    """
    parser = _create_parser(encoding)
    _Shown(parser, depth, tag, position)
    source = _Source(stream, parser, encoding)
    try:
        with source.explained():
            for chunk in source:
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except _Found as found:
        ElementTree.indent(found.element)
        return ElementTree.tostring(found.element, encoding="unicode")
    return ""


def plain_text(value, tag, limit) -> str:
    """Return an attribute's or element's trimmed text, empty if it is missing.

    :raise PayloadError: it is longer than ``limit``, stands twice or holds elements
    """
    if value is None:
        return ""
    if isinstance(value, dict) and all(key[0] in "@#" for key in value):
        value = value.get("#text", "")
    if not isinstance(value, str):
        raise PayloadError(
            _lt(
                "%(tag)s stands more than once or holds other elements, where one text "
                "is expected. Have it corrected in RASO and exported again.",
                tag=tag,
            )
        )
    value = value.strip()
    if len(value) > limit:
        raise PayloadError(
            _lt(
                "%(tag)s is too long (characters: %(length)s, at most: %(limit)s). "
                "Have it corrected in RASO and exported again.",
                tag=tag,
                length=len(value),
                limit=limit,
            )
        )
    return value


def fragment(tag, item) -> str:
    """Return the beginning of an item as XML, to show where the trouble is."""
    text = xmltodict.unparse({tag: _shortened(item)}, full_document=False)
    return text[:FRAGMENT_LENGTH]


def _as_dict(item, attributes):
    """Return an item as a dict with its attributes, whatever xmltodict's version."""
    if not isinstance(item, dict):
        text = (item or "").strip()
        item = {"#text": text} if text else {}
    if attributes:
        item = {f"@{name}": value for name, value in attributes.items()} | item
    return item


def _shortened(item):
    if isinstance(item, dict):
        return {key: _shortened(value) for key, value in item.items()}
    if isinstance(item, list):
        return [_shortened(value) for value in item[:FRAGMENT_LENGTH]]
    return item and item[:FRAGMENT_LENGTH]


def _create_parser(encoding):
    """Return an expat parser that refuses any DOCTYPE and unknown encodings."""
    parser = expat.ParserCreate(encoding)

    def refuse_doctype(*_args):
        raise PayloadError(
            _lt(
                "It has a DOCTYPE, which documents of RASO never have and which can do "
                "harm: the whole document is refused. Find out what sent it."
            )
        )

    def check_encoding(_version, name, _standalone):
        if encoding or not name or name.lower() in _MULTIBYTE:
            return
        try:
            known = len(bytes(range(256)).decode(name, "replace")) == 256
        except (LookupError, ValueError):
            known = False
        if not known:
            raise PayloadError(
                _lt(
                    "Its first line names the encoding “%(name)s”, which can't be "
                    "read. Save the document as UTF-8 and send it again.",
                    name=name[:40],
                )
            )

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.XmlDeclHandler = check_encoding
    return parser


class _Found(Exception):
    """The element is complete: the reading ends."""

    def __init__(self, element):
        super().__init__()
        self.element = element


class _Shown:
    """Lets elements pass until the wanted one opens, and builds that one."""

    def __init__(self, parser, depth, tag, position):
        self._parser = parser
        self._depth, self._tag, self._left = depth, tag, position
        self._level, self._length = 0, 0
        self._builder, self._open = ElementTree.TreeBuilder(), []
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave

    def _enter(self, tag, attributes):
        self._level += 1
        if not self._open:
            if self._level != self._depth or self._tag not in (None, tag):
                return
            self._left -= 1
            if self._left:
                return
            self._parser.CharacterDataHandler = self._take
        self._open.append(tag)
        self._builder.start(tag, attributes)
        self._count(tag, *attributes, *attributes.values())

    def _leave(self, tag):
        self._level -= 1
        if self._open:
            self._open.pop()
            self._builder.end(tag)
            if not self._open:
                raise _Found(self._builder.close())

    def _take(self, text):
        self._builder.data(text)
        self._count(text)

    def _count(self, *texts):
        self._length += sum(map(len, texts))
        if self._length > MAX_SHOWN:
            self._builder.data("…")
            while self._open:
                self._builder.end(self._open.pop())
            raise _Found(self._builder.close())


class _Source:
    """The chunks of a stream, and where in them a parser stopped."""

    def __init__(self, stream, parser, encoding):
        self._stream = stream
        self._parser = parser
        self._encoding = encoding
        self._window = b""
        self._read = 0

    def __iter__(self):
        while chunk := self._stream.read(CHUNK):
            self._window = self._window[-_AROUND:] + chunk
            self._read += len(chunk)
            yield chunk
            if self._read - self._parser.CurrentByteIndex > MAX_TAG:
                raise PayloadError(
                    _lt(
                        "It has a tag or comment longer than %(size)s MB: this is no "
                        "document of RASO. Find out what sent it.",
                        size=MAX_TAG >> 20,
                    )
                )

    @contextmanager
    def explained(self):
        """Tell the errors of the parser in words, with their place in the stream."""
        parser = self._parser
        try:
            yield
        except expat.ExpatError as err:
            raise PayloadError(
                self._reason(err), self._where(), self._around(parser.ErrorByteIndex)
            ) from err
        except PayloadError as err:
            if not err.where:
                err.where = self._where()
                err.fragment = self._around(parser.CurrentByteIndex)
            raise

    def _where(self):
        parser = self._parser
        return _lt(
            "line %(line)s, column %(column)s",
            line=parser.CurrentLineNumber,
            column=parser.CurrentColumnNumber + 1,
        )

    def _reason(self, err):
        if not self._read:
            return _lt(
                "The document is empty. Have RASO export it again; as it is, nothing "
                "of it was read."
            )
        if self._bad_byte(err):
            return _lt(
                "A character is not written in the document's encoding, %(encoding)s. "
                "Save the document as UTF-8 and send it again.",
                encoding=self._encoding
                or _lt("UTF-8 if its first line names no other"),
            )
        message = expat.ErrorString(err.code)
        return _lt(
            "The document is not well-formed XML: %(error)s. Have RASO export it "
            "again; as it is, nothing of it was read.",
            error=_ERRORS.get(message, message),
        )

    def _bad_byte(self, err):
        if expat.errors.messages[err.code] != expat.errors.XML_ERROR_INVALID_TOKEN:
            return False
        at = self._parser.ErrorByteIndex - self._read + len(self._window)
        return self._window[at : at + 1] >= b"\x80"

    def _around(self, index):
        at = index - self._read + len(self._window)
        shown = self._window[max(0, at - _AROUND) : at + _AROUND]
        # a document in UTF-16 would leave NULs, which a database can't keep
        return shown.decode("utf-8", "replace").replace("\0", "")
