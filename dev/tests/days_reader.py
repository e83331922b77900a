"""Reading documents for the tests of days, knowing nothing of the generator."""

import csv
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from dev.days import Mix, make_catalogue, make_day

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "raso_cash_register" / "tests" / "fixtures" / "samples"
DAY = date(2026, 11, 22)
CATALOGUE = make_catalogue(7, 64)
KINDS = {0: "sale", 1: "invoice", 3: "return"}
GROUP_RATES = {"21": 1, "12": 2, "5": 3, "0": 4}


def make(**mix):
    """Make the day of these tests, with another mix."""
    return make_day(7, DAY, "01", ("1", "2"), 60, CATALOGUE, mix=Mix(**mix))


def number(element, *tags):
    return sum((Decimal(element.findtext(tag) or 0) for tag in tags), Decimal(0))


def read_sample(name):
    """Return (products by barcode, manifest rows with their text) of a sample."""
    with (SAMPLES / "products.csv").open(encoding="utf-8", newline="") as file:
        goods = {row["barcode"]: row for row in csv.DictReader(file)}
    folder = SAMPLES / name
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return goods, [
        (
            row["DataType"],
            row["DataProvider"],
            row["ShopNo"],
            (folder / row["file"]).read_text(encoding="utf-8"),
        )
        for row in rows
    ]


def goods_of(catalogue):
    """Return ``catalogue`` as rows of a products.csv by barcode, packs too."""
    goods = {}
    for item in catalogue:
        row = {"default_code": item.code, "uom": item.unit, "vat": str(item.vat)}
        goods[item.barcode] = row
        if item.pack_barcode:
            goods[item.pack_barcode] = {**row, "pack": item.pack_size}
    return goods


def sum_up(rows, goods, provider):
    """Sum the documents of ``provider`` as an expected.json has it, less counts."""
    amount, vat, qty, paid = Counter(), Counter(), Counter(), Counter()
    units = {}
    for data_type, source, _shop, text in rows:
        if source != provider or data_type not in KINDS:
            continue
        root = ElementTree.fromstring(text)
        for line in root.iter("Sale" if provider == "KVITAS" else "Sales"):
            item = goods[line.findtext("CODE")]
            units[item["default_code"]] = item["uom"]
            amount[KINDS[data_type]] += number(line, "AMOUNT", "AMOUNTMANUAL")
            vat[item["vat"]] += number(line, "VATSUM", "VATSUMMANUAL")
            count = number(line, "QTY", "QTYMANUAL") * item.get("pack", 1)
            qty[item["default_code"]] += count
        for payment in root.iter("Payment" if provider == "KVITAS" else "Payments"):
            paid[payment.findtext("CODE")] += number(payment, "AMOUNT")
    return {
        "amount": {key: f"{value:.2f}" for key, value in amount.items()},
        "vat": {key: f"{value:.2f}" for key, value in vat.items() if key != "0"},
        "qty": {
            key: f"{value:.3f}" if units[key] == "kg" else f"{value:.0f}"
            for key, value in qty.items()
        },
        "payments": {key: f"{value:.2f}" for key, value in paid.items()},
    }


def count_receipts(rows):
    counts = Counter()
    for data_type, source, _shop, text in rows:
        if source == "KVITAS" and data_type in KINDS:
            found = len(ElementTree.fromstring(text).findall("Sales"))
            counts[KINDS[data_type]] += found
    return {"receipts": counts.total(), "by_kind": dict(counts)}


def receipts_by_till(rows):
    tills = {}
    for data_type, source, _shop, text in rows:
        if source == "KVITAS" and data_type in KINDS:
            for receipt in ElementTree.fromstring(text).findall("Sales"):
                tills.setdefault(receipt.get("PosNo"), []).append(receipt)
    return tills


def check_z(rows, goods):
    """Compare each Z report with the receipts of its till."""
    tills = receipts_by_till(rows)
    reports = [ElementTree.fromstring(row[3]) for row in rows if row[0] == 5]
    for report in reports[0]:
        receipts = tills.pop(report.findtext("PosNo"))
        figures = {child.tag: child.text for child in report}
        known = z_figures(receipts, goods)
        assert {tag: figures[tag] for tag in known} == known
        assert figures["ReceiptNo"] == max(x.get("ReceiptNo") for x in receipts)
    assert not tills


def z_figures(receipts, goods):
    money, groups = Counter(), Counter()
    for receipt in receipts:
        lines = receipt.findall("Sale")
        back = number_of(lines, "QTY", "QTYMANUAL") < 0
        total = number_of(lines, "AMOUNT", "AMOUNTMANUAL")
        money["GrazinimuSuma" if back else "DienosApyvarta"] += abs(total)
        money["GrazinimuKartai"] += back
        for line in lines:
            group = GROUP_RATES[goods[line.findtext("CODE")]["vat"]]
            tax = number(line, "VATSUM", "VATSUMMANUAL")
            net = number(line, "AMOUNT", "AMOUNTMANUAL") - tax
            net_tag, vat_tag = (
                ("GrazinimoSumaBePVM", "GrazinimoPVMSuma")
                if back
                else ("SumaBePVM", "PVMSuma")
            )
            groups[f"{net_tag}{group}"] += -net if back else net
            groups[f"{vat_tag}{group}"] += -tax if back else tax
            money["NuolaidosSumaPrekems"] += number(line, "DISCOUNT")
        for payment in receipt.findall("Payment"):
            money[payment.findtext("CODE")] += number(payment, "AMOUNT")
    money["DienosApyvartaGrynaisiais"] = money.pop("0")
    money["DienosApyvartaKreditan2"] = money.pop("2")
    money["DienosApyvartaKreditan3"] = money.pop("3", 0)
    times = money.pop("GrazinimuKartai")
    del money["1001"], money["1002"]
    figures = {tag: f"{value:.2f}" for tag, value in (money + groups).items()}
    return {
        **figures,
        "GrazinimuKartai": str(times),
        "FiskaliniuKvituKiekis": str(len(receipts)),
    }


def number_of(lines, *tags):
    return sum((number(line, *tags) for line in lines), Decimal(0))
