"""Is a till's day complete? What is known of it, and what follows (design, part 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .causes import count_ranges, list_ranges
from .compare import NOTHING


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names the text that tells it, ``values`` what stands in it."""

    code: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """The day's receipts. Amounts leave tara documents out, which stand apart."""

    receipt_count: int = 0
    booked_count: int = 0
    waiting_count: int = 0
    held_count: int = 0
    conflict_count: int = 0
    cancelled_count: int = 0
    amount_received: Decimal = NOTHING
    vat_received: Decimal = NOTHING
    amount_booked: Decimal = NOTHING
    vat_booked: Decimal = NOTHING
    amount_tara: Decimal = NOTHING
    # tied to a Z report, and how many are not
    amount_reported: Decimal = NOTHING
    vat_reported: Decimal = NOTHING
    unreported_count: int = 0


@dataclass(frozen=True, slots=True)
class Documents:
    """The day's trade documents that aren't unbooked or failed."""

    document_count: int = 0
    prepared_count: int = 0
    revenue_count: int = 0
    # items of booked receipts that were not written off
    white_count: int = 0


@dataclass(frozen=True, slots=True)
class ZResult:
    """A Z report of the day and how it compares; gaps are ours less the report's."""

    number: str
    day: date
    state: str
    gap: Decimal
    vat_gap: Decimal
    causes: Sequence = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Receipts that wait for the same cause, or are in conflict."""

    cause: str
    count: int
    numbers: str


@dataclass(frozen=True, slots=True)
class Books:
    """What the entries say, and where they or the transfers miss the receipts."""

    amount: Decimal = NOTHING
    vat: Decimal = NOTHING
    differences: Sequence[Finding] = ()
    stock_count: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a till's day.

    ``is_whole_shop``: its sheets name no till; they are compared with the reports of
    all tills. ``missing`` are ranges of receipt numbers.
    """

    day: date
    counts: Counts = Counts()
    documents: Documents = Documents()
    books: Books = Books()
    reports: Sequence[ZResult] = ()
    held: Sequence[Held] = ()
    missing: Sequence[tuple[int, int]] = ()
    is_whole_shop: bool = False

    @property
    def is_empty(self) -> bool:
        counts = self.counts
        receipts = counts.receipt_count + counts.conflict_count + counts.cancelled_count
        return not receipts and not self.reports

    @property
    def missing_count(self) -> int:
        return count_ranges(self.missing)

    @property
    def unreported_count(self) -> int:
        is_covered = self.is_whole_shop and self.reports
        return 0 if is_covered else self.counts.unreported_count

    @property
    def amount_z(self) -> Decimal:
        """What the Z reports say of this day's receipts.

        A report may hold receipts of two days: of each day it says what was received,
        but for its difference, which stands on both.
        """
        counts = self.counts
        base = counts.amount_received if self.is_whole_shop else counts.amount_reported
        return base - sum((report.gap for report in self._counted), NOTHING)

    @property
    def vat_z(self) -> Decimal:
        counts = self.counts
        base = counts.vat_received if self.is_whole_shop else counts.vat_reported
        return base - sum((report.vat_gap for report in self._counted), NOTHING)

    @property
    def _counted(self) -> Sequence[ZResult]:
        """Reports compared with a whole shop's sheet all bear its one difference."""
        return self.reports[:1] if self.is_whole_shop else self.reports


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons`` why the day isn't complete, ``notes`` that are worth knowing."""

    state: str
    reasons: Sequence[Finding]
    notes: Sequence[Finding]


def judge(facts: Facts) -> Verdict:
    """Say whether the day is complete: only if everything agrees."""
    waits = [*_find_waiting(facts)]
    differences = [*_find_differences(facts), *facts.books.differences]
    notes = [*_find_notes(facts)]
    gap = facts.missing and Finding(
        "missing",
        {"count": facts.missing_count, "numbers": list_ranges(facts.missing)},
    )
    is_proven = facts.reports and all(
        report.state == "agrees" for report in facts.reports
    )
    if gap and is_proven and not facts.unreported_count:
        # the Z reports agree: those numbers were never receipts
        notes.append(gap)
    elif gap:
        waits.append(gap)
    state = "differs" if differences else "open" if waits else "complete"
    return Verdict(state, (*differences, *waits), tuple(notes))


def _find_waiting(facts):
    counts, documents = facts.counts, facts.documents
    for held in facts.held:
        if held.cause != "conflict":
            yield Finding(
                "held",
                {"cause": held.cause, "count": held.count, "numbers": held.numbers},
            )
    for code, count in (
        ("waiting", counts.waiting_count),
        ("prepared", documents.prepared_count),
        ("revenue", documents.revenue_count),
        ("white", documents.white_count),
        ("unreported", facts.unreported_count),
    ):
        if count:
            yield Finding(code, {"count": count})
    unread = [report.number for report in facts.reports if not report.state]
    if unread:
        yield Finding("uncompared", {"numbers": ", ".join(unread)})


def _find_differences(facts):
    for held in facts.held:
        if held.cause == "conflict":
            yield Finding("conflict", {"count": held.count, "numbers": held.numbers})
    for report in facts.reports:
        if report.state in ("differs", "nothing"):
            yield Finding(
                f"z_{report.state}",
                {
                    "number": report.number,
                    "amount": str(report.gap),
                    "causes": list(report.causes),
                },
            )


def _find_notes(facts):
    if facts.counts.cancelled_count:
        yield Finding("cancelled", {"count": facts.counts.cancelled_count})
    for report in facts.reports:
        if report.day != facts.day:
            yield Finding(
                "other_day", {"number": report.number, "day": str(report.day)}
            )
