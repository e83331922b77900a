"""The demo's trade: two shops over a fortnight, with the troubles that real ones have.

What is sold is always the same; only the dates move, so that yesterday is the last
whole day. Shop 01 exports receipts (KVITAS), shop 02 daily sheets (RIVILĖ).
"""

import json
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from dev.days import kvitas_documents, make_catalogue, make_day, rivile_documents
from dev.days.model import Day, Mix, Payment

DAYS = 14
PRODUCTS = 40
TILLS = {"01": ("1", "2"), "02": ("1",)}
RECEIPTS = {"01": 24, "02": 12}
# the newest sheets wait for a person, who makes their revenue entries
SHEETS_TO_ENTER = 2
_SEED = 7
_MADE_FOR = date(2026, 3, 1)  # the first day, before it is moved
_PLAIN = Mix(returns=0, invoices=0, deposits=1, packs=1)
_RICH = Mix(returns=2, invoices=2, deposits=1, packs=1, taken_back=1)
_FLAWED = replace(_RICH, unknown_barcodes=2, wrong_payments=1)
_MORNING = time(10, 30)


@dataclass(frozen=True)
class ShopDay:
    """A day of a shop: what RASO exports of it and what is to become of it.

    ``day`` has the receipts that come; ``z_day`` also those that only the Z report
    knows. ``states`` says for each till how its day has to stand in Odoo.
    """

    day: Day
    z_day: Day
    rows: list
    states: dict


@dataclass(frozen=True)
class Fortnight:
    """The demo's content: days by shop, the oldest first, and this morning's sales."""

    catalogue: list
    days: list
    morning: ShopDay
    conflicts: int = 1
    unread: int = 1

    @property
    def first(self):
        return self.days[0].day.date

    @property
    def all_days(self):
        return [*self.days, self.morning]

    def of_date(self, day):
        return [part for part in self.days if part.day.date == day]

    def write(self, folder):
        """Write the documents for the stand-in; return their folders."""
        folders = []
        for part in self.all_days:
            place = folder / f"{part.day.date}-{part.day.shop}"
            _write_rows(part.rows, place)
            folders.append(place)
        return folders


def make_fortnight(today):
    """Return what was sold on the days before ``today``, and this morning."""
    catalogue = make_catalogue(_SEED, PRODUCTS)
    days = []
    for index in range(DAYS):
        age = DAYS - index
        receipts = _make_day("01", index, today, catalogue, _mix_of(age))
        days.append(_with_trouble(receipts, age))
        mix = _PLAIN if age % 3 else _RICH
        days.append(_as_sheets(_make_day("02", index, today, catalogue, mix), age))
    return Fortnight(catalogue, days, _make_morning(today, catalogue))


def _mix_of(age):
    if age == 1:
        return _FLAWED
    return _RICH if age < 4 or age % 3 == 0 else _PLAIN


def _make_day(shop, index, today, catalogue, mix):
    """Make a day at its fixed date and move it to ``index`` days into the demo."""
    count = RECEIPTS[shop]
    made_for = _MADE_FOR + timedelta(days=index)
    first_number = 101 + index * (count // len(TILLS[shop]))
    day = make_day(
        _SEED,
        made_for,
        shop,
        TILLS[shop],
        count,
        catalogue,
        mix=mix,
        first_number=first_number,
    )
    delta = today - timedelta(days=DAYS - index) - made_for
    return replace(
        day,
        date=day.date + delta,
        z_moment=day.z_moment + delta,
        receipts=tuple(
            replace(receipt, moment=receipt.moment + delta) for receipt in day.receipts
        ),
    )


def _with_trouble(day, age):
    """Return the shop's day of so many days ago, with what goes wrong on it."""
    states = dict.fromkeys(day.tills, "complete")
    received, extra = day, []
    if age == 3:  # a receipt that never came: the Z report has it
        lost = _find_sale(day, "2")
        received = _without(day, lost)
        states["2"] = "differs"
    elif age == 2:  # exported again, an item less on a receipt
        extra = [_export_again(day, _find_sale(day, "1"))]
        states["1"] = "differs"
    elif age == 1:  # a document cut off, and receipts that are held
        data_type, provider, shop, text = kvitas_documents(day)[0]
        extra = [(data_type, provider, shop, text[: len(text) // 2])]
        states |= {receipt.till: "open" for receipt in day.receipts if receipt.flaw}
    rows = [*kvitas_documents(received)[:-1], kvitas_documents(day)[-1], *extra]
    return ShopDay(received, day, rows, states)


def _as_sheets(day, age):
    state = "open" if age <= SHEETS_TO_ENTER else "complete"
    return ShopDay(day, day, rivile_documents(day), dict.fromkeys(day.tills, state))


def _make_morning(today, catalogue):
    """This morning's receipts of shop 01; the Z report comes in the evening."""
    day = _make_day("01", DAYS, today, catalogue, Mix(returns=0, invoices=0))
    early = tuple(x for x in day.receipts if x.moment.time() < _MORNING)
    day = replace(day, receipts=early)
    rows = kvitas_documents(day)[:-1]
    return ShopDay(day, day, rows, dict.fromkeys(day.tills, "open"))


def _find_sale(day, till):
    """Return a sale by card, of several items, from the middle of the day."""
    sales = [
        receipt
        for receipt in day.receipts
        if receipt.till == till
        and receipt.kind == "sale"
        and len(receipt.lines) > 1
        and [payment.code for payment in receipt.payments] == ["2"]
    ]
    return sales[len(sales) // 2]


def _without(day, lost):
    return replace(day, receipts=tuple(x for x in day.receipts if x is not lost))


def _export_again(day, receipt):
    """Return a document with ``receipt`` short of its last item."""
    lines = receipt.lines[:-1]
    total = sum(line.total for line in lines)
    changed = replace(receipt, lines=lines, payments=(Payment("2", total),))
    return kvitas_documents(replace(day, receipts=(changed,)))[0]


def _write_rows(rows, folder):
    folder.mkdir(parents=True)
    manifest = []
    for number, (data_type, provider, shop, text) in enumerate(rows, 1):
        name = f"{number:02}.xml"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        manifest.append(
            {
                "file": name,
                "DataType": data_type,
                "DataProvider": provider,
                "ShopNo": shop,
            }
        )
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
