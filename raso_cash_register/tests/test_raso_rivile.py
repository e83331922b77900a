from odoo.tests import new_test_user

from .booking import RivileCase
from .sheets import back, line, payment, sheet, tara


class TestRivile(RivileCase):
    """Sheets and tara from the server to the stock."""

    def take(self, text, data_type=0):
        """Have RASO export a document and fetch, read, match and book it."""
        row_id = self.add(text, data_type, provider="RIVILE")
        self.run_cron()
        return self.find_exchange(row_id)

    def assert_held(self, sale, cause, *words):
        self.assertEqual((sale.state, sale.hold_cause), ("held", cause))
        for word in words:
            self.assertIn(word, sale.hold_reason)

    def set_up_tara(self):
        account = self.env["account.account"].create(
            {"name": "Tara", "code": "449990", "account_type": "liability_current"}
        )
        self.env["raso.setup"].create({"tara_account_id": account.id}).action_apply()
        return account

    # reading and storing

    def test_sheet(self):
        exchange = self.take(sheet(line(), payment()))
        self.assertRecordValues(exchange, [{"state": "read", "sale_count": 1}])
        sale = self.find_sales()
        self.assertRecordValues(
            sale,
            [
                {
                    "kind": "sheet",
                    "provider": "rivile",
                    "series": "sheet",
                    "number": "416",
                    "z_no": "416",
                    "state": "booked",
                    "has_time": False,
                    "first_day": False,
                }
            ],
        )
        self.assertEqual(self.get_row(exchange.source_id)["Status"], 1)

    def test_any_root(self):
        exchange = self.take(sheet(line(), tag="RivileExport"))
        self.assertEqual((exchange.state, exchange.sale_count), ("read", 1))

    def test_whole_shop(self):
        self.take(sheet(line(), payment(), PosNo=""))
        sale = self.find_sales()
        self.assertFalse(sale.register_id.number)
        self.assertNotEqual(sale.register_id, self.till)
        self.assertEqual(sale.state, "booked")

    def test_sheets_of_one_z(self):
        """Sales, returns, SF and tara of a till bear the same number."""
        self.take(sheet(line(), payment()))
        self.take(sheet(back(), payment("-1.21")), 3)
        for number in ("RSF1", "RSF2"):
            self.take(sheet(line(), payment(), InvoiceNo=number, PartnerCode="1"), 1)
        self.take(sheet(tara(), payment("-2.40")), 2)
        self.take(sheet(tara(), payment("-2.40")), 6)
        sales = self.find_sales()
        self.assertEqual(
            sales.mapped("series"),
            ["sheet", "sheet_return", "sf", "sf", "tara", "tara_cash"],
        )
        self.assertEqual(set(sales.mapped("z_no")), {"416"})
        self.assertFalse(sales.filtered(lambda sale: sale.state == "conflict"))

    def test_same_sheet_again(self):
        self.take(sheet(line(), payment()))
        again = self.take(sheet(payment("2.42"), line(NAME="Other", QTY="2")))
        self.assertRecordValues(again, [{"sale_count": 0, "known_count": 1}])
        self.assertEqual(len(self.find_sales()), 1)

    def test_conflict(self):
        """Another content of a sheet waits for a person, who may take it instead."""
        self.take(sheet(back(), payment("-1.21")), 3)
        self.take(sheet(line(), payment()))
        exchange = self.take(sheet(line(), line(), payment("4.84")))
        self.assertRecordValues(exchange, [{"sale_count": 0, "conflict_count": 1}])
        returned, ours, new = self.find_sales()
        self.assertEqual((new.state, new.disputed_id), ("conflict", ours))
        manager = new_test_user(
            self.env, "manager", "raso_cash_register.group_raso_manager"
        )
        new.with_user(manager).action_take_new()
        self.run_cron()
        self.assertEqual((ours.state, new.state), ("cancelled", "booked"))
        self.assertEqual(returned.state, "booked")
        self.assertEqual(
            self.sum_stock(self.find_documents().picking_ids), {self.coffee: 3}
        )

    def test_both_sheets_are_real(self):
        """The next occurrence counts within its own series."""
        self.take(sheet(back(), payment("-1.21")), 3)
        self.take(sheet(line(), payment()))
        self.take(sheet(line(), line(), payment("4.84")))
        new = self.find_sales()[-1]
        new.action_both_real()
        self.assertEqual((new.occurrence, new.state), (1, "new"))

    def test_another_day_is_another_sheet(self):
        """Z numbers start again with a new device."""
        self.take(sheet(line(), payment()))
        self.take(sheet(line(SALEDATE="2026-11-23"), payment()))
        self.assertEqual(self.find_sales().mapped("state"), ["booked", "booked"])

    def test_no_z_number(self):
        self.take(sheet(line(), payment(), LASTZ=None))
        sale = self.find_sales()
        self.assertEqual((sale.number, sale.z_no), ("2026-11-22", False))
        self.assertEqual(sale.state, "booked")

    def test_wrong_number(self):
        """The whole sheet can't be read: it is an issue, and RASO is told."""
        exchange = self.take(sheet(line(), line(QTY="1,5"), payment()))
        self.assertFalse(self.find_sales())
        self.assertRecordValues(exchange, [{"state": "error", "issue_count": 1}])
        issue = exchange.issue_ids
        self.assertEqual(issue.place, "sheet 416, line 2")
        self.assertIn("1,5", issue.reason)
        self.assertEqual(self.get_row(exchange.source_id)["Status"], 3)

    def test_unknown_elements_are_said(self):
        exchange = self.take(sheet(line(COUPON="7"), payment()))
        self.assertIn("SalesSync/Sales/COUPON", exchange.note)
        self.assertEqual(self.find_sales().state, "booked")

    # booking

    def test_stock_only(self):
        """A daily sheet writes off the goods; its revenue is to be made."""
        self.take(sheet(line(), payment()))
        document = self.find_documents()
        self.assertRecordValues(
            document,
            [
                {
                    "name": "SHEET/01/1/2026-11-22/416",
                    "state": "booked",
                    "revenue_state": "todo",
                    "amount_received": 2.42,
                }
            ],
        )
        self.assertFalse(document.move_ids)
        self.assertEqual(self.sum_stock(document.picking_ids), {self.coffee: 2})
        self.assertEqual(self.find_sales().line_ids.state, "grey")
        # the day's last moment in Vilnius
        self.assertEqual(str(document.picking_ids.date_done), "2026-11-22 21:59:59")

    def test_return(self):
        self.take(sheet(line(), payment()), 3)
        document = self.find_documents()
        self.assertEqual(
            (document.kind, document.amount_received), ("sheet_return", -2.42)
        )
        self.assertEqual(self.sum_stock(document.picking_ids), {self.coffee: -2})

    def test_opposite_signs(self):
        """Two movements, where a receipt's lines would have been netted."""
        self.take(
            sheet(
                line(
                    QTY="3",
                    QTYMANUAL="-1",
                    AMOUNT="3.63",
                    AMOUNTMANUAL="-1.21",
                    VATSUM="0.63",
                    VATSUMMANUAL="-0.21",
                ),
                payment(),
            )
        )
        pickings = self.find_documents().picking_ids
        moves = {move.picking_type_id.code: move.quantity for move in pickings.move_ids}
        self.assertEqual(moves, {"outgoing": 3, "incoming": 1})
        self.assertEqual(self.sum_stock(pickings), {self.coffee: 2})

    def test_zero_line(self):
        """Given away: the goods leave all the same."""
        self.take(sheet(line(AMOUNT="0", VATSUM="0")))
        pickings = self.find_documents().picking_ids
        self.assertEqual(self.sum_stock(pickings), {self.coffee: 2})

    def test_revenue_at_once(self):
        """A type may book a sheet as receipts are booked."""
        kinds = self.env["raso.transaction.type"].search([("trade", "=", "later")])
        kinds.trade = "entry"
        self.take(sheet(line(), payment()))
        self.take(sheet(back(), payment("-1.21")), 3)
        documents = self.find_documents()
        self.assertEqual(documents.mapped("revenue_state"), [False, False])
        self.assert_accounts(
            documents.move_ids,
            {self.cash_account: "1.21", "449200": "-0.21", "500000": "-1.00"},
        )
        refunds = documents[1].move_ids.line_ids.tax_repartition_line_id
        self.assertEqual(set(refunds.mapped("document_type")), {"refund"})
        self.assert_settled()

    def test_invoice(self):
        self.take(
            sheet(line(), payment(), InvoiceNo="RSF1", PartnerCode="300367240"), 1
        )
        self.env["raso.cash.sale"].search([]).action_book_now()
        invoice = self.find_documents().move_ids.filtered("partner_id.company_registry")
        invoice = invoice.filtered(lambda move: move.move_type == "out_invoice")
        self.assertRecordValues(
            invoice,
            [{"name": "RSF1", "amount_total": 2.42, "payment_state": "paid"}],
        )

    # what holds a sheet

    def test_vat_of_sums(self):
        """Each piece may have been rounded: 10 roundings and one a piece."""
        self.take(sheet(line(VATSUM="0.48"), payment()))
        self.take(sheet(line(VATSUM="0.49"), payment(), LASTZ="417"))
        fits, misses = self.find_sales()
        self.assertEqual(fits.line_ids.vat_roundings, 12)
        self.assertEqual((fits.state, fits.line_ids.vat_percent), ("booked", 21))
        self.assert_held(misses, "vat", "0.49", "2.42")

    def test_several_days(self):
        self.take(sheet(line(SALEDATE="2026-11-21"), line(), payment("4.84")))
        sale = self.find_sales()
        self.assertEqual(
            (str(sale.day), str(sale.first_day)), ("2026-11-22", "2026-11-21")
        )
        self.assertEqual(sale.state, "booked")

    def test_over_a_months_end(self):
        self.take(
            sheet(
                line(SALEDATE="2026-10-31 23:00:00"),
                line(SALEDATE="2026-11-01 23:00:00"),
                payment("4.84"),
            )
        )
        sale = self.find_sales()
        self.assert_held(sale, "month", "2026-10-31", "2026-11-01", "cancel")
        self.assertFalse(self.find_documents())

    def test_over_the_start(self):
        """What was sold before the start is in the books already."""
        self.shop.book_from = "2026-11-22"
        self.take(sheet(line(SALEDATE="2026-11-21"), line(), payment("4.84")))
        self.assert_held(self.find_sales(), "month", "2026-11-21")

    def test_rounding_by_kind(self):
        """Loss is |1001| and gain |1002|, whatever the sign of the rows."""
        for number, loss, gain, paid in (
            ("1", "0.07", "0.02", "2.37"),
            ("2", "-0.07", "0.02", "2.37"),
            ("3", "0.07", "-0.02", "2.37"),
        ):
            rows = payment(paid), payment(loss, "1001"), payment(gain, "1002")
            self.take(sheet(line(), *rows, LASTZ=number))
        self.assertEqual(self.find_sales().mapped("state"), ["booked"] * 3)

    def test_rounding_that_misses(self):
        """Of a receipt either sign would do, of a sheet it wouldn't."""
        self.take(sheet(line(), payment("2.40"), payment("0.02", "1002")))
        self.assert_held(self.find_sales(), "payment_sum", "2.42", "2.40")

    def test_payments_that_miss(self):
        self.take(sheet(line(), payment("2.41")))
        self.assert_held(self.find_sales(), "payment_sum")

    def test_unmapped_payment(self):
        """It holds the revenue entry, not the stock."""
        self.take(sheet(line(), payment("1.00"), payment("1.42", "77")))
        self.assertEqual(self.find_sales().state, "booked")

    def test_unmapped_payment_where_money_is_booked(self):
        kinds = self.env["raso.transaction.type"].search([("trade", "=", "later")])
        kinds.trade = "entry"
        self.take(sheet(line(), payment("1.00"), payment("1.42", "77")))
        self.assert_held(self.find_sales(), "payment_kind", "77")

    def test_no_cash_journal(self):
        """It is asked for where money is booked."""
        self.shop.cash_journal_id = False
        self.take(sheet(line(), payment()))
        self.assertEqual(self.find_sales().state, "booked")
        kinds = self.env["raso.transaction.type"].search([("trade", "=", "later")])
        kinds.trade = "entry"
        self.take(sheet(line(), payment(), LASTZ="417"))
        self.assert_held(self.find_sales()[1], "till", "Till 1")

    def test_on_account(self):
        self.env["raso.payment.kind"].create(
            {"code": "9", "name": "On account", "usage": "on_account"}
        )
        self.take(sheet(line(), payment(code="9")))
        self.assertEqual(self.find_sales().state, "booked")
        kinds = self.env["raso.transaction.type"].search([("trade", "=", "later")])
        kinds.trade = "entry"
        self.take(sheet(line(), payment(code="9"), LASTZ="417"))
        self.assert_held(self.find_sales()[1], "on_account")

    def test_white_line(self):
        self.take(sheet(line(), line(CODE="4771111"), payment("4.84")))
        self.assert_held(self.find_sales(), "white", "4771111")

    # tara

    def test_tara(self):
        """Held until the set-up knows its account; without VAT, paid in cash."""
        self.make_product("Deposit", "TARA", "4770009", 21)
        self.take(sheet(tara(), payment("-2.40"), tag="TaraSync"), 2)
        sale = self.find_sales()
        self.assert_held(sale, "type", "Tara Account")
        self.set_up_tara()
        self.run_cron()
        self.assertEqual(sale.state, "booked")
        self.assertFalse(sale.line_ids.tax_id)
        document = self.find_documents()
        self.assertEqual(document.kind, "tara")
        self.assert_accounts(
            document.move_ids, {"449990": "2.40", self.cash_account: "-2.40"}
        )
        product = sale.line_ids.product_id
        self.assertEqual(self.sum_stock(document.picking_ids), {product: -24})
        self.assert_settled()

    def test_tara_as_a_service(self):
        self.make_product(
            "Deposit", "TARA", "4770009", None, type="service", is_storable=False
        )
        self.set_up_tara()
        self.take(sheet(tara(), payment("-2.40")), 2)
        document = self.find_documents()
        self.assertFalse(document.picking_ids)
        self.assert_accounts(
            document.move_ids, {"449990": "2.40", self.cash_account: "-2.40"}
        )

    def test_tara_paid_in_cash(self):
        """It may repeat the tara: kept and shown, booked by nobody."""
        self.make_product("Deposit", "TARA", "4770009", None)
        self.set_up_tara()
        self.take(sheet(tara(), payment("-2.40")), 6)
        sale = self.find_sales()
        self.assertEqual((sale.kind, sale.state), ("tara_cash", "not_booked"))
        self.assertEqual(sale.amount_total, -2.40)
        self.assertFalse(self.find_documents())
