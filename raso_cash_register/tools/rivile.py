"""Reading sheets: the documents of RIVILE, and tara of any provider (interface §4).

A sheet is one document: the lines of a till summed by product, the payments by kind.
The root's name varies, so any is taken.
"""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from ..exceptions import PayloadError
from ..texts import _lt
from .elements import (
    MAX_CODE,
    MAX_TEXT,
    PARTNER,
    TOTAL_PARTS,
    Unknowns,
    is_negative,
    place_in,
    place_line,
    place_payment,
    read_number,
    read_partner,
    read_payment,
    read_text,
    turn_return,
)
from .numbers import parse_printed
from .payload import fragment, plain_text, stream_items
from .records import Line, Receipt, Unreadable

SALES, INVOICES, TARA, RETURNS, TARA_CASH = 0, 1, 2, 3, 6
DATA_TYPES = (SALES, INVOICES, TARA, RETURNS, TARA_CASH)
TARA_TYPES = (TARA, TARA_CASH)

# a line's VAT is a sum of rounded money (interface §6); more than an integer column
# holds would say nothing any more
_ROUNDINGS = 10
_MAX_ROUNDINGS = Decimal(10**9)

_SHEET_ATTRIBUTES = frozenset({"ShopNo", "PosNo", "LASTZ"})
_SALES_ATTRIBUTES = _SHEET_ATTRIBUTES | {"InvoiceNo", *PARTNER}
_TARA_PARTS = frozenset({"TARADATE", "CODE", "NAME", "QTY", "AMOUNT", "DISCOUNT"})
_SALES_PARTS = frozenset(
    {
        *("SALEDATE", "CODE", "NAME", "QTY", "QTYMANUAL", "VATSUM", "VATSUMMANUAL"),
        *("AMOUNT", "AMOUNTMANUAL", "DISCOUNT"),
    }
)
# child elements that are no lines
_PAYMENTS = "Payments"


class _Form(NamedTuple):
    """How the documents of a DataType look: its lines, and the root's attributes."""

    tag: str
    date_tag: str
    parts: frozenset
    attributes: frozenset


_SALES_FORM = _Form("Sales", "SALEDATE", _SALES_PARTS, _SALES_ATTRIBUTES)
_TARA_FORM = _Form("Tara", "TARADATE", _TARA_PARTS, _SHEET_ATTRIBUTES)


def read_document(stream, data_type, handler, encoding=None, shop_no=""):
    """Read a sheet of DataType 0, 1, 2, 3 or 6 from a binary stream.

    It goes as a whole to ``handler.receipt(Receipt)``, or to
    ``handler.unreadable(Unreadable)`` if any part of it can't be read; an empty
    document is no sheet. Of what has no known meaning
    ``handler.unknown(path)`` is told once each. ``shop_no`` is that of the exchange
    row: it counts where the document names no shop.

    :raise PayloadError: the document as a whole can't be read; nothing of it was
    """
    if data_type not in DATA_TYPES:
        raise ValueError(f"Documents of DataType {data_type} are no sheets")
    reader = _Reader(data_type, handler, shop_no)
    stream_items(stream, reader.take, encoding=encoding)
    reader.finish()


