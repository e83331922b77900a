"""Reading KVITAS documents: receipts with their lines and payments (interface §3)."""

from ..exceptions import PayloadError
from ..texts import _lt
from .elements import (
    MAX_CODE,
    MAX_TEXT,
    PARTNER,
    PAYMENT_PARTS,
    TOTAL_PARTS,
    Unknowns,
    is_negative,
    place_in,
    place_line,
    place_payment,
    read_number,
    read_partner,
    read_payment,
    read_payment_code,
    read_text,
    turn_return,
)
from .numbers import parse_day, parse_time
from .payload import fragment, plain_text, stream_items
from .records import Line, PaymentTotal, Receipt, Unreadable

ROOT = "SalesSync"
SALES, INVOICES, RETURNS = 0, 1, 3
DATA_TYPES = (SALES, INVOICES, RETURNS)

_ROOT_TEXTS = frozenset({"ShopNo", "PosNo", "InvoiceNo", *PARTNER})
_RECEIPT_PARTS = frozenset(
    {"Sale", "Payment", "@ReceiptNo", "@SaleDate", "@SaleTime", "@UserId"}
) | {f"@{name}" for name in _ROOT_TEXTS}
_LINE_PARTS = frozenset(
    {
        *("CODE", "VCODE", "NAME", "n", "QTY", "AMOUNT", "VATSUM", "QTYMANUAL"),
        *("AMOUNTMANUAL", "VATSUMMANUAL", "DISCOUNT", "COMMENT"),
    }
)


def check_root(tag):
    """:raise PayloadError: ``tag`` isn't the root element of a KVITAS document"""
    if tag != ROOT:
        raise PayloadError(
            _lt(
                "It is a document <%(tag)s>, where a KVITAS document <%(root)s> is "
                "expected. Check the data provider and type that RASO exports.",
                tag=tag[:40],
                root=ROOT,
            ),
            where=_lt("root element"),
        )


def read_document(stream, data_type, handler, encoding=None, shop_no=""):
    """Read a KVITAS document of DataType 0, 1 or 3 from a binary stream.

    What is read goes to the handler in document order: ``receipt(Receipt)``,
    ``unreadable(Unreadable)`` for a receipt that can't be read (the others go on) or
    a payment total (position 0), ``total(PaymentTotal)``, and ``unknown(path)`` once
    for each element or attribute that has no known meaning, such as
    ``SalesSync/Sales/Coupon`` or ``SalesSync/Sales@Mood``. ``shop_no`` is that of the
    exchange row: it counts where the document names no shop.

    :raise PayloadError: the document as a whole can't be read, or from here on
    """
    if data_type not in DATA_TYPES:
        raise ValueError(f"KVITAS documents of DataType {data_type} have no receipts")
    reader = _Reader(data_type, handler, shop_no)
    stream_items(stream, reader.take, encoding=encoding, force_list=("Sale", "Payment"))


