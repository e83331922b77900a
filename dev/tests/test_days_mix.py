"""What each option of a day's mix does to its receipts and documents."""

import re
from collections import Counter
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from dev.days import Mix, documents, expected, kvitas_documents, rivile_documents
from dev.days.catalogue import ean_check_digit

from .days_reader import CATALOGUE, DAY, check_z, goods_of, make, number, number_of


def test_returns_by_sign_are_returns_of_the_day_and_its_z():
    day = make(returns_by_sign=3, returns=0)
    rows = kvitas_documents(day)
    assert not [row for row in rows if row[0] == 3]
    assert expected(day)["by_kind"]["return"] == 3
    assert sum(x.total < 0 for x in day.receipts if x.data_type == 0) == 3
    check_z(rows, goods_of(CATALOGUE))


# -- oddities -----------------------------------------------------------------

COUNTS = [
    field.name
    for field in fields(Mix)
    if field.default == 0 and field.type == "int" and field.name != "after_midnight"
]


@pytest.mark.parametrize("name", COUNTS)
def test_an_oddity_changes_as_many_receipts_as_asked(name):
    pairs = zip(make().receipts, make(**{name: 3}).receipts, strict=True)
    assert sum(plain != odd for plain, odd in pairs) == 3


def odd_receipts(name):
    pairs = zip(make().receipts, make(**{name: 3}).receipts, strict=True)
    return [odd for plain, odd in pairs if plain != odd]


def test_zero_lines():
    for receipt in odd_receipts("zero_lines"):
        assert [x.quantity > 0 for x in receipt.lines if not x.total] == [True]


def test_deposits():
    for receipt in odd_receipts("deposits"):
        line = receipt.lines[-1]
        assert (line.product.code, line.vat) == ("TARA01", 0)
        assert line.amount == line.quantity * Decimal("0.10")


def test_packs():
    for receipt in odd_receipts("packs"):
        line = receipt.lines[-1]
        assert line.code == line.product.pack_barcode
        assert line.units == line.quantity * line.product.pack_size
        assert line.amount == line.product.price * line.units


def test_repeats_and_lines_taken_back():
    for receipt in odd_receipts("repeats"):
        assert receipt.lines[0].code == receipt.lines[-1].code
    for receipt in odd_receipts("taken_back"):
        assert receipt.lines[-1].amount < 0 < receipt.total
        assert receipt.lines[-2].product == receipt.lines[-1].product


@pytest.mark.parametrize("name", ["unknown_barcodes", "wrong_payments"])
def test_receipts_to_hold_are_not_expected(name):
    held = odd_receipts(name)
    goods = goods_of(CATALOGUE)
    for receipt in held:
        unknown = [line.code for line in receipt.lines if line.code not in goods]
        missed = sum(pay.amount for pay in receipt.payments) - receipt.total
        assert all(ean_check_digit(code[:12]) == code[12] for code in unknown)
        assert bool(unknown) == (name == "unknown_barcodes")
        assert missed == (1 if name == "wrong_payments" else 0)
        assert receipt.flaw
    assert expected(make(**{name: 3}))["receipts"] == 57


def test_opposite_signs_meet_in_one_line_of_a_sheet():
    found = 0
    for data_type, _provider, _shop, text in rivile_documents(make(opposite_signs=2)):
        if data_type == 0:
            for line in ElementTree.fromstring(text).iter("Sales"):
                found += number(line, "QTY") > 0 > number(line, "QTYMANUAL")
    assert found == 2


def test_after_midnight():
    day = make(after_midnight=2)
    late = [x for x in day.receipts if x.moment.date() == DAY + timedelta(days=1)]
    assert Counter(x.till for x in late) == {"1": 2, "2": 2}
    assert max(x.moment for x in late) < day.z_moment
    numbers = {x.number for x in late}
    report = ElementTree.fromstring(kvitas_documents(day)[-1][3])
    assert {x.text for x in report.iter("ReceiptNo")} < numbers
    sheet = next(text for kind, *_, text in rivile_documents(day) if kind == 0)
    assert "<SALEDATE>2026-11-23 23:00:00</SALEDATE>" in sheet


def test_too_many_oddities_are_refused():
    with pytest.raises(ValueError, match="too few"):
        make(deposits=40, repeats=40)


# -- other ways to write the same ---------------------------------------------

FORMS = [
    ({"vcode": "empty"}, r"<VCODE></VCODE>", r"<VCODE>P"),
    ({"vcode": "missing"}, r"</CODE><NAME>", r"VCODE"),
    ({"n_tag": True}, r"</VCODE><n>", r"<NAME>"),
    ({"paymethod": True}, r"<Payment><PAYMETHOD>", r"<Payments?><CODE>"),
    ({"partner_on_root": True}, r"<SalesSync InvoiceNo=", r"<Sales [^>]*InvoiceNo="),
    ({"no_time": True}, r'SaleDate="[\d-]+" UserId', r"SaleTime"),
]


@pytest.mark.parametrize(("mix", "has", "lacks"), FORMS)
def test_forms(mix, has, lacks):
    text = "".join(row[3] for row in kvitas_documents(make(**mix)) if row[0] != 5)
    plain = "".join(row[3] for row in kvitas_documents(make()) if row[0] != 5)
    assert re.search(has, text)
    assert not re.search(lacks, text)
    assert re.search(lacks, plain)


def test_partner_on_root_makes_a_document_an_invoice():
    day = make(partner_on_root=True, invoices=5)
    texts = [row[3] for row in kvitas_documents(day) if row[0] == 1]
    assert [text.count("<Sales ") for text in texts] == [1] * 5
    assert len({doc.file for doc in documents(day)}) == len(documents(day))


def test_positive_returns():
    texts = [
        row[3] for row in kvitas_documents(make(positive_returns=True)) if row[0] == 3
    ]
    plain = [row[3] for row in kvitas_documents(make()) if row[0] == 3]
    for text, usual in zip(texts, plain, strict=True):
        signs = [
            [number(line, "QTY") for line in ElementTree.fromstring(x).iter("Sale")]
            for x in (text, usual)
        ]
        assert signs[0] == [-value for value in signs[1]]
        assert min(signs[0]) > 0
    assert expected(make(positive_returns=True)) == expected(make())


def test_wrong_totals_miss_the_receipts():
    for data_type, _provider, _shop, text in kvitas_documents(make(wrong_totals=True)):
        root = ElementTree.fromstring(text)
        for total in root.findall("Payments"):
            own = [
                pay
                for pay in root.iter("Payment")
                if pay.findtext("CODE") == total.findtext("CODE")
            ]
            missed = number(total, "AMOUNT") - number_of(own, "AMOUNT")
            assert missed == Decimal("0.10"), data_type
