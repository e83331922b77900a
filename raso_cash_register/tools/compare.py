"""Comparing what was received of a till with its Z report (interface §5).

The Z report counts what the fiscal device printed. Turnover, net and VAT hold sales
with returns not taken off; some set-ups take them off, and in a daily sheet returns
may be summed with the sales: each way of reading is tried, and the result says which
one fitted best.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

NOTHING = Decimal(0)
GROUPS = range(1, 6)
COUNTERS = range(6)
TURNOVER = "DienosApyvarta"
RETURNS = "GrazinimuSuma"
RECEIPT_COUNT = "FiskaliniuKvituKiekis"
RETURN_COUNT = "GrazinimuKartai"
TARA = "TarosSuma"
# variant: returns are taken off the turnover, returns can't be told from sales
VARIANTS = {
    "apart": (False, False),
    "net": (True, False),
    "apart_mixed": (False, True),
    "net_mixed": (True, True),
}


def counter_figure(counter: int) -> str:
    """Return the name of a payment counter's figure; 0 is cash."""
    return f"{TURNOVER}Kreditan{counter}" if counter else f"{TURNOVER}Grynaisiais"


@dataclass(frozen=True, slots=True)
class Money:
    """Net and VAT of a fiscal group."""

    net: Decimal = NOTHING
    vat: Decimal = NOTHING

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    def __add__(self, other: "Money") -> "Money":
        return Money(self.net + other.net, self.vat + other.vat)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.net - other.net, self.vat - other.vat)


def sum_money(parts: Iterable[Money]) -> Money:
    return sum(parts, Money())


@dataclass(frozen=True, slots=True)
class Received:
    """What was received of the time that a Z report covers.

    ``sold`` and ``returned`` are by fiscal group, returns as positive money; group 0
    holds what has no known rate. ``payments`` are by counter, cash rounding left out,
    returns taken off; None is what no counter counts. Daily sheets sum up receipts,
    so with them neither receipts nor returns can be counted. ``deposits`` is what
    receipts hold of untaxed items, ``tara`` what tara documents come to.
    """

    sold: Mapping[int, Money] = field(default_factory=dict)
    returned: Mapping[int, Money] = field(default_factory=dict)
    payments: Mapping[int | None, Decimal] = field(default_factory=dict)
    receipts: int = 0
    returns: int = 0
    tara: Decimal = NOTHING
    deposits: Decimal = NOTHING
    has_sheets: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as we have it and as the Z report has it."""

    figure: str
    ours: Decimal
    z: Decimal

    @property
    def gap(self) -> Decimal:
        return self.ours - self.z


@dataclass(frozen=True, slots=True)
class Comparison:
    """``gap`` and ``vat_gap``: ours less the Z report's, returns taken off.

    ``variant`` is one of `VARIANTS`, or '' where there are no returns to tell by.
    """

    variant: str
    rows: tuple[Row, ...]
    gap: Decimal
    vat_gap: Decimal

    @property
    def differences(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.gap)


def compare(received: Received, figures: Mapping[str, object]) -> Comparison:
    """Compare with a Z report's figures by RASO's names; a missing one is zero.

    Counts that are left out where there is money aren't given, so aren't compared.
    """
    z = {name: Decimal(str(value)) for name, value in figures.items()}
    names = VARIANTS if received.has_sheets else ("apart", "net")
    tried = [_compare_as(name, received, z) for name in names]
    # the first of equals: how the interface page says it is
    best = min(tried, key=lambda comparison: len(comparison.differences))
    if not sum_money(received.returned.values()).gross and not _z_returned(z).gross:
        return Comparison("", best.rows, best.gap, best.vat_gap)
    return best


def _z_sold(z) -> Money:
    return sum_money(_z_group(z, "", group) for group in GROUPS)


def _z_returned(z) -> Money:
    parts = sum_money(_z_group(z, "Grazinimo", group) for group in GROUPS)
    gross = z.get(RETURNS, parts.gross)
    return Money(gross - parts.vat, parts.vat)


def _z_group(z, prefix, group) -> Money:
    return Money(
        z.get(f"{prefix}SumaBePVM{group}", NOTHING),
        z.get(f"{prefix}PVMSuma{group}", NOTHING),
    )


def _compare_as(variant, received, z):
    is_net, is_mixed = VARIANTS[variant]
    z_off = Money() if is_net else _z_returned(z)
    ours = sum_money(received.sold.values()) - sum_money(received.returned.values())
    rows = [
        *_compare_turnover(received, z, is_net, is_mixed),
        *_compare_groups(received, z, is_net, is_mixed),
        *(
            Row(
                name,
                received.payments.get(counter, NOTHING),
                z.get(name, NOTHING),
            )
            for counter in COUNTERS
            for name in [counter_figure(counter)]
        ),
        *_compare_counts(received, z, is_net),
        *_compare_tara(received, z),
    ]
    return Comparison(
        variant,
        tuple(row for row in rows if row.ours or row.z),
        ours.gross - (z.get(TURNOVER, NOTHING) - z_off.gross),
        ours.vat - (_z_sold(z).vat - z_off.vat),
    )


def _compare_turnover(received, z, is_net, is_mixed):
    sold = sum_money(received.sold.values()).gross
    returned = sum_money(received.returned.values()).gross
    turnover, z_returned = z.get(TURNOVER, NOTHING), _z_returned(z).gross
    if is_mixed:
        off = NOTHING if is_net else z_returned
        yield Row(TURNOVER, sold - returned, turnover - off)
    else:
        yield Row(TURNOVER, sold - returned if is_net else sold, turnover)
        if z_returned or not is_net:
            yield Row(RETURNS, returned, z_returned)


def _compare_groups(received, z, is_net, is_mixed):
    for group in GROUPS:
        sold = received.sold.get(group, Money())
        returned = received.returned.get(group, Money())
        z_sold, z_returned = _z_group(z, "", group), _z_group(z, "Grazinimo", group)
        if is_net or is_mixed:
            sold -= returned
        if is_mixed and not is_net:
            z_sold -= z_returned
        yield Row(f"SumaBePVM{group}", sold.net, z_sold.net)
        yield Row(f"PVMSuma{group}", sold.vat, z_sold.vat)
        if not is_mixed and (not is_net or _z_returned(z).gross):
            yield Row(f"GrazinimoSumaBePVM{group}", returned.net, z_returned.net)
            yield Row(f"GrazinimoPVMSuma{group}", returned.vat, z_returned.vat)


def _compare_counts(received, z, is_net):
    if received.has_sheets:
        return
    z_returned = _z_returned(z).gross
    for name, money, ours in (
        (RECEIPT_COUNT, TURNOVER, received.receipts),
        (RETURN_COUNT, RETURNS, received.returns),
    ):
        if name == RETURN_COUNT and is_net and not z_returned:
            continue
        if name in z or money not in z:
            yield Row(name, Decimal(ours), z.get(name, NOTHING))


def _compare_tara(received, z):
    """Which tara the figure counts, and its sign, isn't certain: any fits."""
    if TARA not in z:
        return
    candidates = (received.tara, received.deposits, received.tara + received.deposits)
    for ours in candidates:
        if abs(ours) == abs(z[TARA]):
            yield Row(TARA, z[TARA], z[TARA])
            return
    yield Row(TARA, received.tara, z[TARA])
