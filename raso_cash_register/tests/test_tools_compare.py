from decimal import Decimal as D

from odoo.tests import BaseCase, tagged

from ..tools.causes import Change, Clues, find_causes, list_ranges
from ..tools.compare import Money, Received, compare

SOLD = {1: Money(D("100.00"), D("21.00")), 3: Money(D("10.00"), D("0.50"))}
BACK = {1: Money(D("10.00"), D("2.10"))}
PAID = {0: D("39.40"), 2: D("80.00")}
# what a device that printed exactly this says
Z = {
    "DienosApyvarta": "131.50",
    "SumaBePVM1": "100.00",
    "PVMSuma1": "21.00",
    "SumaBePVM3": "10.00",
    "PVMSuma3": "0.50",
    "GrazinimoSumaBePVM1": "10.00",
    "GrazinimoPVMSuma1": "2.10",
    "GrazinimuSuma": "12.10",
    "GrazinimuKartai": "1",
    "FiskaliniuKvituKiekis": "9",
    "DienosApyvartaGrynaisiais": "39.40",
    "DienosApyvartaKreditan2": "80.00",
}
NET = Z | {"DienosApyvarta": "119.40", "SumaBePVM1": "90.00", "PVMSuma1": "18.90"}


def received(**values):
    return Received(
        **{
            "sold": SOLD,
            "returned": BACK,
            "payments": PAID,
            "receipts": 9,
            "returns": 1,
            **values,
        }
    )


def without(figures, *names):
    return {name: value for name, value in figures.items() if name not in names}


@tagged("-at_install", "post_install")
class TestCompare(BaseCase):
    def check(self, ours, figures, *differing, variant="apart"):
        comparison = compare(ours, figures)
        self.assertEqual(comparison.variant, variant)
        self.assertEqual([row.figure for row in comparison.differences], [*differing])
        return comparison

    def test_agrees(self):
        comparison = self.check(received(), Z)
        self.assertEqual((comparison.gap, comparison.vat_gap), (0, 0))
        self.assertEqual(len(comparison.rows), len(Z))

    def test_each_figure_counts(self):
        for name in Z:
            with self.subTest(name):
                other = Z | {name: D(Z[name]) + D("0.01")}
                self.check(received(), other, name)

    def test_returns_off_turnover(self):
        self.check(received(), NET, variant="net")
        silent = without(
            NET,
            *("GrazinimoSumaBePVM1", "GrazinimoPVMSuma1"),
            *("GrazinimuSuma", "GrazinimuKartai"),
        )
        self.check(received(), silent, variant="net")

    def test_no_returns_no_variant(self):
        figures = {"DienosApyvarta": "121", "SumaBePVM1": "100", "PVMSuma1": "21"}
        ours = Received(sold={1: SOLD[1]})
        self.check(ours, figures, variant="")

    def test_nothing(self):
        self.check(Received(), {}, variant="")

    def test_counts_left_out(self):
        self.check(received(), without(Z, "FiskaliniuKvituKiekis", "GrazinimuKartai"))
        self.check(Received(receipts=1), {}, "FiskaliniuKvituKiekis", variant="")

    def test_returns_in_sheets(self):
        """A sheet sums returns with sales where RASO is set up so."""
        mixed = {1: SOLD[1] - BACK[1], 3: SOLD[3]}
        ours = received(sold=mixed, returned={}, has_sheets=True)
        self.check(ours, Z, variant="apart_mixed")
        self.check(ours, NET, variant="net_mixed")
        self.check(received(has_sheets=True), Z)
        # receipts say what is a return: there it would be a difference
        self.assertTrue(compare(received(sold=mixed, returned={}), Z).differences)

    def test_sheets_count_no_receipts(self):
        self.check(received(receipts=1, returns=0, has_sheets=True), Z)

    def test_tara(self):
        self.check(received(tara=D("-5.00")), Z)
        for ours in ({"tara": D(5)}, {"tara": D(-5)}, {"deposits": D(5)}):
            self.check(received(**ours), Z | {"TarosSuma": "5"})
        self.check(
            received(tara=D(2), deposits=D(3)), Z | {"TarosSuma": "5"}, variant="apart"
        )
        self.check(received(tara=D(4)), Z | {"TarosSuma": "5"}, "TarosSuma")

    def test_unknown_group_is_turnover(self):
        ours = received(sold={1: SOLD[1], 0: SOLD[3]})
        self.check(ours, Z, "SumaBePVM3", "PVMSuma3")


