"""The demo's content: the same sales whenever it is made, and its troubles."""

from dataclasses import replace
from datetime import date, timedelta

from dev.days import expected
from dev.fortnight import DAYS, make_fortnight
from dev.standin import Standin

TODAY = date(2026, 11, 24)


def _what(day):
    return expected(day), [receipt.number for receipt in day.receipts]


def test_only_the_dates_move():
    earlier, later = make_fortnight(TODAY), make_fortnight(TODAY + timedelta(days=40))
    for before, after in zip(earlier.all_days, later.all_days, strict=True):
        assert after.day.date - before.day.date == timedelta(days=40)
        assert _what(after.day) == _what(before.day)
        assert after.states == before.states


def test_days_are_the_last_ones():
    fortnight = make_fortnight(TODAY)
    dates = {part.day.date for part in fortnight.days}
    assert dates == {TODAY - timedelta(days=age) for age in range(1, DAYS + 1)}
    assert {part.day.shop for part in fortnight.of_date(fortnight.first)} == {
        "01",
        "02",
    }
    for part in fortnight.all_days:
        assert {receipt.moment.date() for receipt in part.day.receipts} == {
            part.day.date
        }


def test_receipt_numbers_go_on():
    numbers = {}
    for part in make_fortnight(TODAY).all_days:
        for receipt in part.z_day.receipts:
            numbers.setdefault((part.day.shop, receipt.till), []).append(
                int(receipt.number)
            )
    for known in numbers.values():
        assert known == [*range(known[0], known[0] + len(known))]


def test_a_receipt_is_lost_and_in_the_z_report():
    lost = [
        part
        for part in make_fortnight(TODAY).days
        if len(part.z_day.receipts) > len(part.day.receipts)
    ]
    (part,) = lost
    (receipt,) = set(part.z_day.receipts) - set(part.day.receipts)
    number = f'ReceiptNo="{receipt.number}"'
    assert not any(number in row[3] for row in part.rows)
    assert part.states == {"1": "complete", receipt.till: "differs"}


def test_states_follow_flaws():
    for part in make_fortnight(TODAY).days:
        for receipt in part.day.receipts:
            if receipt.flaw:
                assert part.states[receipt.till] == "open"


def test_documents_go_to_the_stand_in(tmp_path):
    fortnight = make_fortnight(TODAY)
    fortnight = replace(fortnight, days=fortnight.days[-2:])
    server = Standin(0)
    for folder in fortnight.write(tmp_path):
        server.add_folder(folder)
    rows = [row for part in fortnight.all_days for row in part.rows]
    assert [row["SyncData"] for row in server.rows()] == [row[3] for row in rows]
