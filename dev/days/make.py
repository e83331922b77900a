"""Making days: receipts drawn from a catalogue, paid as people pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .catalogue import make_partners
from .lines import as_return, draw_line
from .model import (
    INVOICES,
    RETURNS,
    SALES,
    Day,
    Dice,
    Mix,
    Partner,
    Payment,
    Product,
    Receipt,
    money,
)
from .twists import WRONG_PAYMENTS, twist_receipts

CASH, CARD, VOUCHER, ROUNDED_DOWN, ROUNDED_UP = "0", "2", "3", "1001", "1002"
FIRST_NUMBER = 101
ORDINARY = Mix()
# Z numbers go up by one a day; this makes them small numbers in this decade
_Z_EPOCH = date(2025, 10, 2)
_WAYS = ("cash",) * 10 + ("card",) * 8 + ("voucher", "card and cash")
_COIN = Decimal("0.05")
_OPENS = time(8)
_OPEN_FOR = timedelta(hours=12)


def make_day(
    seed: int,
    day: date,
    shop: str,
    tills: Sequence[str],
    receipts: int,
    catalogue: Sequence[Product],
    lines_per_receipt: int | None = None,
    *,
    mix: Mix = ORDINARY,
    first_number: int = FIRST_NUMBER,
) -> Day:
    """Make a day of ``receipts`` receipts, shared out evenly among ``tills``.

    A receipt has ``lines_per_receipt`` different products, or 1 to 5. Receipt
    numbers of the n-th till start from n thousand and ``first_number``. The same
    arguments give the same day on every Python.

    :raise ValueError: there are too few sales for the oddities ``mix`` asks for
    """
    drafts = []
    for index, till in enumerate(tills):
        count = receipts // len(tills) + (index < receipts % len(tills))
        moments = _moments(day, count, min(mix.after_midnight, count))
        # tills with a thousand receipts or more must not share invoice numbers
        start = (index + 1) * max(1000, 10 ** len(str(receipts))) + first_number
        drafts += [
            _draft(
                Dice(seed, day, shop, till, start + i),
                (shop, till, str(start + i), moment),
                catalogue,
                lines_per_receipt,
            )
            for i, moment in enumerate(moments)
        ]
    dice = Dice(seed, day, shop)
    drafts = _set_kinds(drafts, dice, mix, make_partners(seed))
    drafts = twist_receipts(drafts, dice, mix, catalogue)
    return Day(
        shop=shop,
        date=day,
        tills=tuple(tills),
        receipts=tuple(
            _pay(draft, Dice(seed, day, shop, draft.till, draft.number, "paid"))
            for draft in drafts
        ),
        z_number=(day - _Z_EPOCH).days,
        z_moment=datetime.combine(day, time(22, 15))
        + timedelta(hours=4 if mix.after_midnight else 0),
        mix=mix,
        deposit=catalogue[-1],
        bottles=tuple(dice.between(6, 48) for _till in tills),
    )


def _moments(day: date, count: int, late: int) -> list[datetime]:
    """Spread ``count`` receipts over the day, the ``late`` last after midnight."""
    opened = datetime.combine(day, _OPENS)
    step = int(_OPEN_FOR.total_seconds()) // max(count, 1)
    by_day = [opened + timedelta(seconds=step * i) for i in range(count - late)]
    midnight = datetime.combine(day + timedelta(days=1), time())
    pause = 7200 // (late + 1)
    return by_day + [midnight + timedelta(seconds=pause * (i + 1)) for i in range(late)]


def _draft(
    dice: Dice,
    place: tuple[str, str, str, datetime],
    catalogue: Sequence[Product],
    lines: int | None,
) -> Receipt:
    """Draw a sale that is not yet paid."""
    shop, till, number, moment = place
    count = min(lines or dice.between(1, 5), len(catalogue) - 1)
    products = dice.choose(catalogue[:-1], count)
    return Receipt(
        kind="sale",
        data_type=SALES,
        shop=shop,
        till=till,
        number=number,
        moment=moment,
        cashier=dice.pick("357"),
        lines=tuple(draw_line(dice, product) for product in products),
    )


def _set_kinds(
    drafts: list[Receipt], dice: Dice, mix: Mix, partners: Sequence[Partner]
) -> list[Receipt]:
    """Make some of the sales returns, and some invoices."""
    share = (len(drafts) + 12) // 25
    returns = share if mix.returns is None else mix.returns
    invoices = share if mix.invoices is None else mix.invoices
    chosen = dice.choose(range(len(drafts)), returns + invoices)
    for index in chosen[:returns]:
        drafts[index] = as_return(drafts[index], RETURNS)
    for index in chosen[returns:]:
        draft = drafts[index]
        number = f"RSF{draft.shop}{draft.moment:%m%d}-{int(draft.number):06}"
        drafts[index] = replace(
            draft,
            kind="invoice",
            data_type=INVOICES,
            invoice=number,
            partner=dice.pick(partners),
        )
    return drafts


def _pay(receipt: Receipt, dice: Dice) -> Receipt:
    """Pay for ``receipt``: its lines' total, but for what the cash rounding took."""
    payments = _payments(receipt, dice)
    if receipt.flaw == WRONG_PAYMENTS:
        first = payments[0]
        payments[0] = Payment(first.code, first.amount + 1)
    return replace(receipt, payments=tuple(payments))


def _payments(receipt: Receipt, dice: Dice) -> list[Payment]:
    total, way = receipt.total, dice.pick(_WAYS)
    part = money(total / 4)
    if receipt.kind == "invoice" or way == "card" or abs(total) < 1:
        return [Payment(CARD, total)]
    if receipt.kind == "return" or way == "cash":
        return _cash(total)
    if way == "voucher":
        return [Payment(VOUCHER, part), Payment(CARD, total - part)]
    return [Payment(CARD, part), *_cash(total - part)]


def _cash(total: Decimal) -> list[Payment]:
    """Pay ``total`` in cash, rounded to 5 cents.

    The rounding row is lines - money paid: 1001 is the shop's loss, positive;
    1002 its gain, negative; returns likewise.
    """
    paid = (total / _COIN).quantize(Decimal(1), ROUND_HALF_UP) * _COIN
    rounding = total - paid
    if not rounding:
        return [Payment(CASH, paid)]
    code = ROUNDED_DOWN if rounding > 0 else ROUNDED_UP
    return [Payment(CASH, paid), Payment(code, rounding)]
