"""What is read from RASO's documents, as plain records.

Texts are trimmed, numbers are exact, quantities and money stand as the till gave
them: amounts are EUR with VAT in them and discounts taken off.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt; quantity, amount and VAT hold the manual part too.

    ``vat_roundings`` is how many times half a cent its VAT may miss the rate's
    (interface §6).
    """

    code: str
    vcode: str
    name: str
    quantity: Decimal
    amount: Decimal
    vat: Decimal
    discount: Decimal
    comment: str
    vat_roundings: int = 2


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a receipt; also cash rounding, which RASO lists as one."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt of a KVITAS document, or a sheet: a whole document of RIVILE or tara.

    ``kind`` is ``sale``, ``return``, ``sf``, ``sf_return``, ``sheet``,
    ``sheet_return``, ``tara`` or ``tara_cash``; ``position`` counts the document's
    receipts from 1; ``till`` is empty if the document is the whole shop's; ``time`` is
    None if the till gave none. ``series`` is what ``number`` counts: the receipts of
    the till, or the sheets of a kind; ``z_number`` is a sheet's LASTZ. ``first_day``
    is set if a sheet sums up several days, of which ``day`` is the last.
    """

    position: int
    kind: str
    shop: str
    till: str
    number: str
    day: date
    time: time | None
    cashier: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]
    invoice_no: str = ""
    partner_code: str = ""
    partner_name: str = ""
    partner_vat: str = ""
    partner_address: str = ""
    series: str = "receipt"
    z_number: str = ""
    first_day: date | None = None

    @property
    def quantity(self) -> Decimal:
        return sum((line.quantity for line in self.lines), Decimal())

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal())

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), Decimal())

    @property
    def paid(self) -> Decimal:
        """Sum of all payment rows, cash rounding among them."""
        return sum((payment.amount for payment in self.payments), Decimal())

    def fingerprint(self) -> str:
        """Return the same text for two receipts of the same content (interface §3).

        The order of lines and payments, item names, comments, discounts and the
        formatting of numbers don't count. A partner counts by its codes, and by name
        and address only if it has none.
        """
        partner = (self.partner_code, self.partner_vat)
        if not any(partner):
            partner = (self.partner_name, self.partner_address)
        content = (
            self.kind,
            self.time.isoformat() if self.time else "",
            self.invoice_no,
            partner,
            sorted(
                (
                    line.code,
                    line.vcode,
                    _plain(line.quantity),
                    _plain(line.amount),
                    _plain(line.vat),
                )
                for line in self.lines
            ),
            sorted((row.code, _plain(row.amount)) for row in self.payments),
        )
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PaymentTotal:
    """The document's own sum of its receipts' payments of one kind, for checking."""

    code: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of a document that could not be read, and why.

    ``position`` counts like that of the records read; 0 is a payment total. ``number``
    is the receipt's or Z report's, if it could be read.
    """

    position: int
    number: str
    where: str
    fragment: str
    reason: str


@dataclass(frozen=True, slots=True)
class ZReport:
    """One Z report. ``printed`` is the server's local time, without a zone.

    ``figures`` holds the numbers by RASO's own names (interface §5), only those that
    the document has; ``unknown`` the text of elements that have no known meaning.
    """

    position: int
    number: str
    fiscal_no: str
    shop: str
    till: str
    last_receipt: str
    cashier: str
    printed: datetime
    figures: dict[str, Decimal] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def _plain(number):
    """Write equal numbers alike: 1.0 as 1.000, -0 as 0."""
    return format(number.normalize(), "f") if number else "0"
