"""The generator of days against the samples, and against its own documents."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest

from dev.days import (
    Mix,
    documents,
    expected,
    kvitas_documents,
    make_catalogue,
    make_day,
    make_partners,
    write_day,
    write_products,
)
from dev.days.catalogue import company_check_digit, ean_check_digit

from .days_reader import (
    CATALOGUE,
    DAY,
    ROOT,
    SAMPLES,
    check_z,
    count_receipts,
    goods_of,
    make,
    read_sample,
    sum_up,
)

SAMPLE_DAYS = ("2026-11-22", "2026-11-23")


# -- the same form as the samples ---------------------------------------------


def line_shapes(text):
    """Return the document's different lines, their values taken out."""
    bare = re.sub(r'="[^"]*"', '=""', re.sub(r">[^<\n]+<", "><", text))
    return set(bare.split("\n"))


def value_formats(text):
    """Return (element or attribute, format) of each number and time."""
    found = re.findall(r"<(\w+)>([^<\n]+)<", text) + re.findall(r'(\w+)="(.*?)"', text)
    formats = set()
    for name, value in found:
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            formats.add((name, len(value.partition(".")[2])))
        elif re.fullmatch(r"[\d:T -]+", value):
            formats.add((name, re.sub(r"\d", "9", value)))
    return formats


def forms(rows, form):
    """Return what ``form`` finds in the documents of each DataType and provider."""
    found = {}
    for data_type, provider, _shop, text in rows:
        found.setdefault((data_type, provider), set()).update(form(text))
    return found


@pytest.mark.parametrize("form", [line_shapes, value_formats])
def test_documents_have_the_form_of_the_samples(form):
    samples = [row for name in SAMPLE_DAYS for row in read_sample(name)[1]]
    ours = [doc[:4] for doc in documents(make())]
    assert forms(ours, form) == forms(samples, form)


def test_folder_has_the_form_of_the_samples(tmp_path):
    day = make()
    write_day(day, tmp_path / "day")
    write_products(CATALOGUE, tmp_path / "products.csv")
    sample = SAMPLES / SAMPLE_DAYS[0]
    for name in ("manifest.json", "expected.json"):
        ours = (tmp_path / "day" / name).read_text(encoding="utf-8")
        theirs = (sample / name).read_text(encoding="utf-8")
        assert ours[:4] == theirs[:4]
        assert ours[-1] == theirs[-1]
    manifest = json.loads((tmp_path / "day" / "manifest.json").read_bytes())
    assert list(manifest[0]) == ["file", "DataType", "DataProvider", "ShopNo"]
    files = {path.name for path in (tmp_path / "day").glob("*.xml")}
    assert files == {row["file"] for row in manifest}
    assert json.loads((tmp_path / "day" / "expected.json").read_bytes()) == expected(
        day
    )


def test_catalogue_has_the_form_of_the_samples(tmp_path):
    write_products(CATALOGUE, tmp_path / "products.csv")
    ours, theirs = (
        (folder / "products.csv").read_text(encoding="utf-8").splitlines()
        for folder in (tmp_path, SAMPLES)
    )
    assert ours[0] == theirs[0]
    shapes = [
        {re.sub(r"[^\",.]+", "x", re.sub(r'"(.*)"', '"x"', row)) for row in rows}
        for rows in (ours, theirs)
    ]
    assert shapes[0] == shapes[1]
    assert len(ours) == len(theirs)
    rows = list(csv.DictReader(ours))
    assert [row["name"] for row in rows] == [item.name for item in CATALOGUE]
    assert {row["vat"] for row in rows} == {"21", "12", "5", "0"}
    for sign in ('"', "'", "„", "&", "<", ">"):
        assert any(sign in row["name"] for row in rows)


def test_codes_check():
    barcodes = [item.barcode for item in make_catalogue(1, 500)]
    barcodes += [item.pack_barcode for item in CATALOGUE if item.pack_barcode]
    assert all(ean_check_digit(code[:12]) == code[12] for code in barcodes)
    assert len(set(barcodes)) == len(barcodes)
    for partner in make_partners(7):
        assert company_check_digit(partner.code[:8]) == partner.code[8:]
        assert company_check_digit(partner.vat_code[2:10]) == partner.vat_code[10:]
        assert partner.vat_code[9] == "1"


@pytest.mark.parametrize("code", ["4771804042102", "4006381333931"])
def test_ean_check_digit(code):
    assert ean_check_digit(code[:12]) == code[12]


