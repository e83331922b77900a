from datetime import date
from decimal import Decimal

from .booking import RivileCase
from .sample_case import DAYS, SampleCase
from .standin import days


class TestRivileSampleDays(RivileCase, SampleCase):
    """The two days of the samples through RIVILĖ: the same stock, the same SF."""

    def find_tara(self):
        return self.find_sales().filtered(lambda sale: sale.kind == "tara")

    def test_stock(self):
        self.run_cron()
        for day in DAYS:
            expected = self.read_expected(day)["qty"]
            self.assertEqual(
                self.sum_products(day),
                {code: Decimal(text) for code, text in expected.items()},
            )
        sales = self.find_sales() - self.find_tara()
        self.assertEqual(set(sales.mapped("state")), {"booked"})
        sheets = self.find_documents().filtered(lambda doc: doc.kind != "sf")
        self.assertEqual(set(sheets.mapped("kind")), {"sheet", "sheet_return"})
        self.assertEqual(set(sheets.mapped("revenue_state")), {"todo"})
        self.assertFalse(sheets.move_ids)
        self.assertFalse(self.find_exchange_notes())

    def find_exchange_notes(self):
        return self.env["raso.exchange"].search([("note", "!=", False)]).mapped("note")

    def test_invoices(self):
        self.run_cron()
        self.assert_invoices()

    def test_tara(self):
        """Held until the set-up knows the account, then four documents of cash."""
        self.run_cron()
        self.assertEqual(self.find_tara().mapped("hold_cause"), ["type"] * 4)
        account = self.env["account.account"].create(
            {"name": "Tara", "code": "449990", "account_type": "liability_current"}
        )
        self.env["raso.setup"].create({"tara_account_id": account.id}).action_apply()
        self.run_cron()
        self.assertEqual(self.find_tara().mapped("state"), ["booked"] * 4)
        documents = self.find_documents(kind="tara")
        self.assert_accounts(
            documents.move_ids, {"449990": "9.60", self.cash_account: "-9.60"}
        )
        self.assertEqual(set(self.sum_stock(documents.picking_ids).values()), {-96})
        self.assert_settled()

    def test_report_back(self):
        """Each row of RIVILE and of Z reports is done; KVITAS' are left alone."""
        self.run_cron()
        for row in self.standin.rows():
            is_ours = row["DataProvider"] == "RIVILE" or row["DataType"] == 5
            self.assertEqual(row["Status"], 1 if is_ours else 0, row)

    def test_again(self):
        """Exported once more, nothing is new and nothing moves."""
        self.run_cron()
        before = len(self.find_sales()), len(self.find_documents())
        for row in self.standin.rows():
            if row["DataProvider"] == "RIVILE":
                self.add(row["SyncData"], row["DataType"], provider="RIVILE")
        self.run_cron()
        self.assertEqual((len(self.find_sales()), len(self.find_documents())), before)
        self.assertFalse(self.find_sales().filtered(lambda s: s.state == "conflict"))


class TestTwoConnections(SampleCase):
    """RASO exports both: one connection each, side by side in one company."""

    def setUp(self):
        super().setUp()
        self.other = self.make_connection(name="Sheets", provider="rivile")
        self.other.action_confirm()

    def run_both(self):
        self.other.next_try_at = False
        self.run_cron()

    def test_one_provider_books(self):
        partners = self.env["res.partner"].search_count([])
        self.run_both()
        sales = self.find_sales().grouped("provider")
        self.assertEqual(set(sales["kvitas"].mapped("state")), {"booked"})
        self.assertEqual(set(sales["rivile"].mapped("state")), {"not_booked"})
        self.assertFalse(sales["rivile"].partner_id)
        self.assertEqual(
            self.env["res.partner"].search_count([]) - partners,
            len(sales["kvitas"].partner_id),
        )
        for day in DAYS:
            expected = self.read_expected(day)["qty"]
            self.assertEqual(
                self.sum_products(day),
                {code: Decimal(text) for code, text in expected.items()},
            )
        self.assertEqual({row["Status"] for row in self.standin.rows()}, {1})
        self.assertEqual(self.env["raso.z.report"].search_count([]), 4)

    def test_switch(self):
        """The second day is booked from sheets: the stock is the same."""
        self.shop.write({"provider": "rivile", "provider_from": DAYS[1]})
        self.run_both()
        booked = self.find_sales().filtered(lambda sale: sale.state == "booked")
        self.assertEqual(
            {(sale.provider, str(sale.day)) for sale in booked},
            {("kvitas", DAYS[0]), ("rivile", DAYS[1])},
        )
        for day in DAYS:
            expected = self.read_expected(day)["qty"]
            self.assertEqual(
                self.sum_products(day),
                {code: Decimal(text) for code, text in expected.items()},
            )


class TestMadeDay(RivileCase):
    """A made day with sales and returns of one product in one line of a sheet."""

    def make_products(self, catalogue):
        units = {
            "kg": self.env.ref("uom.product_uom_kgm"),
            "vnt": self.env.ref("uom.product_uom_unit"),
        }
        for item in catalogue:
            self.make_product(
                item.name, item.code, item.barcode, item.vat, uom_id=units[item.unit]
            )

    def test_opposite_signs(self):
        catalogue = days.make_catalogue(3, 20)
        self.make_products(catalogue)
        mix = days.Mix(opposite_signs=4)
        day = days.make_day(
            3, date(2026, 11, 22), "01", ("1", "2"), 60, catalogue, mix=mix
        )
        for data_type, provider, shop, text in days.rivile_documents(day):
            self.add(text, data_type, shop, provider)
        self.run_cron()
        self.assertEqual(
            {sale.kind for sale in self.find_sales() if sale.state != "booked"},
            {"tara"},
        )
        pickings = self.find_documents().picking_ids
        expected = days.expected(day)["qty"]
        self.assertEqual(
            {
                product.default_code: quantity
                for product, quantity in self.sum_stock(pickings).items()
            },
            {code: Decimal(text) for code, text in expected.items() if Decimal(text)},
        )
        sheets = self.find_documents(kind="sheet").picking_ids
        self.assertEqual(
            set(sheets.mapped("picking_type_id.code")), {"incoming", "outgoing"}
        )
        back = sum(
            -line.quantity_manual
            for receipt in day.receipts
            if receipt.data_type == 0 and receipt.kind == "return"
            for line in receipt.lines
        )
        incoming = sheets.filtered(lambda p: p.picking_type_id.code == "incoming")
        self.assertEqual(
            -sum(self.sum_stock(incoming).values()),
            back,
        )
