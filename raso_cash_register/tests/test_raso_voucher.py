from .booking import COFFEE, BookingCase, line
from .common import document, receipt

VOUCHER = line("4770030", 1, "50.00", "0.00")
DEPOSIT = line("4770031", 3, "0.30", "0.00")


class TestVoucher(BookingCase):
    """What the tills take for others: gift vouchers and deposits are owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["raso.setup"].create({"is_voucher_item": True}).action_apply()
        cls.liability = (
            cls.env["raso.payment.kind"]
            .search([("usage", "=", "voucher"), ("company_id", "=", cls.company.id)])
            .account_id
        )
        cls.voucher = cls.env["product.product"].search(
            [("property_account_income_id", "=", cls.liability.id)]
        )
        cls.voucher.barcode = "4770030"
        cls.deposit_account = cls.env["account.account"].create(
            {
                "name": "Deposits",
                "code": "449901",
                "account_type": "liability_current",
                "reconcile": True,
            }
        )
        cls.deposit = cls.make_product(
            "Deposit",
            "DEPOSIT",
            "4770031",
            None,
            type="service",
            is_storable=False,
            property_account_income_id=cls.deposit_account.id,
        )

    def book(self, *receipts, data_type=0):
        known = self.find_documents()
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents() - known

    def find_revenue(self, documents, account):
        return documents.move_ids.line_ids.filtered(
            lambda part: part.account_id == account
        )

    def test_item_of_the_set_up(self):
        self.assertRecordValues(
            self.voucher,
            [
                {
                    "name": "Gift voucher",
                    "type": "service",
                    "is_storable": False,
                    "taxes_id": [],
                    "company_id": self.company.id,
                }
            ],
        )
        self.env["raso.setup"].create({"is_voucher_item": True}).action_apply()
        self.assertEqual(
            self.env["product.product"].search_count(
                [("property_account_income_id", "=", self.liability.id)]
            ),
            1,
        )

    def test_item_only_if_asked(self):
        self.voucher.property_account_income_id = False
        self.env["raso.setup"].create({}).action_apply()
        self.assertFalse(
            self.env["product.product"].search(
                [("property_account_income_id", "=", self.liability.id)]
            )
        )

    def test_sold(self):
        """Owed to the holder: no VAT, no revenue, no goods."""
        booked = self.book(receipt("1", VOUCHER, COFFEE))
        self.assert_accounts(
            booked.move_ids,
            {
                self.cash_account: "51.21",
                self.liability.code: "-50.00",
                "449200": "-0.21",
                "500000": "-1.00",
            },
        )
        owed = self.find_revenue(booked, self.liability)
        self.assertFalse(owed.tax_ids | owed.tax_line_id)
        self.assertFalse(owed.tax_tag_ids)
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})

    def test_policies_of_revenue_leave_it_alone(self):
        """*Always* is for revenue; a voucher's account is none."""
        for kind in self.env["raso.transaction.type"].search([]):
            kind.income_policy = "always"
        booked = self.book(receipt("1", VOUCHER, DEPOSIT))
        self.assert_accounts(
            booked.move_ids,
            {
                self.cash_account: "50.30",
                self.liability.code: "-50.00",
                "449901": "-0.30",
            },
        )

    def test_account_of_the_category(self):
        """An account of the category that is no revenue counts as well."""
        self.voucher.property_account_income_id = False
        self.voucher.categ_id = self.env["product.category"].create(
            {"name": "Vouchers", "property_account_income_categ_id": self.liability.id}
        )
        booked = self.book(receipt("1", VOUCHER))
        self.assertEqual(self.sum_accounts(booked.move_ids)[self.liability.code], -50)

    def test_redeemed_against_what_was_sold(self):
        sold = self.book(receipt("1", VOUCHER))
        used = self.book(
            receipt(
                "2",
                line(quantity=50, amount="60.50", vat="10.50"),
                payments=[("3", "50.00"), ("0", "10.50")],
            )
        )
        self.assert_settled()
        owed = self.find_revenue(sold | used, self.liability)
        self.assertEqual(sorted(owed.mapped("balance")), [-50, 50])
        owed.reconcile()
        self.assertTrue(all(owed.mapped("reconciled")))

    def test_taken_back(self):
        """A returned voucher is owed no more."""
        back = line("4770030", -1, "-50.00", "0.00")
        booked = self.book(receipt("1", VOUCHER), receipt("2", back))
        self.assertEqual(set(booked.mapped("kind")), {"sale", "return"})
        self.assert_accounts(booked.move_ids, {})
        self.assert_settled()

    def test_sold_on_an_sf(self):
        booked = self.book(
            receipt(
                "1",
                VOUCHER,
                COFFEE,
                InvoiceNo="RSF-1",
                PartnerCode="300367240",
                payments=[("3", "51.21")],
            ),
            data_type=1,
        )
        self.assert_accounts(
            booked.move_ids,
            {self.liability.code: "1.21", "449200": "-0.21", "500000": "-1.00"},
        )

    def test_deposit(self):
        """Rate 0 and no tax: a deposit is nothing that the VAT return knows."""
        booked = self.book(receipt("1", COFFEE, DEPOSIT))
        owed = self.find_revenue(booked, self.deposit_account)
        self.assertEqual(owed.balance, -0.3)
        self.assertFalse(owed.tax_ids | owed.tax_line_id)
        self.assertFalse(owed.tax_tag_ids)
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})

    def test_deposit_kept_in_stock(self):
        """Bottles that the shop counts move like goods, on the same account."""
        self.deposit.write({"type": "consu", "is_storable": True})
        booked = self.book(
            receipt("1", DEPOSIT), receipt("2", line("4770031", -1, "-0.10", "0.00"))
        )
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.deposit: 2})
        self.assert_accounts(
            booked.move_ids, {self.cash_account: "0.20", "449901": "-0.20"}
        )
