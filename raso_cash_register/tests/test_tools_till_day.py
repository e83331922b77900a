from datetime import date
from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..tools.till_day import (
    Books,
    Counts,
    Documents,
    Facts,
    Finding,
    Held,
    ZResult,
    judge,
)

DAY = date(2026, 11, 22)
COUNTS = Counts(
    receipt_count=2,
    booked_count=2,
    amount_received=D("2.42"),
    vat_received=D("0.42"),
    amount_reported=D("2.42"),
    vat_reported=D("0.42"),
)


def z(state="agrees", gap="0", vat_gap="0", day=DAY):
    return ZResult("17", day, state, D(gap), D(vat_gap))


@tagged("-at_install", "post_install")
class TestTillDay(BaseCase):
    def judge(self, **values):
        facts = Facts(day=DAY, **{"counts": COUNTS, "reports": [z()], **values})
        verdict = judge(facts)
        return (
            verdict.state,
            [finding.code for finding in verdict.reasons],
            [finding.code for finding in verdict.notes],
        )

    def test_complete(self):
        self.assertEqual(self.judge(), ("complete", [], []))

    def test_each_reason(self):
        for values, state, codes in (
            ({"counts": Counts(waiting_count=1)}, "open", ["waiting"]),
            ({"counts": Counts(unreported_count=1)}, "open", ["unreported"]),
            ({"documents": Documents(prepared_count=1)}, "open", ["prepared"]),
            ({"documents": Documents(revenue_count=1)}, "open", ["revenue"]),
            ({"documents": Documents(white_count=1)}, "open", ["white"]),
            ({"held": [Held("white", 1, "7")]}, "open", ["held"]),
            ({"held": [Held("conflict", 1, "7")]}, "differs", ["conflict"]),
            ({"reports": [z("")]}, "open", ["uncompared"]),
            ({"reports": [z("differs", "1")]}, "differs", ["z_differs"]),
            ({"reports": [z("nothing", "-1")]}, "differs", ["z_nothing"]),
            (
                {"books": Books(differences=[Finding("vat", {})])},
                "differs",
                ["vat"],
            ),
        ):
            with self.subTest(codes):
                self.assertEqual(self.judge(**values), (state, codes, []))

    def test_differences_come_first(self):
        state, codes, _notes = self.judge(
            reports=[z("differs", "1")], held=[Held("white", 1, "7")]
        )
        self.assertEqual((state, codes), ("differs", ["z_differs", "held"]))

    def test_missing_numbers(self):
        """They block only where no Z report says that nothing is missing."""
        missing = [(3, 4)]
        self.assertEqual(self.judge(missing=missing), ("complete", [], ["missing"]))
        for values in (
            {"reports": []},
            {"reports": [z("differs", "1")]},
            {"reports": [z(), z("differs", "1")]},
            {"counts": Counts(unreported_count=1)},
        ):
            with self.subTest(values):
                _state, codes, notes = self.judge(missing=missing, **values)
                self.assertIn("missing", codes)
                self.assertEqual(notes, [])
        self.assertEqual(Facts(DAY, missing=missing).missing_count, 2)

    def test_z_amounts(self):
        """What the report lacks or has too much stands on the day."""
        facts = Facts(DAY, COUNTS, reports=[z("differs", "-1.21", "-0.21"), z()])
        self.assertEqual((facts.amount_z, facts.vat_z), (D("3.63"), D("0.63")))

    def test_whole_shop(self):
        """All tills' reports bear the one difference from the shop's sheet."""
        counts = Counts(
            amount_received=D("2.42"), vat_received=D("0.42"), unreported_count=1
        )
        reports = [z("differs", "-1.21", "-0.21")] * 2
        facts = Facts(DAY, counts, reports=reports, is_whole_shop=True)
        self.assertEqual((facts.amount_z, facts.vat_z), (D("3.63"), D("0.63")))
        self.assertEqual(facts.unreported_count, 0)
        self.assertEqual(Facts(DAY, counts, is_whole_shop=True).unreported_count, 1)

    def test_notes(self):
        self.assertEqual(
            self.judge(
                counts=Counts(cancelled_count=1), reports=[z(day=date(2026, 11, 21))]
            ),
            ("complete", [], ["cancelled", "other_day"]),
        )

    def test_empty(self):
        self.assertTrue(Facts(DAY).is_empty)
        for values in (
            {"reports": [z()]},
            {"counts": Counts(receipt_count=1)},
            {"counts": Counts(conflict_count=1)},
            {"counts": Counts(cancelled_count=1)},
        ):
            self.assertFalse(Facts(DAY, **values).is_empty)
