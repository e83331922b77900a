from datetime import date, datetime, time

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.tools.days import (
    from_server,
    shop_day,
    to_utc,
)


@tagged("-at_install", "post_install")
class TestDays(BaseCase):
    def test_to_utc(self):
        for day, clock, expected in (
            (date(2026, 11, 22), time(8, 0), datetime(2026, 11, 22, 6, 0)),
            (date(2026, 7, 1), time(0, 30), datetime(2026, 6, 30, 21, 30)),
            (date(2026, 11, 22), None, datetime(2026, 11, 21, 22, 0)),
            # 03:00 to 04:00 comes twice: the first one
            (date(2026, 10, 25), time(3, 30), datetime(2026, 10, 25, 0, 30)),
            (date(2026, 10, 25), time(4, 0), datetime(2026, 10, 25, 2, 0)),
            # 03:00 to 04:00 is skipped: moves on to 04:30
            (date(2026, 3, 29), time(3, 30), datetime(2026, 3, 29, 1, 30)),
            (date(2026, 3, 29), time(4, 30), datetime(2026, 3, 29, 1, 30)),
        ):
            with self.subTest(day=day, clock=clock):
                self.assertEqual(to_utc(day, clock), expected)

    def test_other_zone(self):
        moment = to_utc(date(2026, 11, 22), time(8, 0), zone="Europe/Warsaw")
        self.assertEqual(moment, datetime(2026, 11, 22, 7, 0))

    def test_from_server(self):
        self.assertEqual(
            from_server(datetime(2026, 10, 25, 3, 30, 1, 500000, fold=1)),
            datetime(2026, 10, 25, 0, 30, 1, 500000),
        )

    def test_shop_day(self):
        for moment, expected in (
            # 03:59 and 04:00 in Vilnius, in winter and summer
            (datetime(2026, 11, 23, 1, 59), date(2026, 11, 22)),
            (datetime(2026, 11, 23, 2, 0), date(2026, 11, 23)),
            (datetime(2026, 7, 1, 0, 59), date(2026, 6, 30)),
            (datetime(2026, 7, 1, 1, 0), date(2026, 7, 1)),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(shop_day(moment), expected)
