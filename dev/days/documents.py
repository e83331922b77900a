"""A day as the XML documents that RASO exports, in the form of the samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from .model import (
    CENT,
    INVOICES,
    RETURNS,
    SALES,
    TARA,
    Z_REPORTS,
    ZERO,
    Day,
    Line,
    Mix,
    Payment,
    Receipt,
)
from .zreports import z_reports

_PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'
_TOTALS_OFF = Decimal("0.10")
Pairs = Sequence[tuple[str, object]]
Row = tuple[int, str, str, str]


class Document(NamedTuple):
    """One row of the exchange database, and the name it has as a file."""

    data_type: int
    provider: str
    shop: str
    text: str
    file: str


def kvitas_documents(day: Day, cut: int | None = None) -> list[Row]:
    """Return (DataType, DataProvider, ShopNo, XML) of each KVITAS document.

    A document holds one till's receipts of one kind, at most ``cut`` of them.
    The Z reports are the last.
    """
    found = [doc for till in day.tills for doc in _kvitas(day, till, cut)]
    return [doc[:4] for doc in [*found, _z_document(day)]]


def rivile_documents(day: Day) -> list[Row]:
    """Return the same for RIVILE: sheets, invoices and tara, then the Z reports."""
    found = [doc for till in day.tills for doc in _rivile(day, till)]
    return [doc[:4] for doc in [*found, _z_document(day)]]


def documents(day: Day) -> list[Document]:
    """Return the documents of both providers as a folder has them."""
    found = []
    for till in day.tills:
        found += _kvitas(day, till, None)
        found += _rivile(day, till)
    return [*found, _z_document(day)]


# -- KVITAS ------------------------------------------------------------------


def _kvitas(day: Day, till: str, cut: int | None) -> Iterator[Document]:
    words = ((SALES, "sales"), (RETURNS, "returns"), (INVOICES, "invoices"))
    for data_type, word in words:
        receipts = _receipts(day, till, data_type)
        if data_type == INVOICES and day.mix.partner_on_root:
            size = 1
        else:
            size = cut or len(receipts) or 1
        for start in range(0, len(receipts), size):
            name = f"kvitas-{word}-{day.date}-{day.shop}-{till}"
            if size < len(receipts):
                name += f"-{start // size + 1}"
            text = _kvitas_text(day.mix, receipts[start : start + size])
            yield Document(data_type, "KVITAS", day.shop, text, f"{name}.xml")


def _kvitas_text(mix: Mix, receipts: Sequence[Receipt]) -> str:
    tag = "PAYMETHOD" if mix.paymethod else "CODE"
    if mix.positive_returns and receipts[0].data_type == RETURNS:
        receipts = [_negated(receipt) for receipt in receipts]
    off = _TOTALS_OFF if mix.wrong_totals else ZERO
    head = _partner(receipts[0]) if mix.partner_on_root else ()
    rows = [f"{_PROLOG}<SalesSync{_attributes(head)}>\n"]
    rows += [_kvitas_receipt(mix, receipt, tag) for receipt in receipts]
    rows += _payment_totals(receipts, tag, off)
    return "".join([*rows, "</SalesSync>\n"])


def _kvitas_receipt(mix: Mix, receipt: Receipt, tag: str) -> str:
    head = [
        ("ShopNo", receipt.shop),
        ("PosNo", receipt.till),
        ("ReceiptNo", receipt.number),
        ("SaleDate", receipt.moment.date()),
    ]
    if not mix.no_time:
        head.append(("SaleTime", receipt.moment.time()))
    head.append(("UserId", receipt.cashier))
    if not mix.partner_on_root:
        head += _partner(receipt)
    rows = [f"  <Sales{_attributes(head)}>\n"]
    rows += [f"    <Sale>{_kvitas_line(mix, line)}</Sale>\n" for line in receipt.lines]
    for code, amount in receipt.payments:
        pairs = [(tag, code), ("AMOUNT", amount)]
        rows.append(f"    <Payment>{_elements(pairs)}</Payment>\n")
    return "".join([*rows, "  </Sales>\n"])


def _kvitas_line(mix: Mix, line: Line) -> str:
    code = line.product.code if mix.vcode == "full" else ""
    pairs = [
        ("CODE", line.code),
        ("VCODE", code),
        ("n" if mix.n_tag else "NAME", line.product.name),
        ("QTY", f"{line.quantity:.3f}"),
        ("AMOUNT", f"{line.amount:.2f}"),
        ("VATSUM", f"{line.vat:.2f}"),
        ("QTYMANUAL", f"{line.quantity_manual:.3f}"),
        ("AMOUNTMANUAL", f"{line.amount_manual:.2f}"),
        ("VATSUMMANUAL", f"{line.vat_manual:.2f}"),
        ("DISCOUNT", f"{line.discount:.2f}"),
    ]
    if mix.vcode == "missing":
        del pairs[1]
    return _elements(pairs)


def _partner(receipt: Receipt) -> Pairs:
    """Return the attributes that an SF has besides."""
    if receipt.partner is None:
        return []
    return [
        ("InvoiceNo", receipt.invoice),
        ("PartnerCode", receipt.partner.code),
        ("PartnerName", receipt.partner.name),
        ("PartnerVATCode", receipt.partner.vat_code),
        ("PartnerAddress", receipt.partner.address),
    ]


def _negated(receipt: Receipt) -> Receipt:
    return replace(
        receipt,
        lines=tuple(line.negated() for line in receipt.lines),
        payments=tuple(Payment(pay.code, -pay.amount) for pay in receipt.payments),
    )


# -- RIVILE ------------------------------------------------------------------


def _rivile(day: Day, till: str) -> Iterator[Document]:
    place = f"{day.date}-{day.shop}-{till}.xml"
    for data_type, word in ((SALES, "sales"), (RETURNS, "returns")):
        receipts = _receipts(day, till, data_type)
        if receipts:
            text = _sheet(day, till, receipts, ())
            name = f"rivile-{word}-{place}"
            yield Document(data_type, "RIVILE", day.shop, text, name)
    for receipt in _receipts(day, till, INVOICES):
        text = _sheet(day, till, [receipt], _partner(receipt))
        name = f"rivile-invoice-{receipt.invoice}-{place}"
        yield Document(INVOICES, "RIVILE", day.shop, text, name)
    name = f"rivile-tara-{place}"
    yield Document(TARA, "RIVILE", day.shop, _tara(day, till), name)


def _sheet(day: Day, till: str, receipts: Sequence[Receipt], more: Pairs) -> str:
    head = _attributes([*_sheet_head(day, till), *more])
    rows = [f"{_PROLOG}<SalesSync{head}>\n"]
    summed: dict[tuple[str, str], Line] = {}
    for receipt in receipts:
        when = f"{receipt.moment.date()} 23:00:00"
        for line in receipt.lines:
            key = (when, line.code)
            summed[key] = summed[key].plus(line) if key in summed else line
    for (when, _code), line in summed.items():
        rows.append(f"  <Sales>{_sheet_line(when, line)}</Sales>\n")
    rows += _payment_totals(receipts, "CODE", ZERO)
    return "".join([*rows, "</SalesSync>\n"])


def _sheet_head(day: Day, till: str) -> Pairs:
    return [("ShopNo", day.shop), ("PosNo", till), ("LASTZ", day.z_number)]


def _sheet_line(when: str, line: Line) -> str:
    return _elements(
        [
            ("SALEDATE", when),
            ("CODE", line.code),
            ("NAME", line.product.name),
            ("QTY", f"{line.quantity:.3f}"),
            ("QTYMANUAL", f"{line.quantity_manual:.3f}"),
            ("VATSUM", f"{line.vat:.2f}"),
            ("VATSUMMANUAL", f"{line.vat_manual:.2f}"),
            ("AMOUNT", f"{line.amount:.2f}"),
            ("AMOUNTMANUAL", f"{line.amount_manual:.2f}"),
            ("DISCOUNT", f"{line.discount:.2f}"),
        ]
    )


def _tara(day: Day, till: str) -> str:
    """Return the till's bottles taken back for cash."""
    count = day.bottles[day.tills.index(till)]
    amount = -count * day.deposit.price
    line = [
        ("TARADATE", f"{day.date} 23:00:00"),
        ("CODE", day.deposit.barcode),
        ("NAME", day.deposit.name),
        ("QTY", f"{-count:.3f}"),
        ("AMOUNT", amount),
        ("DISCOUNT", CENT * 0),
    ]
    payment = [("CODE", "0"), ("QTY", count), ("AMOUNT", amount)]
    return (
        f"{_PROLOG}<TaraSync{_attributes(_sheet_head(day, till))}>\n"
        f"  <Tara>{_elements(line)}</Tara>\n"
        f"  <Payments>{_elements(payment)}</Payments>\n"
        "</TaraSync>\n"
    )


