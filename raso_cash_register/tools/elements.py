"""What the documents of all data providers have in common: texts, money, partners."""

from dataclasses import replace
from decimal import Decimal

from ..exceptions import PayloadError
from ..texts import _lt
from .numbers import parse_number
from .payload import plain_text
from .records import Payment

# codes and numbers of shops, tills, receipts, items, partners
MAX_CODE = 64
# names, addresses, comments
MAX_TEXT = 1000

PARTNER = {
    "PartnerCode": ("partner_code", MAX_CODE),
    "PartnerName": ("partner_name", MAX_TEXT),
    "PartnerVATCode": ("partner_vat", MAX_CODE),
    "PartnerAddress": ("partner_address", MAX_TEXT),
}
PAYMENT_PARTS = frozenset({"CODE", "PAYMETHOD", "AMOUNT"})
TOTAL_PARTS = PAYMENT_PARTS | {"QTY"}


class Unknowns:
    """Tells a handler, once each, of elements and attributes without a meaning."""

    def __init__(self, handler):
        self._handler = handler
        self._told = set()

    def look(self, place, item, known):
        """Look through the parts of an element as xmltodict gives them."""
        for name in item.keys() - known:
            if name[0] == "@":
                self.tell_attribute(place, name[1:])
            else:
                self.tell(f"{place}/{name}")

    def look_at_root(self, tag, attributes, known):
        for name in attributes.keys() - known:
            self.tell_attribute(tag, name)

    def tell_attribute(self, place, name):
        if not name.startswith(("xmlns", "xsi:")):
            self.tell(f"{place}@{name}")

    def tell(self, path):
        if path not in self._told:
            self._told.add(path)
            self._handler.unknown(path)


def read_partner(attributes):
    """Return the fields of the partner that ``attributes`` name."""
    return {
        field: plain_text(attributes.get(name), name, limit)
        for name, (field, limit) in PARTNER.items()
    }


def read_payment(element):
    return Payment(read_payment_code(element), read_number(element, "AMOUNT"))


def read_payment_code(element):
    code = read_text(element, "CODE", MAX_CODE)
    method = read_text(element, "PAYMETHOD", MAX_CODE)
    if code and method and code != method:
        raise PayloadError(
            _lt(
                "CODE says payment %(code)s and PAYMETHOD says %(method)s: only one "
                "can be meant. Have it corrected in RASO and exported again.",
                code=code,
                method=method,
            )
        )
    return code or method


def read_text(element, tag, limit):
    return plain_text(element.get(tag), tag, limit)


def read_number(element, tag):
    value = element.get(tag)
    if not isinstance(value, str):
        value = plain_text(value, tag, MAX_TEXT)
    return parse_number(value, tag)


def place_line(index):
    return _lt("line %(index)s", index=index)


def place_payment(index):
    return _lt("payment %(index)s", index=index)


def place_in(whole, part):
    """Return where ``part`` of a ``whole`` stands; the part may be ''."""
    return _lt("%(whole)s, %(part)s", whole=whole, part=part) if part else whole


def total(parts, figure):
    return sum((getattr(part, figure) for part in parts), Decimal())


def is_negative(lines):
    """Tell a return by its sign: of the quantity, if that is zero of the amount."""
    quantity = total(lines, "quantity")
    return quantity < 0 or (not quantity and total(lines, "amount") < 0)


def turn_return(lines, payments):
    """Turn a return that was given as positive, lines and payments by their own sums.

    Payments may be given as paid back already.
    """
    if total(lines, "quantity") <= 0:
        return lines, payments
    if total(payments, "amount") > 0:
        payments = tuple(replace(row, amount=-row.amount) for row in payments)
    return tuple(_turn_line(line) for line in lines), payments


def _turn_line(line):
    return replace(
        line,
        quantity=-line.quantity,
        amount=-line.amount,
        vat=-line.vat,
        discount=-line.discount,
    )