class _Reader:
    def __init__(self, data_type, handler, shop_no):
        self._data_type = data_type
        self._form = _TARA_FORM if data_type in TARA_TYPES else _SALES_FORM
        self._handler = handler
        self._unknowns = Unknowns(handler)
        self._shop_no = (shop_no or "").strip()
        self._root = None
        self._tag = ""
        self._lines = []
        self._printed = []
        self._payments = []
        self._counts = {place_line: 0, place_payment: 0}
        self._strangers = []
        self._error = None

    def take(self, path, item):
        """Take one child of the root element."""
        if self._root is None:
            self._tag, self._root = path[0][0], path[0][1] or {}
            self._unknowns.look_at_root(self._tag, self._root, self._form.attributes)
        tag = path[1][0]
        if tag == self._form.tag:
            self._try(place_line, tag, item, self._form.parts, self._read_line)
        elif tag == _PAYMENTS:
            self._try(place_payment, tag, item, TOTAL_PARTS, self._read_payment)
        else:
            self._strangers.append(tag)
            self._unknowns.tell(f"{self._tag}/{tag}")

    def _try(self, place, tag, item, known, read):
        """Read a part; the first that can't be read stands for the sheet."""
        self._counts[place] += 1
        self._unknowns.look(f"{self._tag}/{tag}", item, known)
        try:
            read(item)
        except PayloadError as err:
            if self._error is None:
                err.where = place(self._counts[place])
                err.fragment = fragment(tag, item)
                self._error = err

    def _read_line(self, item):
        form = self._form
        text = read_text(item, form.date_tag, MAX_CODE)
        self._printed.append(parse_printed(text, form.date_tag))
        self._lines.extend(_read_tara(item) if form is _TARA_FORM else _read_sum(item))

    def _read_payment(self, item):
        self._payments.append(read_payment(item))

    def finish(self):
        """Hand on the sheet, now that all of it is known."""
        if self._root is None:
            return
        try:
            if self._error is not None:
                raise self._error
            if self._lines:
                self._handler.receipt(self._make_receipt())
            else:
                self._check_empty()
        except PayloadError as err:
            self._handler.unreadable(self._as_unreadable(err))

    def _check_empty(self):
        """A till that sold nothing says so; a document of another form says more.

        :raise PayloadError: there is money in it, or what may be its lines
        """
        if any(row.amount for row in self._payments):
            raise PayloadError(
                _lt(
                    "There is money in it and no %(tag)s element, so its day can't be "
                    "told. Have it corrected in RASO and exported again.",
                    tag=self._form.tag,
                )
            )
        if self._strangers:
            raise PayloadError(
                _lt(
                    "There is no %(tag)s element in it, but %(other)s: its form isn't "
                    "known, so nothing of it was read. It is kept; show it to who "
                    "looks after this program.",
                    tag=self._form.tag,
                    other=self._strangers[0][:40],
                )
            )

    def _as_unreadable(self, err):
        """Name the sheet by its number, unless that is what can't be read."""
        number = next(
            (
                value.strip()
                for name in ("InvoiceNo", "LASTZ")
                if (value := self._root.get(name)) and len(value) <= MAX_CODE
            ),
            "",
        )
        where = _lt("sheet %(number)s", number=number) if number else _lt("sheet")
        where = place_in(where, err.where)
        attributes = {f"@{name}": value for name, value in self._root.items()}
        shown = err.fragment or fragment(self._tag, attributes)
        return Unreadable(1, number, where, shown, err.text)

    def _make_receipt(self):
        days = [day for day, _time in self._printed]
        first, last = min(days), max(days)
        lines, payments = tuple(self._lines), tuple(self._payments)
        if self._data_type == RETURNS:
            lines, payments = turn_return(lines, payments)
        invoice_no = self._get("InvoiceNo")
        z_number = self._get("LASTZ")
        series = self._find_series(lines, invoice_no)
        return Receipt(
            position=1,
            kind=series,
            shop=self._find_shop(),
            till=self._get("PosNo"),
            number=invoice_no or z_number or last.isoformat(),
            day=last,
            time=max(
                (clock for day, clock in self._printed if day == last and clock),
                default=None,
            ),
            cashier="",
            lines=lines,
            payments=payments,
            invoice_no=invoice_no,
            series=series,
            z_number=z_number,
            first_day=first if first < last else None,
            **read_partner(self._root if self._form is _SALES_FORM else {}),
        )

    def _get(self, name):
        """Return an attribute of the root, if sheets of this form have it."""
        if name not in self._form.attributes:
            return ""
        return plain_text(self._root.get(name), name, MAX_CODE)

    def _find_series(self, lines, invoice_no):
        """Return the kind, which is also what the number counts."""
        if self._data_type in TARA_TYPES:
            return "tara" if self._data_type == TARA else "tara_cash"
        is_return = self._data_type == RETURNS
        if self._data_type == INVOICES or invoice_no:
            if not invoice_no:
                raise PayloadError(
                    _lt(
                        "InvoiceNo is missing: without it, the SF can't be told from "
                        "others. Have it corrected in RASO and exported again."
                    )
                )
            return "sf_return" if is_return or is_negative(lines) else "sf"
        return "sheet_return" if is_return else "sheet"

    def _find_shop(self):
        shop = self._get("ShopNo") or self._shop_no
        if not shop:
            raise PayloadError(
                _lt(
                    "ShopNo is missing on the document and on the row. Have the shop's "
                    "number set in RASO and the sheet exported again."
                )
            )
        return shop


def _read_sum(item):
    """Read a Sales element: two movements if its parts have opposite signs."""
    plain = _read_part(item, "", read_number(item, "DISCOUNT"))
    manual = _read_part(item, "MANUAL", Decimal())
    if plain.quantity * manual.quantity < 0:
        return plain, manual
    both = Line(
        code=plain.code,
        vcode="",
        name=plain.name,
        quantity=plain.quantity + manual.quantity,
        amount=plain.amount + manual.amount,
        vat=plain.vat + manual.vat,
        discount=plain.discount,
        comment="",
        vat_roundings=_count_roundings(plain.quantity, manual.quantity),
    )
    return (both,)


def _read_part(item, suffix, discount):
    quantity = read_number(item, f"QTY{suffix}")
    return Line(
        code=read_text(item, "CODE", MAX_CODE),
        vcode="",
        name=read_text(item, "NAME", MAX_TEXT),
        quantity=quantity,
        amount=read_number(item, f"AMOUNT{suffix}"),
        vat=read_number(item, f"VATSUM{suffix}"),
        discount=discount,
        comment="",
        vat_roundings=_count_roundings(quantity),
    )


def _read_tara(item):
    """Read a Tara element: deposits bear no VAT."""
    line = Line(
        code=read_text(item, "CODE", MAX_CODE),
        vcode="",
        name=read_text(item, "NAME", MAX_TEXT),
        quantity=read_number(item, "QTY"),
        amount=read_number(item, "AMOUNT"),
        vat=Decimal(),
        discount=read_number(item, "DISCOUNT"),
        comment="",
    )
    return (line,)


def _count_roundings(*quantities):
    pieces = sum(abs(part).to_integral_value(ROUND_CEILING) for part in quantities)
    return int(min(_ROUNDINGS + pieces, _MAX_ROUNDINGS))