# -- shared ------------------------------------------------------------------


def _z_document(day: Day) -> Document:
    rows = [
        f"  <SalesZReportsData>{_elements(pairs)}</SalesZReportsData>\n"
        for pairs in z_reports(day)
    ]
    root = "SalesZReportsDataSync"
    text = f"{_PROLOG}<{root}>\n{''.join(rows)}</{root}>\n"
    name = f"zreports-{day.date}.xml"
    return Document(Z_REPORTS, "KVITAS", day.shop, text, name)


def _receipts(day: Day, till: str, data_type: int) -> list[Receipt]:
    return [x for x in day.receipts if x.till == till and x.data_type == data_type]


def _payment_totals(
    receipts: Iterable[Receipt], tag: str, off: Decimal
) -> Iterator[str]:
    """Return the root's ``Payments``: how many there are of each kind, and what."""
    counts: dict[str, int] = {}
    sums: dict[str, Decimal] = {}
    for receipt in receipts:
        for code, amount in receipt.payments:
            counts[code] = counts.get(code, 0) + 1
            sums[code] = sums.get(code, off) + amount
    for code in sorted(counts):
        pairs = [(tag, code), ("QTY", counts[code]), ("AMOUNT", sums[code])]
        yield f"  <Payments>{_elements(pairs)}</Payments>\n"


def _attributes(pairs: Pairs) -> str:
    return "".join(f' {name}="{_quoted(str(value))}"' for name, value in pairs)


def _elements(pairs: Pairs) -> str:
    return "".join(f"<{tag}>{escape(str(value))}</{tag}>" for tag, value in pairs)


def _quoted(value: str) -> str:
    return escape(value, {'"': "&quot;"})