# the last two need the second row of weights
@pytest.mark.parametrize("code", ["300367211", "303148815", "300000053", "300000260"])
def test_company_check_digit(code):
    assert company_check_digit(code[:8]) == code[8]


# -- sums ---------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["KVITAS", "RIVILE"])
@pytest.mark.parametrize("name", SAMPLE_DAYS)
def test_the_reader_of_these_tests_agrees_with_the_samples(name, provider):
    goods, rows = read_sample(name)
    theirs = json.loads((SAMPLES / name / "expected.json").read_bytes())
    assert {**count_receipts(rows), **sum_up(rows, goods, provider)} == theirs
    check_z(rows, goods)


@pytest.mark.parametrize("provider", ["KVITAS", "RIVILE"])
@pytest.mark.parametrize(
    "mix",
    [
        {},
        {"zero_lines": 2, "deposits": 3, "packs": 3, "repeats": 2, "taken_back": 2},
        {"returns": 9, "invoices": 9, "after_midnight": 3},
    ],
    ids=["ordinary", "odd", "returns"],
)
def test_expected_is_what_the_documents_sum_to(mix, provider):
    day = make(**mix)
    rows = [doc[:4] for doc in documents(day)]
    goods = goods_of(CATALOGUE)
    assert expected(day) == {**count_receipts(rows), **sum_up(rows, goods, provider)}
    check_z(rows, goods)


def test_payments_meet_the_lines_and_cash_is_rounded():
    codes = Counter()
    for receipt in make(returns=10).receipts:
        assert sum(pay.amount for pay in receipt.payments) == receipt.total
        for code, amount in receipt.payments:
            codes[code] += 1
            assert code != "0" or not amount % Decimal("0.05")
            assert code != "1001" or 0 < amount <= Decimal("0.02")
            assert code != "1002" or 0 > amount >= Decimal("-0.02")
    assert set(codes) == {"0", "2", "3", "1001", "1002"}
    pairs = {tuple(p.code for p in x.payments[:2]) for x in make().receipts}
    assert {("3", "2"), ("2", "0")} <= pairs


def test_vat_fits_each_line():
    for receipt in make(deposits=3).receipts:
        for line in receipt.lines:
            rate = line.product.vat
            exact = line.total * rate / (100 + rate)
            assert abs(line.total_vat - exact) <= Decimal("0.005")


def test_cut_documents_hold_the_same_receipts():
    day = make()
    whole, cut = kvitas_documents(day), kvitas_documents(day, cut=7)
    sizes = [text.count("<Sales ") for _type, _provider, _shop, text in cut]
    assert max(sizes) == 7
    for tag in ("Sale>", "Sales>", "Payment>"):
        count = [sum(row[3].count(f"</{tag}") for row in rows) for rows in (whole, cut)]
        assert count[0] == count[1]


# -- the same again -----------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_on_every_python():
    """The digest stands for every Python from 3.10: a new one shows a change."""
    text = "".join(doc.file + doc.text for doc in documents(make()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest[:16] == "c16fa6461f6c82f1"


def test_another_seed_gives_another_day():
    days = [make_day(seed, DAY, "01", ["1"], 9, CATALOGUE) for seed in (1, 2)]
    assert expected(days[0]) != expected(days[1])


def test_a_busy_day():
    """The benchmark's day: 1,000 receipts of 5 lines over 500 products, one till."""
    goods = make_catalogue(1, 500)
    day = make_day(1, DAY, "01", ["1"], 1000, goods, 5, mix=Mix(invoices=0))
    assert Counter(len(x.lines) for x in day.receipts) == {5: 1000}
    assert len({x.number for x in day.receipts}) == 1000
    assert len(expected(day)["qty"]) == 500
    rows = kvitas_documents(day, cut=100)
    assert expected(day).items() >= sum_up(rows, goods_of(goods), "KVITAS").items()


def test_invoice_numbers_of_two_busy_tills_differ():
    day = make_day(1, DAY, "01", ["1", "2"], 2400, CATALOGUE, 1)
    numbers = [x.invoice for x in day.receipts if x.invoice]
    assert len(set(numbers)) == len(numbers)
    assert len({x.number for x in day.receipts}) == 2400


def test_command_line(tmp_path):
    args = "--seed 7 --day 2026-11-22 --shop 01 --tills 1,2 --receipts 60 --products 64"
    command = [sys.executable, "-m", "dev.days", *args.split(), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert (tmp_path / "products.csv").is_file()
    content = json.loads((tmp_path / "2026-11-22" / "expected.json").read_bytes())
    assert content == expected(make())
