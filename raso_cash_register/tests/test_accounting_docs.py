from decimal import Decimal

from . import sheets
from .accounting_docs import read_bookings, read_t_accounts
from .booking import COFFEE, BookingCase, line
from .common import document, receipt
from .sample_case import DAYS, SampleCase

SF = {
    "InvoiceNo": "RSF-1",
    "PartnerCode": "300367240",
    "PartnerName": "UAB „Pirkėjas“",
}
DEPOSIT_ACCOUNT = {
    "name": "Deposits for packaging",
    "code": "449990",
    "account_type": "liability_current",
}


class DocumentedCase(BookingCase):
    """Compares bookings with what the accounting guide says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookings = read_bookings()

    def sum_parts(self, moves):
        sums = {}
        for part in moves.line_ids.filtered(lambda part: part.parent_state == "posted"):
            key = part.move_id.raso_part or None, part.account_id.code
            sums[key] = sums.get(key, Decimal(0)) + Decimal(f"{part.balance:.2f}")
        return {key: balance for key, balance in sums.items() if balance}

    def assert_documented(self, name, moves):
        self.maxDiff = None
        self.assertEqual(self.sum_parts(moves), self.bookings[name], name)

    def find_type(self, kind):
        return self.env["raso.transaction.type"].search([("kind", "=", kind)])

    def make_deposit_account(self):
        return self.env["account.account"].create(DEPOSIT_ACCOUNT)


class TestSampleDayGuide(DocumentedCase, SampleCase):
    """The sample day's documents are what the guide shows."""

    def assert_day(self, count):
        documents = self.find_documents().filtered(
            lambda document: str(document.day) == DAYS[0]
        )
        shown = documents.filtered(lambda document: document.name in self.bookings)
        self.assertEqual(len(shown), count)
        for one in shown:
            self.assert_documented(one.name, one.move_ids)
        return documents

    def test_receipts(self):
        self.run_cron()
        documents = self.assert_day(3)
        self.assertEqual(self.sum_sides(documents.move_ids), read_t_accounts())
        report = self.env["raso.z.report"].search([], order="printed_at, id", limit=1)
        account = self.env["account.account"].search([("code", "=", "273000")])
        wizard = self.env["raso.cash.book"].create(
            {"report_ids": report.ids, "account_id": account.id}
        )
        wizard.action_book()
        moves = self.env["account.move"].search([("raso_z_report_id", "=", report.id)])
        self.assert_documented("cash", moves)

    def sum_sides(self, moves):
        """Return debits and credits by account and document."""
        sides = {}
        for part in moves.line_ids:
            debit, credit = sides.setdefault(part.account_id.code, ({}, {}))
            for side, amount in ((debit, part.debit), (credit, part.credit)):
                if amount:
                    name = part.move_id.raso_trade_document_id.name
                    name = name.replace(f"/{DAYS[0]}", "")
                    amount = Decimal(f"{amount:.2f}")
                    side[name] = side.get(name, Decimal(0)) + amount
        return sides

    def test_sheets(self):
        self.shop.provider = self.connection.provider = "rivile"
        account = self.make_deposit_account()
        self.env["raso.setup"].create({"tara_account_id": account.id}).action_apply()
        types = self.find_type("sheet") | self.find_type("sheet_return")
        types.is_revenue_auto = True
        self.run_cron()
        self.assert_day(4)


class TestGuide(DocumentedCase):
    """The small examples of the guide."""

    def book(self, *receipts, data_type=0):
        before = self.find_documents()
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents() - before

    def make_voucher(self):
        kind = self.env["raso.payment.kind"].search([("code", "=", "3")])
        return self.make_product(
            "Gift voucher",
            "VOUCHER",
            "4770010",
            None,
            type="service",
            is_storable=False,
            property_account_income_id=kind.account_id.id,
        )

    def test_voucher(self):
        self.make_voucher()
        sold = self.book(receipt("1", line("4770010", 1, "20.00", "0.00")))
        self.assert_documented("voucher sold", sold.move_ids)
        used = self.book(receipt("2", COFFEE, payments=[("3", "1.00"), ("0", "0.21")]))
        self.assert_documented("voucher redeemed", used.move_ids)

    def test_deposit(self):
        self.make_product(
            "Deposit",
            "TARA",
            "4770009",
            None,
            type="service",
            is_storable=False,
            property_account_income_id=self.make_deposit_account().id,
        )
        booked = self.book(receipt("1", COFFEE, line("4770009", 1, "0.10", "0.00")))
        self.assert_documented("deposit", booked.move_ids)

    def test_on_account(self):
        booked = self.book(receipt("1", COFFEE, payments=[], **SF), data_type=1)
        self.assert_documented("SF on account", booked.move_ids)
        returned = self.book(
            receipt("2", line(quantity=-1, amount="-1.21", vat="-0.21"), **SF),
            data_type=3,
        )
        self.assert_documented("SF returned", returned.move_ids)

    def test_white_and_excluded(self):
        self.find_type("sale").white_policy = "money"
        self.coffee.property_account_income_id = self.env["account.account"].search(
            [("code", "=", "500100")]
        )
        booked = self.book(receipt("1", COFFEE, line("4779999", NAME="Unknown")))
        self.assert_documented("no product", booked.move_ids)

    def test_cost(self):
        self.coffee.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 10
        )
        booked = self.book(receipt("1", COFFEE))
        self.assert_documented("cost", booked.move_ids)
        booked.action_unbook()
        self.assert_accounts(booked.move_ids, {})

    def test_unbook_in_locked_period(self):
        booked = self.book(
            receipt("1", COFFEE, payments=[("0", "0.21"), ("2", "1.00")])
        )
        self.company.fiscalyear_lock_date = "2026-11-22"
        booked.action_unbook()
        undone = booked.move_ids.filtered(lambda move: move.raso_part == "undo")
        self.assert_documented("unbooked", undone)

    def test_direct(self):
        self.shop.provider = self.connection.provider = "rivile"
        self.find_type("sheet").write({"is_direct": True, "is_revenue_auto": True})
        self.add(
            sheets.sheet(
                sheets.line(), sheets.payment("1.42"), sheets.payment("1.00", "2")
            ),
            provider="RIVILE",
        )
        self.run_cron()
        self.assert_documented("sheet, direct", self.find_documents().move_ids)
