"""Why a Z report differs from what was received: causes found among clues."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .compare import (
    COUNTERS,
    NOTHING,
    RECEIPT_COUNT,
    TARA,
    Comparison,
    counter_figure,
)

_PAYMENTS = frozenset(counter_figure(counter) for counter in COUNTERS)


@dataclass(frozen=True, slots=True)
class Change:
    """What would change our sums if a receipt counted otherwise.

    ``code`` says how: ``cancelled`` (if it counted), ``conflict`` (if the disputed
    content counted), ``held`` or ``repeated`` (if it did not), ``next``, ``previous``
    (if these receipts of a neighbouring Z report counted here), ``to_next``,
    ``to_previous`` (if these of ours counted there).
    """

    code: str
    name: str
    amount: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known around a Z report that differs.

    ``changes`` with the likeliest first; ``missing`` are ranges of receipt numbers
    between this Z report and the one before that weren't received; ``skipped`` the Z
    numbers between them; ``unreadable`` how many parts of its documents could not be
    read; ``others`` how many sales of another data provider are here; ``unrated``
    what stands on lines without a VAT rate, ``uncounted`` what was paid by kinds
    without a counter, ``unpaid`` what SF without payments come to.
    """

    changes: Sequence[Change] = ()
    missing: Sequence[tuple[int, int]] = ()
    skipped: Sequence[tuple[int, int]] = ()
    unreadable: int = 0
    others: int = 0
    unrated: Decimal = NOTHING
    uncounted: Decimal = NOTHING
    unpaid: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Cause:
    """``code`` names the text that tells it, ``values`` what stands in it."""

    code: str
    values: dict[str, str] = field(default_factory=dict)


def find_causes(comparison: Comparison, clues: Clues) -> list[Cause]:
    """Return a cause for each difference; last what remains ``unexplained``."""
    sections = _split(comparison)
    causes = []
    if comparison.gap or _is_short(comparison):
        causes, settled = _explain_gap(comparison, clues, sections)
        sections = {
            name: rows for name, rows in sections.items() if name not in settled
        }
    for code, amount, section in (
        ("unrated", clues.unrated, "groups"),
        ("uncounted", clues.uncounted, "payments"),
        ("unpaid", clues.unpaid, "payments"),
    ):
        rows = sections.get(section)
        if rows and amount and _total(section, rows) == -amount:
            causes.append(Cause(code, {"amount": str(amount)}))
            del sections[section]
    left = [row.figure for rows in sections.values() for row in rows]
    if left:
        causes.append(Cause("unexplained", {"figures": ",".join(left)}))
    return causes


def list_ranges(ranges: Sequence[tuple[int, int]], most: int = 10) -> str:
    """Write ranges of numbers, ``5, 7–9``, the first ``most`` of them."""
    texts = [
        str(first) if first == last else f"{first}–{last}"
        for first, last in ranges[:most]
    ]
    return ", ".join(texts) + (" …" if len(ranges) > most else "")


def count_ranges(ranges: Sequence[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in ranges)


def _split(comparison):
    """Return the rows that differ by what they speak of."""
    sections = {}
    for row in comparison.differences:
        if row.figure in _PAYMENTS:
            section = "payments"
        elif "PVM" in row.figure:
            section = "groups"
        elif row.figure == TARA:
            section = "tara"
        else:
            section = "turnover"
        sections.setdefault(section, []).append(row)
    return sections


def _total(section, rows):
    """Return ours less the Z report's; returns count the other way."""
    return sum(
        (
            -row.gap if section == "groups" and row.figure[0] == "G" else row.gap
            for row in rows
        ),
        NOTHING,
    )


def _is_short(comparison):
    """Tell if the Z report counts more receipts than were received, or counts none."""
    counted = [row for row in comparison.rows if row.figure == RECEIPT_COUNT]
    return not counted or counted[0].gap < 0


def _explain_gap(comparison, clues, sections):
    """Return causes of a difference in turnover and which sections they settle."""
    gap = comparison.gap
    for change in clues.changes:
        if gap and change.amount == -gap:
            values = {"name": change.name, "amount": str(abs(change.amount))}
            return [Cause(change.code, values)], _settled_by(change, sections)
    causes = []
    if clues.missing and _is_short(comparison):
        values = {
            "numbers": list_ranges(clues.missing),
            "count": str(count_ranges(clues.missing)),
        }
        causes.append(Cause("missing", values))
    if clues.unreadable:
        causes.append(Cause("unreadable", {"count": str(clues.unreadable)}))
    if clues.skipped and gap > 0:
        causes.append(Cause("skipped", {"numbers": list_ranges(clues.skipped)}))
    if clues.others and gap < 0:
        causes.append(Cause("others", {"count": str(clues.others)}))
    return causes, {"turnover", "groups", "payments"} if causes else set()


def _settled_by(change, sections):
    """A receipt explains its own money; what else differs has another cause."""
    settled = {"turnover"}
    if _total("groups", sections.get("groups", ())) == -change.amount:
        settled.add("groups")
    if _total("payments", sections.get("payments", ())) == -change.paid:
        settled.add("payments")
    return settled
