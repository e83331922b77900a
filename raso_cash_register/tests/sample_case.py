import csv
import json
from decimal import Decimal
from pathlib import Path

from odoo import Command

from .booking import BookingCase

SAMPLES = Path(__file__).parent / "fixtures" / "samples"
DAYS = ("2026-11-22", "2026-11-23")


class SampleCase(BookingCase):
    """A shop with the catalogue of the sample days, which its server exports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kilogram = cls.env.ref("uom.product_uom_kgm")
        unit = cls.env.ref("uom.product_uom_unit")
        with (SAMPLES / "products.csv").open(encoding="utf-8") as file:
            cls.env["product.product"].create(
                [
                    {
                        "name": row["name"],
                        "default_code": row["default_code"],
                        "barcode": row["barcode"],
                        "is_storable": True,
                        "uom_id": (kilogram if row["uom"] == "kg" else unit).id,
                        "standard_price": float(row["cost"]),
                        "taxes_id": [Command.set(cls.taxes[float(row["vat"])].ids)],
                    }
                    for row in csv.DictReader(file)
                ]
            )

    def setUp(self):
        super().setUp()
        for day in DAYS:
            self.standin.add_folder(SAMPLES / day)

    def read_expected(self, day):
        return json.loads((SAMPLES / day / "expected.json").read_text())

    def query(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        return {key: Decimal(value) for key, value in self.env.cr.fetchall() if value}

    def sum_products(self, day):
        """Return what left the stock on ``day``, by product."""
        return self.query(
            """
            SELECT product.default_code, sum(move.quantity
                   * CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END)::text
              FROM stock_move move
              JOIN product_product product ON product.id = move.product_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done' AND move.date::date = %s GROUP BY 1
            """,
            day,
        )

    def assert_invoices(self):
        """The SF of both days, paid at the till."""
        invoices = self.env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("raso_trade_document_id", "!=", False),
            ],
            order="name",
        )
        self.assertRecordValues(
            invoices,
            [
                {"name": name, "amount_total": total, "payment_state": "paid"}
                for name, total in (
                    ("RSF22-001103", 54.25),
                    ("RSF22-001115", 39.87),
                    ("RSF23-001149", 13.59),
                    ("RSF23-002133", 49.71),
                    ("RSF23-002137", 24.83),
                )
            ],
        )
        self.assertEqual(invoices[0].partner_id.company_registry, "300367240")
