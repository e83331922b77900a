"""What a generated day is made of: plain dataclasses, money in exact decimals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeVar

CENT = Decimal("0.01")
GRAM = Decimal("0.001")
ZERO = Decimal(0)

SALES, INVOICES, TARA, RETURNS, Z_REPORTS = 0, 1, 2, 3, 5

T = TypeVar("T")


def money(value: Decimal) -> Decimal:
    """Round to the cent, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


class Dice:
    """Seeded choices that come out alike on every Python.

    Only ``random()`` is drawn from: its sequence is the one that Python promises
    to keep for a seed.
    """

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(map(str, seed))).random

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit`` - 1."""
        return int(self._random() * limit)

    def between(self, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of ``items``."""
        return items[self.below(len(items))]

    def choose(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of ``items``, in the order drawn."""
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]


@dataclass(frozen=True)
class Product:
    """An item of the shop's catalogue.

    ``price`` is EUR with VAT for one ``unit`` (vnt or kg), ``cost`` EUR without;
    ``vat`` is a rate in per cent. A pack of ``pack_size`` units has a barcode of
    its own, empty where the item has no pack.
    """

    barcode: str
    code: str
    name: str
    unit: str
    vat: int
    price: Decimal
    cost: Decimal
    pack_barcode: str = ""
    pack_size: int = 1


@dataclass(frozen=True)
class Partner:
    """A buyer named on an invoice (SF)."""

    code: str
    name: str
    vat_code: str
    address: str


@dataclass(frozen=True)
class Line:
    """One line of a receipt, as the till prints it.

    Amounts are EUR with the VAT in them and the discount taken off. Quantities
    are what the till counts: packs, if ``code`` is a pack's barcode.
    """

    product: Product
    code: str
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    vat: Decimal = ZERO
    quantity_manual: Decimal = ZERO
    amount_manual: Decimal = ZERO
    vat_manual: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.amount + self.amount_manual

    @property
    def total_vat(self) -> Decimal:
        return self.vat + self.vat_manual

    @property
    def units(self) -> Decimal:
        """The quantity in the product's own unit."""
        packed = self.code == self.product.pack_barcode
        each = self.product.pack_size if packed else 1
        return (self.quantity + self.quantity_manual) * each

    def negated(self) -> Line:
        """Return the same line going the other way."""
        return replace(self, **{name: -getattr(self, name) for name in _SIGNED})

    def plus(self, other: Line) -> Line:
        """Return both lines in one, as a sheet sums them."""
        names = (*_SIGNED, "discount")
        return replace(
            self, **{name: getattr(self, name) + getattr(other, name) for name in names}
        )


_SIGNED = (
    "quantity",
    "amount",
    "vat",
    "quantity_manual",
    "amount_manual",
    "vat_manual",
)


class Payment(NamedTuple):
    """A payment: the kind's code and EUR. 1001 and 1002 are cash rounding."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """One receipt of a till.

    ``kind`` is sale, return or invoice; ``data_type`` says in which documents it
    is exported (a return *by sign* stands among the sales). ``flaw`` is not empty
    when a right reader must hold the receipt for a person.
    """

    kind: str
    data_type: int
    shop: str
    till: str
    number: str
    moment: datetime
    cashier: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...] = ()
    invoice: str = ""
    partner: Partner | None = None
    flaw: str = ""

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), ZERO)


@dataclass(frozen=True)
class Mix:
    """What a day has beyond ordinary receipts, and how its documents are written.

    Counts are receipts of the day: each oddity takes plain sales of its own, so
    a receipt never bears two, and the others stay as they are without it.
    """

    returns: int | None = None  # of DataType 3; None: one receipt in 25
    invoices: int | None = None  # None: one receipt in 25
    zero_lines: int = 0  # with a quantity given away for nothing
    deposits: int = 0  # with a deposit line, without VAT
    packs: int = 0  # with a line under a packaging barcode
    repeats: int = 0  # with the same product on two lines
    taken_back: int = 0  # sales with a negative line
    unknown_barcodes: int = 0  # with an item nobody knows: to be held
    wrong_payments: int = 0  # paid 1 EUR beside the lines: to be held
    returns_by_sign: int = 0  # negative receipts in DataType 0
    opposite_signs: int = 0  # returns that give a sheet +QTY and -QTYMANUAL
    after_midnight: int = 0  # last receipts of each till, still before the Z

    vcode: str = "full"  # or "empty", "missing"; KVITAS only, as all below
    n_tag: bool = False  # ``n`` instead of NAME
    paymethod: bool = False  # PAYMETHOD instead of CODE in payments
    partner_on_root: bool = False  # one SF a document, its partner on the root
    no_time: bool = False  # SaleTime left out
    positive_returns: bool = False  # DataType 3 without minus signs
    wrong_totals: bool = False  # the root's payment totals 0.10 EUR too high


@dataclass(frozen=True)
class Day:
    """A business day of one shop: receipts till by till, in the order printed."""

    shop: str
    date: date
    tills: tuple[str, ...]
    receipts: tuple[Receipt, ...]
    z_number: int
    z_moment: datetime
    mix: Mix
    deposit: Product
    bottles: tuple[int, ...]  # taken back for cash, by till
