from datetime import datetime

from .common import RasoCase


class TestRasoZReport(RasoCase):
    def take(self, *reports):
        body = "".join(reports)
        row_id = self.add(
            f"<SalesZReportsDataSync>{body}</SalesZReportsDataSync>",
            5,
            provider="",
            shop="",
        )
        self.run_cron()
        return self.find_exchange(row_id)

    def report(self, number="17", **elements):
        values = {
            "ZNr": number,
            "FiscalNo": "LT001",
            "ShopNo": "01",
            "PosNo": "1",
            "ReceiptNo": "140",
            "SUsersCode": "7",
            "ZReportDate": "2026-11-22T22:15:00",
            "DienosApyvarta": "121.00",
            "PVMSuma1": "21.00",
            **elements,
        }
        body = "".join(
            f"<{name}>{value}</{name}>"
            for name, value in values.items()
            if value is not None
        )
        return f"<SalesZReportsData>{body}</SalesZReportsData>"

    def test_report(self):
        exchange = self.take(self.report(), self.report("18", PosNo="2"))
        self.assertEqual(exchange.state, "read")
        report = self.env["raso.z.report"].search([("number", "=", "17")])
        self.assertRecordValues(
            report,
            [
                {
                    "fiscal_no": "LT001",
                    "last_receipt": "140",
                    "cashier": "7",
                    "printed_at": datetime(2026, 11, 22, 20, 15),
                    "amount_total": 121,
                    "figures": {"DienosApyvarta": "121", "PVMSuma1": "21"},
                    "exchange_id": exchange.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(report.register_id.number, "1")
        self.assertEqual(report.shop_id.number, "01")

    def test_known(self):
        self.take(self.report())
        again = self.take(self.report(DienosApyvarta="121.0", GrynujuKasoje="0"))
        self.assertRecordValues(
            again, [{"state": "read", "sale_count": 0, "known_count": 1}]
        )
        self.assertEqual(self.env["raso.z.report"].search_count([]), 1)

    def test_changed(self):
        self.take(self.report())
        changed = self.take(self.report(DienosApyvarta="120.00"))
        self.assertRecordValues(
            changed, [{"state": "partial", "conflict_count": 1, "issue_count": 1}]
        )
        self.assertIn("120", changed.issue_ids.fragment)
        self.assertIn("known with other figures", changed.issue_ids.reason)
        self.assertEqual(self.env["raso.z.report"].search([]).amount_total, 121)

    def test_bad_one_among_good(self):
        exchange = self.take(
            self.report("1", DienosApyvarta="x"),
            self.report("2", ShopNo=None),
            self.report("3", ShopNo="02"),
        )
        self.assertEqual(self.env["raso.z.report"].search([]).mapped("number"), ["3"])
        self.assertEqual(exchange.issue_count, 2)
        self.assertIn("names no shop", exchange.issue_ids.sorted("position")[1].reason)

    def test_unknown_figures_are_told(self):
        exchange = self.take(self.report(Naujas="1"))
        self.assertEqual(exchange.note, "Not understood: Naujas.")

    def test_shops_of_others(self):
        shop = self.env["raso.shop"].create({"number": "01", "name": "One"})
        self.connection.write({"is_all_shops": False, "shop_ids": shop.ids})
        exchange = self.take(self.report("1"), self.report("2", ShopNo="02"))
        self.assertEqual(self.env["raso.z.report"].search([]).mapped("number"), ["1"])
        self.assertIn("shop 02", exchange.issue_ids.reason)
