"""Reading KVITAS documents: receipts with their lines and payments (interface §3)."""

from dataclasses import replace
from decimal import Decimal

from ..exceptions import PayloadError
from .numbers import parse_day, parse_number, parse_time
from .payload import fragment, plain_text, stream_items
from .records import Line, Payment, PaymentTotal, Receipt, Unreadable

ROOT = "SalesSync"
SALES, INVOICES, RETURNS = 0, 1, 3
DATA_TYPES = (SALES, INVOICES, RETURNS)

# codes and numbers of shops, tills, receipts, items, partners
MAX_CODE = 64
# names, addresses, comments
MAX_TEXT = 1000

_PARTNER = {
    "PartnerCode": ("partner_code", MAX_CODE),
    "PartnerName": ("partner_name", MAX_TEXT),
    "PartnerVATCode": ("partner_vat", MAX_CODE),
    "PartnerAddress": ("partner_address", MAX_TEXT),
}
_ROOT_TEXTS = frozenset({"ShopNo", "PosNo", "InvoiceNo", *_PARTNER})
_RECEIPT_PARTS = frozenset(
    {"Sale", "Payment", "@ReceiptNo", "@SaleDate", "@SaleTime", "@UserId"}
) | {f"@{name}" for name in _ROOT_TEXTS}
_LINE_PARTS = frozenset(
    {
        *("CODE", "VCODE", "NAME", "n", "QTY", "AMOUNT", "VATSUM", "QTYMANUAL"),
        *("AMOUNTMANUAL", "VATSUMMANUAL", "DISCOUNT", "COMMENT"),
    }
)
_PAYMENT_PARTS = frozenset({"CODE", "PAYMETHOD", "AMOUNT"})
_TOTAL_PARTS = _PAYMENT_PARTS | {"QTY"}


