"""The bookings that ``docs/accounting.md`` shows, for tests to compare with."""

import re
from decimal import Decimal

from .standin import ROOT

GUIDE = ROOT / "docs" / "accounting.md"
PARTS = {
    "Revenue and VAT": "sale",
    "Payments": "payment",
    "Cost": "cost",
    "Unbooking": "undo",
    "Cash in and out": None,
}
_HEADING = re.compile(r"#+ .*`([^`]+)`\s*")
_ACCOUNT = re.compile(r"(\d{6})\b.*")


def read_bookings():
    """Return ``{name: {(part, account code): balance}}`` of the guide's tables.

    A booking's name stands in its heading as code; a table's first cell says what it
    books. Debit is positive.
    """
    bookings, name, part = {}, None, None
    for text in GUIDE.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(text):
            name = heading[1]
        elif text.startswith("#"):
            name = None
        elif name and text.startswith("|"):
            first, debit, credit = (cell.strip() for cell in text.split("|")[1:4])
            if first in PARTS:
                part = PARTS[first]
            elif account := _ACCOUNT.fullmatch(first):
                sums = bookings.setdefault(name, {})
                key = part, account[1]
                sums[key] = sums.get(key, Decimal(0)) + _money(debit) - _money(credit)
    return bookings


def read_t_accounts():
    """Return ``{account code: [{document: amount} by side]}`` of the guide's Ts.

    :raise ValueError: a T's totals aren't the sums of its sides
    """
    accounts = {}
    blocks = re.findall(r"```t-account\n(.*?)```", GUIDE.read_text("utf-8"), re.S)
    for block in blocks:
        head, *rows, totals = block.rstrip().splitlines()
        sides = {}, {}
        for row in rows:
            for side, text in zip(sides, row.split("|"), strict=True):
                if text.strip():
                    words = text.split()
                    amount = next(
                        word for word in words if re.fullmatch(r"[\d.]+", word)
                    )
                    words.remove(amount)
                    (document,) = words
                    side[document] = side.get(document, Decimal(0)) + Decimal(amount)
        said = [_money(text) for text in totals.split("|")]
        if said != [sum(side.values(), Decimal(0)) for side in sides]:
            raise ValueError(f"{head}: its totals are wrong")
        accounts[head.split()[0]] = sides
    return accounts


def _money(text):
    return Decimal(text.strip().replace(" ", "") or 0)
