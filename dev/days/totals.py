"""What any correct booking of a day comes to: the day's expected.json."""

from __future__ import annotations

from decimal import Decimal

from .model import Day, Product


def expected(day: Day) -> dict:
    """Return the totals of ``day`` as texts: kinds, VAT by rate, products, payments.

    Receipts with a flaw are left out, for a person has to see them first; so are
    tara documents. Amounts and quantities are signed, lines without VAT give no
    rate, and receipts after midnight count with the day whose Z holds them.
    """
    receipts = [receipt for receipt in day.receipts if not receipt.flaw]
    kinds: dict[str, int] = {}
    amounts: dict[str, Decimal] = {}
    vat: dict[str, Decimal] = {}
    units: dict[Product, Decimal] = {}
    payments: dict[str, Decimal] = {}
    for receipt in receipts:
        _add(kinds, receipt.kind, 1)
        _add(amounts, receipt.kind, receipt.total)
        for line in receipt.lines:
            if line.product.vat:
                _add(vat, str(line.product.vat), line.total_vat)
            _add(units, line.product, line.units)
        for payment in receipt.payments:
            _add(payments, payment.code, payment.amount)
    return {
        "receipts": len(receipts),
        "by_kind": dict(sorted(kinds.items())),
        "amount": _texts(amounts),
        "vat": _texts(vat),
        "qty": {
            product.code: f"{units[product]:.{3 if product.unit == 'kg' else 0}f}"
            for product in sorted(units, key=lambda product: product.code)
        },
        "payments": _texts(payments),
    }


def _add(sums: dict, key: object, value: Decimal | int) -> None:
    sums[key] = sums.get(key, 0) + value


def _texts(sums: dict[str, Decimal]) -> dict[str, str]:
    return {key: f"{value:.2f}" for key, value in sorted(sums.items())}