def check_root(tag):
    """:raise PayloadError: ``tag`` isn't the root element of a KVITAS document"""
    if tag != ROOT:
        raise PayloadError(
            f"It is a document <{tag[:40]}>, where a KVITAS document <{ROOT}> is "
            "expected. Check the data provider and type that RASO exports.",
            where="root element",
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
        self._unknown = set()

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
            self._tell(f"{ROOT}/{tag}")

    def _enter(self, tag, attributes):
        check_root(tag)
        self._root = attributes or {}
        for name in self._root.keys() - _ROOT_TEXTS:
            self._tell_attribute(ROOT, name)

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
        where = f"receipt {self._position}"
        if number:
            where += f" (No {number})"
        if err.where:
            where += f", {err.where}"
        shown = err.fragment or fragment("Sales", sales)
        return Unreadable(self._position, number, where, shown, str(err))

    def _read_receipt(self, sales, number):
        self._look_for_unknown("Sales", sales, _RECEIPT_PARTS)
        if not number:
            raise PayloadError(
                "ReceiptNo is missing: without it, the receipt can't be told from "
                "others. Have it corrected in RASO and exported again."
            )
        lines = self._read_parts(sales, "Sale", _LINE_PARTS, _read_line)
        payments = self._read_parts(sales, "Payment", _PAYMENT_PARTS, _read_payment)
        if self._data_type == RETURNS and _total(lines, "quantity") > 0:
            lines, payments = _turn_lines(lines), _turn_payments(payments)
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
                self._look_for_unknown(f"Sales/{tag}", element, known)
                parts.append(read(element))
            except PayloadError as err:
                err.where = f"{'line' if tag == 'Sale' else 'payment'} {index}"
                err.fragment = fragment(tag, item)
                raise
        return tuple(parts)

    def _find_kind(self, lines, invoice_no):
        """Tell a return by DataType or sign, an SF by DataType or number."""
        is_return = self._data_type == RETURNS
        if not is_return:
            quantity = _total(lines, "quantity")
            is_return = quantity < 0 or (not quantity and _total(lines, "amount") < 0)
        if self._data_type == INVOICES or invoice_no:
            return "sf_return" if is_return else "sf"
        return "return" if is_return else "sale"

    def _find_shop(self, sales):
        shop = self._read_text(sales, "ShopNo", MAX_CODE) or self._shop_no
        if not shop:
            raise PayloadError(
                "ShopNo is missing on the receipt, on the document and on the row. "
                "Have the shop's number set in RASO and the receipt exported again."
            )
        return shop

    def _read_text(self, sales, name, limit):
        """Return an attribute of the receipt, or else of the root element."""
        own = plain_text(sales.get(f"@{name}"), name, limit)
        return own or plain_text(self._root.get(name), name, limit)

    def _read_partner(self, sales):
        """Return the partner of the receipt, or else of the root: never a mixture."""
        source = {name: sales.get(f"@{name}") for name in _PARTNER}
        if not any(source.values()):
            source = self._root
        return {
            field: plain_text(source.get(name), name, limit)
            for name, (field, limit) in _PARTNER.items()
        }

    def _read_total(self, item):
        try:
            self._look_for_unknown("Payments", item, _TOTAL_PARTS)
            total = PaymentTotal(
                _read_payment_code(item), _number(item, "QTY"), _number(item, "AMOUNT")
            )
        except PayloadError as err:
            where = f"payment total {self._totals}"
            self._handler.unreadable(
                Unreadable(0, "", where, fragment("Payments", item), str(err))
            )
        else:
            self._handler.total(total)

    def _look_for_unknown(self, place, item, known):
        for name in item.keys() - known:
            if name[0] == "@":
                self._tell_attribute(f"{ROOT}/{place}", name[1:])
            else:
                self._tell(f"{ROOT}/{place}/{name}")

    def _tell_attribute(self, place, name):
        if not name.startswith(("xmlns", "xsi:")):
            self._tell(f"{place}@{name}")

    def _tell(self, path):
        if path not in self._unknown:
            self._unknown.add(path)
            self._handler.unknown(path)


def _read_line(element):
    """Read a Sale element: a line counts as its plain and its manual part together."""
    return Line(
        code=_text(element, "CODE", MAX_CODE),
        vcode=_text(element, "VCODE", MAX_CODE),
        name=_text(element, "NAME", MAX_TEXT) or _text(element, "n", MAX_TEXT),
        quantity=_number(element, "QTY") + _number(element, "QTYMANUAL"),
        amount=_number(element, "AMOUNT") + _number(element, "AMOUNTMANUAL"),
        vat=_number(element, "VATSUM") + _number(element, "VATSUMMANUAL"),
        discount=_number(element, "DISCOUNT"),
        comment=_text(element, "COMMENT", MAX_TEXT),
    )


def _read_payment(element):
    return Payment(_read_payment_code(element), _number(element, "AMOUNT"))


def _read_payment_code(element):
    code = _text(element, "CODE", MAX_CODE)
    method = _text(element, "PAYMETHOD", MAX_CODE)
    if code and method and code != method:
        raise PayloadError(
            f"CODE says payment {code} and PAYMETHOD says {method}: only one can be "
            "meant. Have it corrected in RASO and exported again."
        )
    return code or method


def _as_element(item, tag):
    """Return the parts of an element; one with text alone can't be understood."""
    if isinstance(item, str):
        raise PayloadError(
            f"{tag} holds a text where elements are expected. "
            "Have it corrected in RASO and exported again."
        )
    return item or {}


def _text(element, tag, limit):
    return plain_text(element.get(tag), tag, limit)


def _number(element, tag):
    value = element.get(tag)
    if not isinstance(value, str):
        value = plain_text(value, tag, MAX_TEXT)
    return parse_number(value, tag)


def _total(parts, figure):
    return sum((getattr(part, figure) for part in parts), Decimal())


def _turn_lines(lines):
    return tuple(
        replace(
            line,
            quantity=-line.quantity,
            amount=-line.amount,
            vat=-line.vat,
            discount=-line.discount,
        )
        for line in lines
    )


def _turn_payments(payments):
    """Turn payments by their own sum: they may be given as paid back already."""
    if _total(payments, "amount") <= 0:
        return payments
    return tuple(replace(payment, amount=-payment.amount) for payment in payments)
