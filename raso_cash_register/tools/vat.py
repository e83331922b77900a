"""Which VAT rates explain the money of a line (interface §6)."""

from decimal import Decimal

# how many roundings a receipt line may hold: its amount and its VAT
TOLERANCE_RECEIPT = 2

_HALF_CENT = Decimal("0.005")


def fitting_rates(amount, vat, rates, n=TOLERANCE_RECEIPT) -> list[Decimal]:
    """Return those of ``rates`` (in percent) that fit, the nearest first.

    ``amount`` holds the VAT. A rate p fits when |vat − amount·p/(100+p)| is at most
    half a cent times ``n``; rates equally near keep their order.
    """
    # multiplied out by 100+p: exact, where the quotient would be rounded
    misses = [(abs(vat * (100 + rate) - amount * rate), rate) for rate in rates]
    fitting = [
        (miss / (100 + rate), rate)
        for miss, rate in misses
        if miss <= _HALF_CENT * n * (100 + rate)
    ]
    return [rate for _distance, rate in sorted(fitting, key=lambda pair: pair[0])]
