"""Texts that are told in the language of who reads them. Needs no Odoo."""

import json

_START = '{"term": '


class Text(str):
    """A text in English that knows its term and values, to be told in any language.

    Made as ``_lt("%(tag)s is missing.", tag=tag)``: Odoo looks for that name when it
    gathers the terms to translate. Values may be such texts themselves.
    """

    __slots__ = ("term", "values")

    def __new__(cls, term, /, **values):
        return cls._make(term % values if values else term, term, values)

    @classmethod
    def _make(cls, shown, term, values):
        self = super().__new__(cls, shown)
        self.term, self.values = term, values
        return self

    def fill(self, **values):
        """Return the text with these values, told as they are now."""
        return type(self)(self.term, **values)

    def tell(self, translate):
        """Return the text as ``translate(term, **values)`` tells it, with its term."""
        values = {
            name: value.tell(translate) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        return self._make(translate(self.term, **values), self.term, values)


_lt = Text


def join_texts(texts, separator="\n"):
    """Return the texts as one."""
    values = {f"part{index}": text for index, text in enumerate(texts)}
    return Text(separator.join(f"%({name})s" for name in values), **values)


def split_texts(text):
    """Return the texts that were joined by new lines; a plain string's lines."""
    if not isinstance(text, Text):
        return text.split("\n") if text else []
    texts = [*text.values.values()]
    return texts if text.term == join_texts(texts).term else [text]


def dump_text(text) -> str:
    """Return what `load_text` makes a text of again; any other string as it is."""
    return json.dumps(_as_data(text)) if isinstance(text, Text) else str(text)


def load_text(stored):
    """Return the text that was dumped; any other string as it is."""
    return _from_data(json.loads(stored)) if stored.startswith(_START) else stored


def _as_data(value):
    if isinstance(value, Text):
        values = {name: _as_data(part) for name, part in value.values.items()}
        return {"term": value.term, "values": values}
    return value if isinstance(value, int) else str(value)


def _from_data(data):
    if isinstance(data, dict):
        values = {name: _from_data(part) for name, part in data["values"].items()}
        return Text(data["term"], **values)
    return data
