import io
from pathlib import Path

from odoo.addons.raso_cash_register.tools import kvitas, zreports

SAMPLES = Path(__file__).parent / "fixtures" / "samples"

SALE = (
    "<Sale><CODE>4770000000013</CODE><VCODE>P1</VCODE><NAME>Duona</NAME>"
    "<QTY>2.000</QTY><AMOUNT>2.42</AMOUNT><VATSUM>0.42</VATSUM></Sale>"
)
PAYMENT = "<Payment><CODE>0</CODE><AMOUNT>2.42</AMOUNT></Payment>"


class Collector:
    """A handler that keeps what a reader gives it."""

    def __init__(self):
        self.receipts = []
        self.zreports = []
        self.unreadables = []
        self.totals = []
        self.unknown_paths = []

    def receipt(self, receipt):
        self.receipts.append(receipt)

    def zreport(self, report):
        self.zreports.append(report)

    def unreadable(self, unreadable):
        self.unreadables.append(unreadable)

    def total(self, total):
        self.totals.append(total)

    def unknown(self, path):
        self.unknown_paths.append(path)


def sales(content=SALE + PAYMENT, **attributes):
    """Return a Sales element; an attribute given as None is left out."""
    values = {
        "ShopNo": "01",
        "PosNo": "1",
        "ReceiptNo": "1101",
        "SaleDate": "2026-11-22",
        "SaleTime": "08:00:00",
        "UserId": "5",
    } | attributes
    texts = (
        f' {name}="{value}"' for name, value in values.items() if value is not None
    )
    return f"<Sales{''.join(texts)}>{content}</Sales>"


def read_kvitas(*elements, data_type=0, root="", shop_no=""):
    """Read a KVITAS document made of ``elements``; ``root`` are root attributes."""
    text = f"<SalesSync {root}>{''.join(elements)}</SalesSync>"
    return read_kvitas_bytes(text.encode(), data_type, shop_no)


def read_kvitas_bytes(data, data_type=0, shop_no="", encoding="utf-8"):
    collector = Collector()
    kvitas.read_document(io.BytesIO(data), data_type, collector, encoding, shop_no)
    return collector


def read_zreports(*elements):
    """Read a document of Z reports made of ``elements``."""
    text = "".join(elements)
    data = f"<SalesZReportsDataSync>{text}</SalesZReportsDataSync>".encode()
    collector = Collector()
    zreports.read_zreports(io.BytesIO(data), collector, "utf-8")
    return collector
