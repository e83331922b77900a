"""Oddities that real tills export, put into plain sales one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from .lines import (
    as_return,
    draw_quantity,
    manual_line,
    pack_line,
    plain_line,
)
from .model import SALES, Dice, Line, Mix, Product, Receipt

UNKNOWN_BARCODE = "unknown barcode"
WRONG_PAYMENTS = "payments miss the lines"

_STRANGER = Product(
    barcode="4779999999997",
    code="",
    name="Prekė be kortelės",
    unit="vnt",
    vat=21,
    price=Decimal("4.84"),
    cost=Decimal("2.80"),
)

Twist = Callable[[Receipt, Dice, Sequence[Product]], Receipt]


def twist_receipts(
    receipts: Sequence[Receipt], dice: Dice, mix: Mix, catalogue: Sequence[Product]
) -> list[Receipt]:
    """Return ``receipts`` with the oddities ``mix`` counts, each in a sale of its own.

    :raise ValueError: there are too few sales
    """
    receipts = list(receipts)
    free = [
        i for i, x in enumerate(receipts) if x.kind == "sale" and not _late(x, receipts)
    ]
    if sum(getattr(mix, name) for name in TWISTS) + mix.opposite_signs > len(free):
        raise ValueError(f"{len(free)} sales are too few for the oddities asked for")
    for name, twist in TWISTS.items():
        for _ in range(getattr(mix, name)):
            index = free.pop(dice.below(len(free)))
            receipts[index] = twist(receipts[index], dice, catalogue)
    chosen = dice.choose(free, mix.opposite_signs)
    for index in chosen:
        receipts[index] = replace(receipts[index], kind="return", lines=())
    for index in chosen:
        line = _opposite(receipts, index, catalogue)
        receipts[index] = _with_lines(receipts[index], line)
    return receipts


def _late(receipt: Receipt, receipts: Sequence[Receipt]) -> bool:
    """Tell if ``receipt`` was printed after midnight: those are odd enough."""
    return receipt.moment.date() > receipts[0].moment.date()


def _with_lines(receipt: Receipt, *lines: Line) -> Receipt:
    return replace(receipt, lines=receipt.lines + lines)


def _other(receipt: Receipt, dice: Dice, products: Sequence[Product]) -> Product:
    """Pick one of ``products`` that is not on ``receipt``, if there is any."""
    present = [line.product for line in receipt.lines]
    return dice.pick([x for x in products if x not in present] or products)


def _zero_line(receipt: Receipt, dice: Dice, catalogue: Sequence[Product]) -> Receipt:
    product = _other(receipt, dice, catalogue[:-1])
    return _with_lines(receipt, plain_line(product, draw_quantity(dice, product), 100))


def _deposit(receipt: Receipt, dice: Dice, catalogue: Sequence[Product]) -> Receipt:
    return _with_lines(receipt, plain_line(catalogue[-1], Decimal(dice.between(1, 6))))


def _pack(receipt: Receipt, dice: Dice, catalogue: Sequence[Product]) -> Receipt:
    packed = [product for product in catalogue if product.pack_barcode]
    product = dice.pick(packed)
    return _with_lines(receipt, pack_line(product, Decimal(dice.between(1, 2))))


def _repeat(receipt: Receipt, dice: Dice, _catalogue: Sequence[Product]) -> Receipt:
    product = receipt.lines[0].product
    return _with_lines(receipt, plain_line(product, draw_quantity(dice, product)))


def _taken_back(receipt: Receipt, dice: Dice, catalogue: Sequence[Product]) -> Receipt:
    pieces = [product for product in catalogue[:-1] if product.unit == "vnt"]
    product = _other(receipt, dice, pieces)
    back = plain_line(product, Decimal(1)).negated()
    return _with_lines(receipt, plain_line(product, Decimal(3)), back)


def _unknown(receipt: Receipt, _dice: Dice, _catalogue: Sequence[Product]) -> Receipt:
    line = plain_line(_STRANGER, Decimal(1))
    return replace(_with_lines(receipt, line), flaw=UNKNOWN_BARCODE)


def _misspay(receipt: Receipt, _dice: Dice, _catalogue: Sequence[Product]) -> Receipt:
    return replace(receipt, flaw=WRONG_PAYMENTS)


def _by_sign(receipt: Receipt, _dice: Dice, _catalogue: Sequence[Product]) -> Receipt:
    return as_return(receipt, SALES)


def _opposite(
    receipts: Sequence[Receipt], index: int, catalogue: Sequence[Product]
) -> Line:
    """Return the line that brings back by hand what sold at its price at the till.

    Summed in a sheet, the product then has QTY > 0 and QTYMANUAL < 0.
    """
    sheet: dict[str, Line] = {}
    for receipt in receipts:
        if _sheet_of(receipt) == _sheet_of(receipts[index]):
            for line in receipt.lines:
                known = sheet.get(line.code)
                sheet[line.code] = known.plus(line) if known else line
    for product in catalogue:
        sold = sheet.get(product.barcode)
        if sold and sold.quantity > 0 and sold.quantity_manual >= 0:
            return manual_line(product, sold.quantity_manual + 1).negated()
    raise ValueError(
        f"till {receipts[index].till} has no sale left to go with a return"
    )


def _sheet_of(receipt: Receipt) -> tuple:
    return receipt.till, receipt.data_type, receipt.moment.date()


TWISTS: dict[str, Twist] = {
    "zero_lines": _zero_line,
    "deposits": _deposit,
    "packs": _pack,
    "repeats": _repeat,
    "taken_back": _taken_back,
    "unknown_barcodes": _unknown,
    "wrong_payments": _misspay,
    "returns_by_sign": _by_sign,
}
