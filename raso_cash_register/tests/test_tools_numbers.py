import tracemalloc
from datetime import date, datetime, time
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools.numbers import (
    parse_day,
    parse_moment,
    parse_number,
    parse_time,
)


@tagged("-at_install", "post_install")
class TestNumbers(BaseCase):
    def test_numbers(self):
        for text, expected in (
            (None, "0"),
            ("", "0"),
            ("  ", "0"),
            ("0.00", "0"),
            ("-0", "0"),
            ("12.345", "12.345"),
            (" -7\t", "-7"),
            (" " * 1000 + "7", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("007", "7"),
            ("999999999999999", "999999999999999"),
        ):
            with self.subTest(text=text):
                number = parse_number(text, "QTY")
                self.assertEqual(number, Decimal(expected))
                self.assertFalse(number.is_signed() and not number)

    def test_not_numbers(self):
        for text in (
            *("1,5", "1.2.3", "1e3", "1 000", "abc", "-", ".", "+1", "--1", "0x10"),
            *("NaN", "Infinity", "1_000", "１", "٣", "-.", "1-", "1000000000000000"),
            "9" * 10_000_000,
        ):
            with (
                self.subTest(text=text[:20]),
                self.assertRaisesRegex(PayloadError, "^VATSUM is “") as caught,
            ):
                parse_number(text, "VATSUM")
            self.assertLess(len(str(caught.exception)), 300)

    @settings(database=None, deadline=None, derandomize=True)
    @given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
    def test_any_number(self, number):
        self.assertEqual(parse_number(f" {number:f} ", "QTY"), number)

    @settings(database=None, deadline=None, derandomize=True)
    @given(st.text(max_size=20))
    def test_any_text(self, text):
        try:
            number = parse_number(text, "QTY")
        except PayloadError as err:
            self.assertIn("QTY", str(err))
        else:
            self.assertTrue(number.is_finite())

    def test_long_texts_are_not_remembered(self):
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with self.assertRaises(PayloadError):
            parse_number("9" * 10_000_000, "QTY")
        now, _peak = tracemalloc.get_traced_memory()
        self.assertLess(now, 1_000_000)

    def test_days(self):
        self.assertEqual(parse_day(" 2024-02-29 ", "SaleDate"), date(2024, 2, 29))
        for text in (
            *(None, "", "2026-02-29", "2026-13-01", "2026-11-31", "20261122"),
            *("2026-W47-1", "22.11.2026", "0001-01-01", "2026-11-22T08:00:00"),
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(PayloadError, "^SaleDate is"),
            ):
                parse_day(text, "SaleDate")

    def test_times(self):
        self.assertEqual(parse_time("23:59:59", "SaleTime"), time(23, 59, 59))
        self.assertIsNone(parse_time(None, "SaleTime"))
        self.assertIsNone(parse_time(" ", "SaleTime"))
        for text in ("24:00:00", "8:00:00", "08:00", "08:00:00.5", "noon", "08:60:00"):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(PayloadError, "^SaleTime is"),
            ):
                parse_time(text, "SaleTime")

    def test_moments(self):
        expected = datetime(2026, 11, 22, 22, 15)
        for text in (
            "2026-11-22T22:15:00",
            "2026-11-22 22:15:00",
            "2026-11-22T22:15:00.1234567",
            "2026-11-22T22:15:00+02:00",
            "2026-11-22T20:15:00Z",
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_moment(text, "ZReportDate"), expected)
        for text in (None, "2026-11-22", "2026-11-31T08:00:00", "2026-11-22T25:00:00"):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(PayloadError, "^ZReportDate is"),
            ):
                parse_moment(text, "ZReportDate")