@tagged("-at_install", "post_install")
class TestCauses(BaseCase):
    """A receipt of 24.20, paid 24.20 by card, is on one side only."""

    PART = Money(D("20.00"), D("4.20"))

    def short(self, **values):
        """Ours lack the receipt."""
        return received(
            sold=SOLD | {1: SOLD[1] - self.PART},
            payments=PAID | {2: D("55.80")},
            receipts=8,
            **values,
        )

    def long(self):
        return received(
            sold=SOLD | {1: SOLD[1] + self.PART},
            payments=PAID | {2: D("104.20")},
            receipts=10,
        )

    def causes(self, ours, figures=None, **clues):
        found = find_causes(compare(ours, figures or Z), Clues(**clues))
        return [(cause.code, cause.values) for cause in found]

    def codes(self, *args, **clues):
        return [code for code, _values in self.causes(*args, **clues)]

    def test_nothing_to_explain(self):
        self.assertEqual(self.causes(received()), [])

    def test_unexplained(self):
        self.assertEqual(
            self.causes(self.short()),
            [
                (
                    "unexplained",
                    {
                        "figures": "DienosApyvarta,FiskaliniuKvituKiekis,SumaBePVM1,"
                        "PVMSuma1,DienosApyvartaKreditan2"
                    },
                )
            ],
        )

    def test_change(self):
        for code in ("cancelled", "conflict", "next", "previous"):
            change = Change(code, "7", D("24.20"), D("24.20"))
            self.assertEqual(
                self.causes(self.short(), changes=[change]),
                [(code, {"name": "7", "amount": "24.20"})],
            )
        for code in ("held", "repeated", "to_next", "to_previous"):
            change = Change(code, "7", D("-24.20"), D("-24.20"))
            self.assertEqual(self.codes(self.long(), changes=[change]), [code])

    def test_other_change(self):
        for amount in ("24.21", "-24.20"):
            change = Change("cancelled", "7", D(amount), D(amount))
            self.assertEqual(
                self.codes(self.short(), changes=[change]), ["unexplained"]
            )

    def test_likeliest_first(self):
        changes = [
            Change("cancelled", "7", D("24.20"), D("24.20")),
            Change("next", "9", D("24.20"), D("24.20")),
        ]
        self.assertEqual(self.codes(self.short(), changes=changes), ["cancelled"])

    def test_money_of_another_kind_stays(self):
        """The receipt explains its turnover, not that the cash differs too."""
        change = Change("cancelled", "7", D("24.20"), D("24.20"))
        figures = Z | {"DienosApyvartaGrynaisiais": "40.00"}
        self.assertEqual(
            self.causes(self.short(), figures, changes=[change])[1],
            (
                "unexplained",
                {"figures": "DienosApyvartaGrynaisiais,DienosApyvartaKreditan2"},
            ),
        )

    def test_rounded_receipt(self):
        """Cash was rounded: its money isn't its amount."""
        ours = received(
            sold=SOLD | {1: SOLD[1] - Money(D("10.02"), D("2.10"))},
            payments=PAID | {0: D("27.30")},
            receipts=8,
        )
        change = Change("cancelled", "7", D("12.12"), D("12.10"))
        self.assertEqual(self.codes(ours, changes=[change]), ["cancelled"])

    def test_missing(self):
        self.assertEqual(
            self.causes(self.short(), missing=[(7, 7)]),
            [("missing", {"numbers": "7", "count": "1"})],
        )
        # it cost nothing
        figures = Z | {"FiskaliniuKvituKiekis": "10"}
        self.assertEqual(self.codes(received(), figures, missing=[(7, 7)]), ["missing"])
        # all receipts are here: numbers are left out for other reasons
        figures = Z | {"DienosApyvarta": "132.50"}
        self.assertEqual(
            self.codes(received(), figures, missing=[(7, 7)]), ["unexplained"]
        )
        # the report counts no receipts
        figures = without(figures, "FiskaliniuKvituKiekis")
        self.assertEqual(self.codes(received(), figures, missing=[(7, 7)]), ["missing"])

    def test_unreadable_skipped_and_others(self):
        self.assertEqual(self.codes(self.short(), unreadable=1), ["unreadable"])
        self.assertEqual(self.codes(self.short(), others=3), ["others"])
        self.assertEqual(self.codes(self.long(), skipped=[(4, 4)]), ["skipped"])
        self.assertEqual(self.codes(self.short(), skipped=[(4, 4)]), ["unexplained"])

    def test_no_rate(self):
        ours = received(sold={1: SOLD[1], 0: SOLD[3]})
        self.assertEqual(self.codes(ours, unrated=D("10.50")), ["unrated"])
        self.assertEqual(self.codes(ours, unrated=D("9.50")), ["unexplained"])

    def test_kind_without_counter(self):
        ours = received(payments={0: D("39.40"), None: D("80.00")})
        self.assertEqual(self.codes(ours, uncounted=D("80.00")), ["uncounted"])

    def test_on_account(self):
        ours = received(payments={0: D("39.40")})
        self.assertEqual(self.codes(ours, unpaid=D("80.00")), ["unpaid"])

    def test_ranges(self):
        self.assertEqual(list_ranges([(5, 5), (7, 9)]), "5, 7–9")
        self.assertEqual(list_ranges([(5, 5), (7, 9)], most=1), "5 …")
