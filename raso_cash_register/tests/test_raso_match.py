from odoo.exceptions import AccessError, UserError
from odoo.tools.barcode import get_barcode_check_digit

from .booking import COFFEE, BookingCase, line
from .common import document, receipt


class TestMatch(BookingCase):
    def match(self, *receipts, data_type=0):
        """Receive the receipts and match them; none is booked."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_sales()

    def match_line(self, **elements):
        return self.match(receipt("1", line(**elements))).line_ids

    def assert_held(self, sale, cause, *words):
        self.assertEqual((sale.state, sale.hold_cause), ("held", cause))
        for word in words:
            self.assertIn(word, sale.hold_reason)

    # products

    def test_by_reference(self):
        found = self.match_line(code="no-barcode", VCODE="COFFEE")
        self.assertEqual((found.product_id, found.warning), (self.coffee, False))

    def test_by_barcode(self):
        self.assertEqual(self.match_line().product_id, self.coffee)

    def test_by_barcode_without_leading_zeros(self):
        self.assertEqual(self.match_line(code="0004770001").product_id, self.coffee)

    def test_by_barcode_that_has_leading_zeros(self):
        self.coffee.barcode = "004770001"
        self.assertEqual(self.match_line(code="4770001").product_id, self.coffee)

    def test_by_packaging(self):
        """With a packaging's barcode the till counts packs."""
        pack = self.env.ref("uom.product_uom_pack_6")
        self.env["product.uom"].create(
            {"product_id": self.coffee.id, "uom_id": pack.id, "barcode": "4770009"}
        )
        found = self.match_line(code="4770009", quantity=2, VCODE="COFFEE")
        self.assertRecordValues(
            found,
            [
                {
                    "product_id": self.coffee.id,
                    "uom_id": pack.id,
                    "quantity": 2,
                    "product_quantity": 12,
                }
            ],
        )

    def test_by_nomenclature(self):
        """A weight barcode names its product; its weight is the till's business."""
        base, weighed = (
            part + str(get_barcode_check_digit(part + "0"))
            for part in ("211234500000", "211234500345")
        )
        self.apples.barcode = base
        found = self.match_line(code=weighed, quantity="0.345")
        self.assertEqual(found.product_id, self.apples)
        self.assertEqual(found.product_quantity, 0.345)

    def test_remembered_code_first(self):
        self.env["raso.code"].create(
            {"code": "4770001", "product_id": self.book_item.id}
        )
        self.assertEqual(self.match_line().product_id, self.book_item)

    def test_reference_wins_over_barcode(self):
        found = self.match_line(VCODE="BOOK", amount="1.05", vat="0.05")
        self.assertEqual((found.product_id, found.warning), (self.book_item, "codes"))

    def test_active_product_first(self):
        self.make_product("Old", "COFFEE", "4770010", 21).active = False
        found = self.match_line(code="none", VCODE="COFFEE")
        self.assertEqual((found.product_id, found.warning), (self.coffee, False))

    def test_archived_product(self):
        self.coffee.active = False
        found = self.match_line()
        self.assertEqual((found.product_id, found.warning), (self.coffee, "archived"))

    def test_several_products_leave_it_white(self):
        self.make_product("Twin", "COFFEE", "4770010", 21)
        found = self.match_line(code="none", VCODE="COFFEE")
        self.assertEqual((found.state, found.warning), ("white", "several"))

    def test_product_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.coffee.company_id = other
        self.assert_held(self.match(receipt("1", COFFEE)), "white", "4770001")

    def test_white_until_the_product_is_there(self):
        sale = self.match(receipt("1", line("4771111", NAME="Tea")))
        self.assert_held(sale, "white", "Tea", "4771111")
        tea = self.make_product("Tea", "TEA", "4771111", 21)
        self.run_cron()
        self.assertEqual((sale.state, sale.line_ids.product_id), ("matched", tea))

    # VAT

    def test_rate_from_the_money(self):
        """The till wins over the product card; the disagreement is shown."""
        found = self.match_line(amount="1.05", vat="0.05")
        self.assertEqual(found.vat_percent, 5)
        self.assertEqual((found.tax_id, found.warning), (self.taxes[5], "vat"))

    def test_products_own_rate_breaks_a_tie(self):
        """0.01 in 0.10: 5, 12 and 21 % all fit, and each product has its own."""
        sale = self.match(
            receipt(
                "1",
                line(amount="0.10", vat="0.01"),
                line("4770002", amount="0.10", vat="0.01"),
            )
        )
        self.assertEqual(sale.line_ids.tax_id, self.taxes[21] | self.taxes[5])

    def test_nearest_rate_without_a_product(self):
        found = self.match_line(code="none", amount="10.00", vat="1.07")
        self.assertEqual(found.vat_percent, 12)

    def test_tolerance_of_a_receipt_line(self):
        """21 % of 121.00 is 21.00: a cent off fits, two don't."""
        sale = self.match(
            receipt("1", line(amount="121.00", vat="21.01")),
            receipt("2", line(amount="121.00", vat="21.02")),
        )
        self.assertEqual(sale[0].line_ids.vat_percent, 21)
        self.assert_held(sale[1], "vat", "21.02", "121.00")

    def test_rate_by_date(self):
        """12 % begins on 2026-01-01; the day before it was 9 %."""
        part = line(amount="112.00", vat="12.00")
        sale = self.match(
            receipt("1", part),
            receipt("2", part, SaleDate="2025-12-31"),
        )
        self.assertEqual(sale[0].line_ids.vat_percent, 12)
        self.assertFalse(sale[1].line_ids.vat_rate_id)

    def test_item_without_taxes(self):
        """A deposit bears no tax; other goods without VAT bear the exempt one."""
        self.make_product("Deposit", "DEPOSIT", "4770020", None, type="service")
        sale = self.match(
            receipt(
                "1",
                line("4770020", amount="0.10", vat="0.00"),
                line(amount="5.00", vat="0.00"),
            )
        )
        self.assertEqual(sale.line_ids.mapped("vat_percent"), [0, 0])
        by_code = {part.code: part.tax_id for part in sale.line_ids}
        self.assertFalse(by_code["4770020"])
        self.assertEqual(by_code["4770001"], self.taxes[0])

    # payments

    def test_unmapped_payment_kind(self):
        sale = self.match(receipt("1", COFFEE, payments=[("RRPAY", "1.21")]))
        self.assert_held(sale, "payment_kind", "RRPAY")
        self.env["raso.payment.kind"].create(
            {"code": "RRPAY", "name": "App", "usage": "cash"}
        )
        self.run_cron()
        self.assertEqual(sale.state, "matched")

    def test_payments_miss_the_lines(self):
        sale = self.match(receipt("1", COFFEE, payments=[("0", "1.20")]))
        self.assert_held(sale, "payment_sum", "1.21", "1.20")

    def test_rounding_row_of_either_sign(self):
        sales = self.match(
            receipt("1", COFFEE, payments=[("0", "1.20"), ("1001", "0.01")]),
            receipt("2", COFFEE, payments=[("0", "1.20"), ("1001", "-0.01")]),
            receipt("3", COFFEE, payments=[("0", "1.20"), ("1001", "0.02")]),
        )
        self.assertEqual(sales.mapped("state"), ["matched", "matched", "held"])

    def test_receipt_without_payments(self):
        self.assert_held(self.match(receipt("1", COFFEE, payments=[])), "payment_sum")

    def test_on_account_needs_an_sf(self):
        self.env["raso.payment.kind"].create(
            {"code": "9", "name": "On account", "usage": "on_account"}
        )
        sales = self.match(
            receipt("1", COFFEE, payments=[("9", "1.21")]),
            receipt(
                "2",
                COFFEE,
                payments=[("9", "1.21")],
                InvoiceNo="A1",
                PartnerCode="1",
            ),
        )
        self.assert_held(sales[0], "on_account")
        self.assertNotEqual(sales[1].hold_cause, "on_account")

    # the rest

    def test_new_shop_waits_for_its_set_up(self):
        sale = self.match(receipt("1", COFFEE, ShopNo="02"))
        self.assert_held(sale, "shop", "02")
        sale.shop_id.warehouse_id = self.warehouse
        self.run_cron()
        self.assert_held(sale, "till", "02")
        sale.shop_id.cash_journal_id = self.cash_journal
        self.run_cron()
        self.assertEqual(sale.state, "matched")

    def test_dated_in_the_future(self):
        sales = self.match(
            receipt("1", COFFEE, SaleDate="2026-11-25"),
            receipt("2", COFFEE, SaleDate="2026-11-26"),
        )
        self.assertEqual(sales[0].state, "matched")
        self.assert_held(sales[1], "future", "2026-11-26")

    def test_before_start(self):
        self.shop.book_from = "2026-11-23"
        sale = self.match(receipt("1", COFFEE))
        self.assertEqual((sale.state, sale.hold_cause), ("before_start", False))

    def test_no_transaction_type(self):
        self.env["raso.transaction.type"].search([("kind", "=", "return")]).active = 0
        sale = self.match(receipt("1", line(quantity=-1, amount="-1.21", vat="-0.21")))
        self.assert_held(sale, "type", "Return")

    def test_most_specific_type(self):
        types = self.env["raso.transaction.type"]
        general = types.search([("kind", "=", "sale")])
        for_shop = general.copy({"code": "S", "shop_id": self.shop.id})
        for_shop.copy({"code": "T", "register_id": self.till.id})
        sales = self.match(
            receipt("1", COFFEE), receipt("1", COFFEE, PosNo="2"), receipt("2", COFFEE)
        )
        self.assertEqual(
            [sale.transaction_type_id.code for sale in sales], ["T", "S", "T"]
        )

    def test_grams_need_three_decimals(self):
        self.env.ref("uom.decimal_product_uom").digits = 2
        sale = self.match(receipt("1", line("4770003", "0.345", "2.42", "0.42")))
        self.assert_held(sale, "quantity", "2")

    def test_users_only_choose_the_product(self):
        part = self.match(receipt("1", line("none"))).line_ids.with_user(self.user)
        with self.assertRaises(AccessError):
            part.write({"amount": 1})
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_product("Foreign", "F", "4770099", 21, company_id=other.id)
        with self.assertRaises(UserError):
            part.product_id = foreign.with_user(self.user)
        part.product_id = self.coffee
        self.assertRecordValues(
            part,
            [
                {
                    "state": "ready",
                    "product_quantity": 1,
                    "uom_id": self.coffee.uom_id.id,
                }
            ],
        )

    # customers of SF

    def match_sf(self, **partner):
        sale = self.match(receipt("1", COFFEE, InvoiceNo="A1", **partner), data_type=1)
        self.assertEqual(sale.kind, "sf")
        return sale

    def make_partner(self, **vals):
        return self.env["res.partner"].create({"name": "Known", **vals})

    def test_customer_by_company_code(self):
        partner = self.make_partner(company_registry="300367240")
        self.make_partner(vat="LT119511515")
        sale = self.match_sf(PartnerCode="300367240", PartnerVATCode="LT119511515")
        self.assertEqual(sale.partner_id, partner)

    def test_customer_by_vat_code(self):
        partner = self.make_partner(vat="LT119511515")
        sale = self.match_sf(PartnerCode="1", PartnerVATCode="LT119511515")
        self.assertEqual(sale.partner_id, partner)

    def test_customer_made(self):
        sale = self.match_sf(
            PartnerCode="300367240",
            PartnerName="UAB „Pirkėjas“",
            PartnerVATCode="LT119511515",
            PartnerAddress="Vilniaus g. 7, Kaunas",
        )
        self.assertRecordValues(
            sale.partner_id,
            [
                {
                    "name": "UAB „Pirkėjas“",
                    "company_registry": "300367240",
                    "vat": "LT119511515",
                    "street": "Vilniaus g. 7, Kaunas",
                    "country_id": self.env.ref("base.lt").id,
                    "is_company": True,
                }
            ],
        )

    def test_wrong_vat_code_stays_text(self):
        sale = self.match_sf(PartnerCode="1", PartnerVATCode="LT123", PartnerName="X")
        self.assertEqual((sale.partner_vat, sale.partner_id.vat), ("LT123", False))
        self.assertTrue(sale.has_wrong_vat)

    def test_several_customers(self):
        self.make_partner(company_registry="300367240")
        self.make_partner(company_registry="300367240")
        sale = self.match_sf(PartnerCode="300367240")
        self.assert_held(sale, "partner", "300367240")

    def test_no_customer_of_what_is_never_booked(self):
        """Receipts from before the start make no partners."""
        self.shop.book_from = "2026-11-23"
        sale = self.match_sf(PartnerCode="300367240", PartnerName="Old")
        self.assertEqual((sale.state, sale.partner_id.id), ("before_start", False))
        self.assertFalse(
            self.env["res.partner"].search([("company_registry", "=", "300367240")])
        )

    def test_new_customer_of_two_sf_is_made_once(self):
        sales = self.match(
            *(
                receipt(
                    str(no),
                    COFFEE,
                    InvoiceNo=f"A{no}",
                    PartnerCode="300367240",
                    PartnerName=f"Name {no}",
                )
                for no in (1, 2)
            ),
            data_type=1,
        )
        self.assertEqual(len(sales.partner_id), 1)

    def test_new_customers_of_two_sf_differ(self):
        sales = self.match(
            receipt("1", COFFEE, InvoiceNo="A1", PartnerCode="300367240"),
            receipt("2", COFFEE, InvoiceNo="A2", PartnerCode="300367241"),
            receipt("3", COFFEE, InvoiceNo="A3", PartnerName="Jonas"),
            data_type=1,
        )
        self.assertEqual(len(sales.partner_id), 3)

    def test_customer_without_codes_is_made_once(self):
        sales = self.match(
            *(
                receipt(str(no), COFFEE, InvoiceNo=f"A{no}", PartnerName="Jonas")
                for no in (1, 2)
            ),
            data_type=1,
        )
        self.assertEqual(len(sales.partner_id), 1)
        self.assertFalse(sales.partner_id.is_company)
        self.add(document(receipt("3", COFFEE, InvoiceNo="A3", PartnerName="Jonas")), 1)
        self.run_cron()
        self.assertEqual(self.find_sales().partner_id, sales.partner_id)
