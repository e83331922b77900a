"""What the fiscal device of each till sums up in its Z report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .model import CENT, Day, Line, Receipt

GROUP_RATES = (21, 12, 5, 0, None)  # fiscal groups 1 to 5; the fifth is not used
CASH_FLOAT = Decimal("100.00")
NOTHING = CENT * 0


def z_reports(day: Day) -> Iterator[list[tuple[str, object]]]:
    """Yield each till's report as pairs of element and value (interface, part 5).

    Turnover holds sales and invoices with returns not taken off; cash and other
    counters hold what was paid, returns taken off; tara is outside.
    """
    for till in day.tills:
        receipts = [receipt for receipt in day.receipts if receipt.till == till]
        if receipts:
            yield _report(day, till, receipts)


def _report(day: Day, till: str, receipts: list[Receipt]) -> list[tuple[str, object]]:
    sold = [receipt for receipt in receipts if receipt.kind != "return"]
    back = [receipt for receipt in receipts if receipt.kind == "return"]
    cash = _paid(receipts, "0")
    taken = max(cash, NOTHING)
    return [
        ("ZNr", day.z_number),
        ("FiscalNo", f"RR{day.shop}{till}0001234"),
        ("ShopNo", day.shop),
        ("PosNo", till),
        ("ReceiptNo", receipts[-1].number),
        ("SUsersCode", receipts[-1].cashier),
        ("ZReportDate", day.z_moment.isoformat()),
        ("FiskaliniuKvituKiekis", len(receipts)),
        ("NefiskaliniuKvituKiekis", 0),
        ("DienosApyvarta", sum((x.total for x in sold), NOTHING)),
        *_groups(sold, back),
        ("DienosApyvartaGrynaisiais", cash),
        ("DienosApyvartaKreditan2", _paid(receipts, "2")),
        ("DienosApyvartaKreditan3", _paid(receipts, "3")),
        ("IdetaGrynuju1", CASH_FLOAT),
        ("IdetaGrynujuKartai1", 1),
        ("IsimtaGrynuju1", taken),
        ("IsimtaGrynujuKartai1", int(taken > 0)),
        ("GrynujuKasoje", CASH_FLOAT + cash - taken),
        ("GrazinimuSuma", -sum((x.total for x in back), NOTHING)),
        ("GrazinimuKartai", len(back)),
        ("NuolaidosSumaPrekems", sum((x.discount for x in _lines(sold)), NOTHING)),
    ]


def _groups(sold: list[Receipt], back: list[Receipt]) -> Iterator[tuple[str, Decimal]]:
    for group, rate in enumerate(GROUP_RATES, 1):
        net, vat = _net_and_vat(_lines(sold), rate)
        returned_net, returned_vat = _net_and_vat(_lines(back), rate)
        yield f"PVMSuma{group}", vat
        yield f"SumaBePVM{group}", net
        yield f"GrazinimoSumaBePVM{group}", NOTHING - returned_net
        yield f"GrazinimoPVMSuma{group}", NOTHING - returned_vat


def _lines(receipts: Iterable[Receipt]) -> list[Line]:
    return [line for receipt in receipts for line in receipt.lines]


def _net_and_vat(lines: Iterable[Line], rate: int | None) -> tuple[Decimal, Decimal]:
    lines = [line for line in lines if line.product.vat == rate]
    vat = sum((line.total_vat for line in lines), NOTHING)
    return sum((line.total for line in lines), NOTHING) - vat, vat


def _paid(receipts: Iterable[Receipt], code: str) -> Decimal:
    return sum(
        (pay.amount for x in receipts for pay in x.payments if pay.code == code),
        NOTHING,
    )
