import csv
import json
from collections import Counter
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.tools import kvitas, payload, zreports

from .tools_common import SAMPLES, Collector

Z_REPORTS = 5
KINDS = {"sale": "sale", "return": "return", "sf": "invoice", "sf_return": "invoice"}


def read_day(day):
    """Read a sample day's KVITAS documents; return the collector of each."""
    folder = SAMPLES / day
    collectors = []
    for entry in json.loads((folder / "manifest.json").read_text("utf-8")):
        if entry["DataProvider"] != "KVITAS":
            continue
        collectors.append(collector := Collector())
        with (folder / entry["file"]).open("rb") as stream:
            payload.check_document(stream)
            stream.seek(0)
            if entry["DataType"] == Z_REPORTS:
                zreports.read_zreports(stream, collector)
            else:
                kvitas.read_document(stream, entry["DataType"], collector)
    return collectors


def read_rates():
    """Return the catalogue's VAT rates by product."""
    with (SAMPLES / "products.csv").open(newline="", encoding="utf-8") as stream:
        return {row["default_code"]: int(row["vat"]) for row in csv.DictReader(stream)}


def sum_up(receipts):
    """Return what ``expected.json`` says of a day, with exact numbers."""
    rates = read_rates()
    sums = {key: Counter() for key in ("by_kind", "amount", "vat", "qty", "payments")}
    for receipt in receipts:
        kind = KINDS[receipt.kind]
        sums["by_kind"][kind] += 1
        sums["amount"][kind] += receipt.amount
        for line in receipt.lines:
            sums["qty"][line.vcode] += line.quantity
            sums["vat"][str(rates[line.vcode])] += line.vat
        for payment in receipt.payments:
            sums["payments"][payment.code] += payment.amount
    return sums


@tagged("-at_install", "post_install")
class TestSamples(BaseCase):
    def test_days(self):
        for day in ("2026-11-22", "2026-11-23"):
            with self.subTest(day=day):
                self.check_day(day)

    def check_day(self, day):
        collectors = read_day(day)
        receipts = [row for collector in collectors for row in collector.receipts]
        expected = json.loads((SAMPLES / day / "expected.json").read_text("utf-8"))
        self.assertEqual(len(receipts), expected.pop("receipts"))
        found = sum_up(receipts)
        self.assertEqual(found.keys(), expected.keys())
        for key, values in expected.items():
            exact = {name: Decimal(value) for name, value in values.items()}
            self.assertEqual(found[key], exact, key)
        for collector in collectors:
            self.assertEqual(collector.unreadables, [])
            self.assertEqual(collector.unknown_paths, [])
            self.check_totals(collector)
        zs = [row for collector in collectors for row in collector.zreports]
        self.assertEqual({row.till for row in zs}, {"1", "2"})
        self.assertTrue(all(row.figures and not row.unknown for row in zs))

    def check_totals(self, collector):
        paid = Counter()
        for receipt in collector.receipts:
            for payment in receipt.payments:
                paid[payment.code] += payment.amount
        self.assertEqual(paid, {row.code: row.amount for row in collector.totals})
