from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.tools.records import Line, Payment, Receipt

ZERO = Decimal()
money = st.decimals(min_value=-9999, max_value=9999, places=2)
codes = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6)
lines = st.builds(
    Line,
    code=codes,
    vcode=codes,
    name=codes,
    quantity=st.decimals(min_value=-999, max_value=999, places=3),
    amount=money,
    vat=money,
    discount=money,
    comment=codes,
)
payments = st.builds(Payment, code=codes, amount=money)


def make_receipt(**values):
    line = Line("477", "P1", "Duona", Decimal(1), Decimal("1.21"), ZERO, ZERO, "")
    defaults = {
        "position": 1,
        "kind": "sale",
        "shop": "01",
        "till": "1",
        "number": "1101",
        "day": date(2026, 11, 22),
        "time": time(8, 0),
        "cashier": "5",
        "lines": (line,),
        "payments": (Payment("0", Decimal("1.21")),),
    }
    return Receipt(**(defaults | values))


@tagged("-at_install", "post_install")
class TestRecords(BaseCase):
    def test_totals(self):
        line = make_receipt().lines[0]
        more = replace(line, quantity=Decimal("0.345"), vat=Decimal("0.21"))
        receipt = make_receipt(lines=(line, more), payments=())
        self.assertEqual(receipt.quantity, Decimal("1.345"))
        self.assertEqual(receipt.amount, Decimal("2.42"))
        self.assertEqual(receipt.vat, Decimal("0.21"))
        self.assertEqual(receipt.paid, ZERO)

    def test_what_makes_no_difference(self):
        receipt = make_receipt()
        line = receipt.lines[0]
        for changes in (
            {"position": 7, "cashier": "9"},
            {"lines": (replace(line, name="Ragaišis", comment="!"),)},
            {"lines": (replace(line, discount=Decimal("0.10")),)},
            {"lines": (replace(line, quantity=Decimal("1.000")),)},
            {"lines": (replace(line, vat=Decimal("-0.00")),)},
            {"payments": (Payment("0", Decimal("1.2100")),)},
        ):
            with self.subTest(changes=changes):
                changed = replace(receipt, **changes)
                self.assertEqual(changed.fingerprint(), receipt.fingerprint())

    def test_what_makes_a_difference(self):
        receipt = make_receipt()
        line = receipt.lines[0]
        for changes in (
            {"kind": "return"},
            {"time": time(8, 0, 1)},
            {"time": None},
            {"invoice_no": "SF1"},
            {"partner_code": "300"},
            {"partner_vat": "LT300"},
            {"partner_name": "UAB"},
            {"partner_address": "Vilnius"},
            {"lines": ()},
            {"lines": (line, line)},
            {"lines": (replace(line, code="0477"),)},
            {"lines": (replace(line, vcode=""),)},
            {"lines": (replace(line, code="", vcode="477"),)},
            {"lines": (replace(line, quantity=Decimal(10)),)},
            {"lines": (replace(line, amount=Decimal("-1.21")),)},
            {"lines": (replace(line, vat=Decimal("0.01")),)},
            {"payments": (Payment("00", Decimal("1.21")),)},
            {"payments": (Payment("0", Decimal("1.22")),)},
        ):
            with self.subTest(changes=changes):
                changed = replace(receipt, **changes)
                self.assertNotEqual(changed.fingerprint(), receipt.fingerprint())

    def test_partner_counts_by_its_codes(self):
        receipt = make_receipt(partner_code="300", partner_name="UAB Pirkėjas")
        renamed = replace(receipt, partner_name="UAB „Pirkėjas“", partner_address="x")
        self.assertEqual(receipt.fingerprint(), renamed.fingerprint())

    @settings(database=None, deadline=None, derandomize=True, max_examples=50)
    @given(st.lists(lines, max_size=5), st.lists(payments, max_size=4), st.randoms())
    def test_order_and_formatting_make_no_difference(self, some, paid, random):
        receipt = make_receipt(lines=tuple(some), payments=tuple(paid))
        long = [
            replace(
                line,
                quantity=line.quantity.quantize(Decimal("0.000000")),
                amount=line.amount.normalize(),
                name="",
            )
            for line in some
        ]
        random.shuffle(long)
        random.shuffle(paid)
        other = make_receipt(lines=tuple(long), payments=tuple(paid))
        self.assertEqual(receipt.fingerprint(), other.fingerprint())
