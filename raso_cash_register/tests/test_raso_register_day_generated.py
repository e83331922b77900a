from datetime import date

from odoo import Command
from odoo.fields import Domain

from dev.days import Mix, kvitas_documents, make_catalogue, make_day

from . import standin  # noqa: F401
from .booking import BookingCase

DAY = date(2026, 11, 22)


class TestGeneratedDays(BookingCase):
    """Days of the generator, with its oddities, are complete as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catalogue = make_catalogue(seed=7, count=24)
        kilogram = cls.env.ref("uom.product_uom_kgm")
        unit = cls.env.ref("uom.product_uom_unit")
        for item in cls.catalogue:
            product = cls.env["product.product"].create(
                {
                    "name": item.name,
                    "default_code": item.code,
                    "barcode": item.barcode,
                    "is_storable": True,
                    "uom_id": (kilogram if item.unit == "kg" else unit).id,
                    "taxes_id": [
                        Command.set(cls.taxes[item.vat].ids if item.vat else [])
                    ],
                }
            )
            if item.pack_barcode:
                pack = cls.env["uom.uom"].create(
                    {
                        "name": f"Pack {item.code}",
                        "relative_factor": item.pack_size,
                        "relative_uom_id": unit.id,
                    }
                )
                cls.env["product.uom"].create(
                    {
                        "product_id": product.id,
                        "uom_id": pack.id,
                        "barcode": item.pack_barcode,
                    }
                )

    def take(self, mix, day=DAY, number=101, receipts=40):
        made = make_day(
            3, day, "01", ["1", "2"], receipts, self.catalogue, mix=mix,
            first_number=number,
        )  # fmt: skip
        for data_type, provider, shop, text in kvitas_documents(made):
            self.add(text, data_type, shop, provider)
        return made

    def find_days(self, *domain):
        return self.env["raso.register.day"].search(Domain(list(domain)), order="day")

    def assert_complete(self, days):
        reports = self.env["raso.z.report"].search([])
        self.assertEqual(
            set(reports.mapped("state")), {"agrees"}, reports.mapped("difference_text")
        )
        self.assertEqual(set(days.mapped("state")), {"complete"}, days.mapped("reason"))

    def test_oddities(self):
        self.take(
            Mix(
                zero_lines=1,
                deposits=2,
                packs=1,
                repeats=1,
                taken_back=1,
                returns_by_sign=1,
                opposite_signs=1,
            )
        )
        self.run_cron()
        self.assertEqual(len(self.find_days()), 2)
        self.assert_complete(self.find_days())

    def test_after_midnight(self):
        self.take(Mix(after_midnight=3))
        self.take(Mix(), date(2026, 11, 23), number=121)
        self.run_cron()
        days = self.find_days()
        self.assertEqual(len(days), 4)
        self.assert_complete(days)
        self.assertEqual(
            set(self.find_days(("day", "=", "2026-11-23")).mapped("receipt_count")),
            {23},
        )

    def test_without_times(self):
        """Receipts that bear no time go by their numbers."""
        self.take(Mix(no_time=True, after_midnight=2))
        self.take(Mix(no_time=True), date(2026, 11, 23), number=121)
        self.run_cron()
        self.assert_complete(self.find_days())

    def test_flaws(self):
        """Held receipts were printed: the reports agree, the days say what waits."""
        self.take(Mix(unknown_barcodes=1, wrong_payments=1))
        self.run_cron()
        days = self.find_days()
        self.assertNotIn("complete", days.filtered("held_count").mapped("state"))
        self.assertEqual(sum(days.mapped("held_count")), 2)
        reasons = "\n".join(filter(None, days.mapped("reason")))
        self.assertIn("White line: no product", reasons)
        self.assertIn("Payments miss the lines", reasons)
