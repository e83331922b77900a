"""Lines of receipts: what a quantity of a product comes to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .model import GRAM, Dice, Line, Product, Receipt, money

_MANUAL_PERCENT = 80


def draw_line(dice: Dice, product: Product) -> Line:
    """Draw a line: most at the price, some at a discount or a hand-changed price."""
    quantity = draw_quantity(dice, product)
    way = dice.below(20)
    if way == 0:
        return manual_line(product, quantity)
    return plain_line(product, quantity, dice.pick((5, 10, 20)) if way < 4 else 0)


def draw_quantity(dice: Dice, product: Product) -> Decimal:
    """Draw what people buy: 1 to 3 pieces or 0.2 to 2.5 kg."""
    if product.unit == "kg":
        return dice.between(200, 2500) * GRAM
    return Decimal(dice.between(1, 3))


def plain_line(product: Product, quantity: Decimal, discount: int = 0) -> Line:
    """Return a line at the catalogue's price, less ``discount`` per cent."""
    full = money(product.price * quantity)
    amount = money(full * (100 - discount) / 100)
    return Line(
        product=product,
        code=product.barcode,
        quantity=quantity,
        amount=amount,
        vat=vat_in(amount, product.vat),
        discount=full - amount,
    )


def manual_line(product: Product, quantity: Decimal) -> Line:
    """Return a line at a price that the cashier changed by hand."""
    amount = money(product.price * quantity * _MANUAL_PERCENT / 100)
    return Line(
        product=product,
        code=product.barcode,
        quantity_manual=quantity,
        amount_manual=amount,
        vat_manual=vat_in(amount, product.vat),
    )


def pack_line(product: Product, packs: Decimal) -> Line:
    """Return a line sold under the packaging barcode, counted in packs."""
    line = plain_line(product, packs * product.pack_size)
    return replace(line, code=product.pack_barcode, quantity=packs)


def vat_in(amount: Decimal, rate: int) -> Decimal:
    """Return the VAT that ``amount`` holds at ``rate`` per cent."""
    return money(amount * rate / (100 + rate))


def as_return(receipt: Receipt, data_type: int) -> Receipt:
    """Return the receipt that brings the goods of ``receipt`` back.

    All at the catalogue's price: a return knows no discount.
    """
    lines = tuple(
        plain_line(line.product, line.quantity + line.quantity_manual).negated()
        for line in receipt.lines
    )
    return replace(receipt, kind="return", data_type=data_type, lines=lines)
