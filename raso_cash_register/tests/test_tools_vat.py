from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.tools.vat import fitting_rates

RATES = [Decimal(rate) for rate in (0, 5, 9, 12, 21)]


@tagged("-at_install", "post_install")
class TestVat(BaseCase):
    def test_fitting_rates(self):
        for amount, vat, n, expected in (
            ("19.11", "3.32", 2, [21]),
            ("-8.47", "-1.47", 2, [21]),
            ("3.03", "0.32", 2, [12]),
            ("10.00", "0.00", 2, [0]),
            ("0.00", "0.00", 2, [0, 5, 9, 12, 21]),
            ("0.05", "0.00", 2, [0, 5, 9, 12, 21]),
            ("0.10", "0.01", 2, [12, 9, 5, 21, 0]),
            ("10.00", "5.00", 2, []),
            ("10.00", "-1.74", 2, []),
            # 1.21 at 21 % is 0.21: half a cent a rounding, the border included
            ("1.21", "0.22", 2, [21]),
            ("1.21", "0.2201", 2, []),
            ("1.21", "0.22", 1, []),
            ("1.21", "0.24", 6, [21]),
        ):
            with self.subTest(amount=amount, vat=vat, n=n):
                fitting = fitting_rates(Decimal(amount), Decimal(vat), RATES, n)
                self.assertEqual(fitting, [Decimal(rate) for rate in expected])

    def test_equally_near_rates_keep_their_order(self):
        rates = [Decimal("21"), Decimal("5")]
        zero = Decimal()
        self.assertEqual(fitting_rates(zero, zero, rates), rates)
        self.assertEqual(fitting_rates(zero, zero, rates[::-1]), rates[::-1])