class _Reader:
    def __init__(self, data_type, handler, shop_no):
        self._data_type = data_type
        self._handler = handler
        self._shop_no = (shop_no or "").strip()
        self._root = None
        self._position = 0
        self._totals = 0
        self._unknowns = Unknowns(handler)

    def take(self, path, item):
        """Take one child of the root element."""
        if self._root is None:
            self._enter(*path[0])
        tag = path[1][0]
        if tag == "Sales":
            self._position += 1
            self._read_sales(item)
        elif tag == "Payments":
            self._totals += 1
            self._read_total(item)
        else:
            self._unknowns.tell(f"{ROOT}/{tag}")

    def _enter(self, tag, attributes):
        check_root(tag)
        self._root = attributes or {}
        self._unknowns.look_at_root(ROOT, self._root, _ROOT_TEXTS)

    def _read_sales(self, sales):
        number = ""
        try:
            number = plain_text(sales.get("@ReceiptNo"), "ReceiptNo", MAX_CODE)
            receipt = self._read_receipt(sales, number)
        except PayloadError as err:
            self._handler.unreadable(self._as_unreadable(err, sales, number))
        else:
            self._handler.receipt(receipt)

    def _as_unreadable(self, err, sales, number):
        if number:
            where = _lt(
                "receipt %(index)s (No %(number)s)", index=self._position, number=number
            )
        else:
            where = _lt("receipt %(index)s", index=self._position)
        shown = err.fragment or fragment("Sales", sales)
        where = place_in(where, err.where)
        return Unreadable(self._position, number, where, shown, err.text)

    def _read_receipt(self, sales, number):
        self._unknowns.look(f"{ROOT}/Sales", sales, _RECEIPT_PARTS)
        if not number:
            raise PayloadError(
                _lt(
                    "ReceiptNo is missing: without it, the receipt can't be told from "
                    "others. Have it corrected in RASO and exported again."
                )
            )
        lines = self._read_parts(sales, "Sale", _LINE_PARTS, _read_line)
        payments = self._read_parts(sales, "Payment", PAYMENT_PARTS, read_payment)
        if self._data_type == RETURNS:
            lines, payments = turn_return(lines, payments)
        invoice_no = self._read_text(sales, "InvoiceNo", MAX_CODE)
        return Receipt(
            position=self._position,
            kind=self._find_kind(lines, invoice_no),
            shop=self._find_shop(sales),
            till=self._read_text(sales, "PosNo", MAX_CODE),
            number=number,
            day=parse_day(sales.get("@SaleDate"), "SaleDate"),
            time=parse_time(sales.get("@SaleTime"), "SaleTime"),
            cashier=plain_text(sales.get("@UserId"), "UserId", MAX_CODE),
            lines=lines,
            payments=payments,
            invoice_no=invoice_no,
            **self._read_partner(sales),
        )

    def _read_parts(self, sales, tag, known, read):
        parts = []
        for index, item in enumerate(sales.get(tag, ()), start=1):
            try:
                element = _as_element(item, tag)
                self._unknowns.look(f"{ROOT}/Sales/{tag}", element, known)
                parts.append(read(element))
            except PayloadError as err:
                err.where = (place_line if tag == "Sale" else place_payment)(index)
                err.fragment = fragment(tag, item)
                raise
        return tuple(parts)

    def _find_kind(self, lines, invoice_no):
        """Tell a return by DataType or sign, an SF by DataType or number."""
        is_return = self._data_type == RETURNS or is_negative(lines)
        if self._data_type == INVOICES or invoice_no:
            return "sf_return" if is_return else "sf"
        return "return" if is_return else "sale"

    def _find_shop(self, sales):
        shop = self._read_text(sales, "ShopNo", MAX_CODE) or self._shop_no
        if not shop:
            raise PayloadError(
                _lt(
                    "ShopNo is missing on the receipt, on the document and on the row. "
                    "Have the shop's number set in RASO and the receipt exported again."
                )
            )
        return shop

    def _read_text(self, sales, name, limit):
        """Return an attribute of the receipt, or else of the root element."""
        own = plain_text(sales.get(f"@{name}"), name, limit)
        return own or plain_text(self._root.get(name), name, limit)

    def _read_partner(self, sales):
        """Return the partner of the receipt, or else of the root: never a mixture."""
        own = {name: sales.get(f"@{name}") for name in PARTNER}
        return read_partner(own if any(own.values()) else self._root)

    def _read_total(self, item):
        try:
            self._unknowns.look(f"{ROOT}/Payments", item, TOTAL_PARTS)
            total = PaymentTotal(
                read_payment_code(item),
                read_number(item, "QTY"),
                read_number(item, "AMOUNT"),
            )
        except PayloadError as err:
            where = _lt("payment total %(index)s", index=self._totals)
            self._handler.unreadable(
                Unreadable(0, "", where, fragment("Payments", item), err.text)
            )
        else:
            self._handler.total(total)


def _read_line(element):
    """Read a Sale element: a line counts as its plain and its manual part together."""
    return Line(
        code=read_text(element, "CODE", MAX_CODE),
        vcode=read_text(element, "VCODE", MAX_CODE),
        name=read_text(element, "NAME", MAX_TEXT) or read_text(element, "n", MAX_TEXT),
        quantity=read_number(element, "QTY") + read_number(element, "QTYMANUAL"),
        amount=read_number(element, "AMOUNT") + read_number(element, "AMOUNTMANUAL"),
        vat=read_number(element, "VATSUM") + read_number(element, "VATSUMMANUAL"),
        discount=read_number(element, "DISCOUNT"),
        comment=read_text(element, "COMMENT", MAX_TEXT),
    )


def _as_element(item, tag):
    """Return the parts of an element; one with text alone can't be understood."""
    if isinstance(item, str):
        raise PayloadError(
            _lt(
                "%(tag)s holds a text where elements are expected. "
                "Have it corrected in RASO and exported again.",
                tag=tag,
            )
        )
    return item or {}
