import io
import json
from datetime import date, datetime
from decimal import Decimal

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from .sample_case import DAYS, SampleCase

COLUMNS = {
    "day": "date",
    "register_id/number": "char",
    "kind": "selection",
    "product_id": "many2one",
    "quantity": "float",
}
MONEY = ("amount_untaxed", "amount_vat", "amount_total")


class TestExport(SampleCase, HttpCase):
    """Odoo's own exports of the analysis are workbooks with numbers and days."""

    def setUp(self):
        super().setUp()
        self.run_cron()
        self.env.flush_all()
        new_test_user(
            self.env,
            "exporter",
            "raso_cash_register.group_raso_user,base.group_allow_export",
            password="exporter-1",
        )
        self.authenticate("exporter", "exporter-1")
        self.expected = [self.read_expected(day) for day in DAYS]

    def fetch(self, url, data):
        """Return the one sheet of the workbook that Odoo answers with."""
        response = self.url_open(
            url,
            data={
                "data": json.dumps(data),
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)
        return load_workbook(io.BytesIO(response.content)).active

    def sum_expected(self, part):
        return sum(
            Decimal(text) for day in self.expected for text in day[part].values()
        )

    def test_list(self):
        fields = [
            {"name": name, "label": name, "store": True, "type": type_}
            for name, type_ in (
                *COLUMNS.items(),
                *((name, "monetary") for name in MONEY),
            )
        ]
        sheet = self.fetch(
            "/web/export/xlsx",
            {
                "model": "raso.sale.report",
                "fields": fields,
                "ids": False,
                "domain": [],
                "groupby": [],
                "context": {},
                "import_compat": False,
            },
        )
        head, *rows = sheet.iter_rows(values_only=True)
        self.assertEqual(head, (*COLUMNS, *MONEY))
        self.assertEqual(len(rows), self.env["raso.sale.report"].search_count([]))
        for row in rows:
            self.assertIsInstance(row[0], (date, datetime))
            for value in row[4:]:
                self.assertIsInstance(value, (int, float))
        columns = list(zip(*rows, strict=True))
        net, vat, total = (
            sum(Decimal(str(round(value, 2))) for value in column)
            for column in columns[5:]
        )
        self.assertEqual(total, self.sum_expected("amount"))
        self.assertEqual(vat, self.sum_expected("vat"))
        self.assertEqual(net, total - vat)
        self.assertEqual({day.strftime("%Y-%m-%d") for day in columns[0]}, set(DAYS))

    def test_pivot(self):
        """Shops by months, as the button of the pivot view sends them."""
        rows = self.env["raso.sale.report"].formatted_read_group(
            [], ["shop_id"], ["receipt_count:count_distinct", "amount_total:sum"]
        )
        sheet = self.fetch(
            "/web/pivot/export_xlsx",
            {
                "model": "raso.sale.report",
                "title": "Till Sales",
                "measure_count": 2,
                "col_group_headers": [
                    [{"title": "Total", "width": 2, "height": 1, "is_bold": False}]
                ],
                "measure_headers": [
                    {"title": title, "width": 1, "height": 1, "is_bold": True}
                    for title in ("Receipts", "With VAT")
                ],
                "rows": [
                    {
                        "title": row["shop_id"][1],
                        "indent": 0,
                        "values": [
                            {"value": row["receipt_count:count_distinct"]},
                            {"value": row["amount_total:sum"]},
                        ],
                    }
                    for row in rows
                ],
            },
        )
        self.assertEqual(sheet.title, "Till Sales")
        self.assertEqual(
            [cell.value for cell in sheet[2]], [None, "Receipts", "With VAT"]
        )
        shop, receipts, amount = (cell.value for cell in sheet[3])
        self.assertEqual(shop, self.shop.display_name)
        self.assertEqual(receipts, sum(day["receipts"] for day in self.expected))
        self.assertEqual(Decimal(str(round(amount, 2))), self.sum_expected("amount"))
