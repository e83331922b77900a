from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .booking import APPLES, BOOK, COFFEE, BookingCase, line
from .common import document, receipt

# of goods with serial numbers: no part of one can be moved
HALF = line(quantity="0.5", amount="0.61", vat="0.11")
RETURN = line(quantity=-1, amount="-1.21", vat="-0.21")


class TestTradeDocument(BookingCase):
    def book(self, *receipts, data_type=0):
        self.add(document(*receipts), data_type)
        self.run_cron()
        return self.find_documents()

    def add_serial(self):
        """Track the coffee by serial numbers, with one in stock."""
        self.coffee.tracking = "serial"
        lot = self.env["stock.lot"].create({"name": "S1", "product_id": self.coffee.id})
        self.env["stock.quant"]._update_available_quantity(
            self.coffee, self.warehouse.lot_stock_id, 1, lot_id=lot
        )

    def test_sale(self):
        """A till's day is one document: goods, revenue, VAT, payments, all paid."""
        booked = self.book(
            receipt("1", COFFEE, BOOK),
            receipt("2", APPLES, payments=[("2", "2.42")]),
        )
        self.assertRecordValues(
            booked,
            [
                {
                    "name": "SALE/01/1/2026-11-22",
                    "state": "booked",
                    "sale_count": 2,
                    "amount_received": 14.13,
                    "amount_booked": 14.13,
                    "vat_booked": 1.13,
                    "difference": 0,
                }
            ],
        )
        self.assert_accounts(
            booked.move_ids,
            {
                self.cash_account: "11.71",
                "273000": "2.42",
                "449200": "-1.13",
                "500000": "-13.00",
            },
        )
        self.assertEqual(
            self.sum_stock(booked.picking_ids),
            {self.coffee: 1, self.book_item: 2, self.apples: Decimal("0.345")},
        )
        self.assertEqual(booked.picking_ids.state, "done")
        self.assertEqual(str(booked.picking_ids.date_done), "2026-11-22 08:00:00")
        self.assertEqual(set(booked.move_ids.mapped("date")), {date(2026, 11, 22)})
        self.assertEqual(set(self.find_sales().line_ids.mapped("state")), {"grey"})
        self.assertEqual(set(self.find_sales().mapped("state")), {"booked"})
        self.assert_settled()

    def test_return(self):
        """Returned goods come back; VAT stands on the refund's tags, reversed."""
        booked = self.book(receipt("1", RETURN), data_type=3)
        self.assertEqual(booked.name, "RET/01/1/2026-11-22")
        self.assert_accounts(
            booked.move_ids,
            {self.cash_account: "-1.21", "449200": "0.21", "500000": "1.00"},
        )
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: -1})
        tax_line = booked.move_ids.line_ids.filtered("tax_line_id")
        refund = self.taxes[21].refund_repartition_line_ids
        self.assertEqual(
            tax_line.tax_repartition_line_id,
            refund.filtered(lambda part: part.repartition_type == "tax"),
        )
        self.assertEqual(tax_line.tax_tag_ids, tax_line.tax_repartition_line_id.tag_ids)
        self.assertEqual(tax_line.tax_base_amount, 1.00)
        self.assert_settled()

    def test_return_by_sign(self):
        booked = self.book(receipt("1", COFFEE), receipt("2", RETURN))
        self.assertEqual(
            booked.mapped("name"), ["SALE/01/1/2026-11-22", "RET/01/1/2026-11-22"]
        )

    def test_vat_as_the_till_summed_it(self):
        """Three times 0.21 of 1.20: Odoo alone would say 0.62."""
        part = line(amount="1.20", vat="0.21")
        booked = self.book(*(receipt(str(no), part) for no in (1, 2, 3)))
        tax_line = booked.move_ids.line_ids.filtered("tax_line_id")
        self.assertEqual(tax_line.balance, -0.63)
        self.assertEqual(tax_line.tax_base_amount, -2.97)

    def test_cash_rounding(self):
        """Loss and gain stand apart, whatever the sign of the till's own row."""
        booked = self.book(
            receipt("1", COFFEE, payments=[("0", "1.20"), ("1001", "0.01")]),
            receipt(
                "2",
                line(amount="1.19", vat="0.21"),
                payments=[("0", "1.20"), ("1002", "0.01")],
            ),
        )
        self.assert_accounts(
            booked.move_ids,
            {
                self.cash_account: "2.40",
                "631900": "0.01",
                "500900": "-0.01",
                "449200": "-0.42",
                "500000": "-1.98",
            },
        )
        self.assert_settled()

    def test_gift_voucher_redeemed(self):
        booked = self.book(
            receipt("1", COFFEE, payments=[("3", "1.00"), ("0", "0.21")])
        )
        self.assert_accounts(
            booked.move_ids,
            {
                "442001": "1.00",
                self.cash_account: "0.21",
                "449200": "-0.21",
                "500000": "-1.00",
            },
        )

    def test_goods_net_per_receipt(self):
        """A line taken back never left; a zero line did."""
        booked = self.book(
            receipt("1", line(quantity=3, amount="3.63", vat="0.63"), RETURN),
            receipt("2", BOOK, line(amount="0.00", vat="0.00")),
        )
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.coffee: 3, self.book_item: 2}
        )
        self.assertEqual(len(booked.picking_ids), 1)

    def test_net_return_of_a_product_in_a_sale(self):
        """An exchange: one item comes back, another leaves, in one receipt."""
        booked = self.book(receipt("1", BOOK, RETURN))
        self.assertEqual(
            self.sum_stock(booked.picking_ids), {self.coffee: -1, self.book_item: 2}
        )
        self.assertEqual(len(booked.picking_ids), 2)

    def test_same_product_twice(self):
        booked = self.book(receipt("1", COFFEE, COFFEE))
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 2})
        self.assertEqual(len(booked.picking_ids.move_ids), 1)

    def test_service_is_booked_without_stock(self):
        self.coffee.type = "service"
        booked = self.book(receipt("1", COFFEE))
        self.assertFalse(booked.picking_ids)
        self.assertEqual(self.find_sales().line_ids.state, "grey")

    def test_supplement(self):
        """What comes after its day was booked makes a supplement of that day."""
        self.book(receipt("1", COFFEE))
        booked = self.book(receipt("2", COFFEE))
        self.assertEqual(
            booked.mapped("name"), ["SALE/01/1/2026-11-22", "SALE/01/1/2026-11-22/+1"]
        )
        self.assertEqual(booked.mapped("supplement"), [0, 1])
        self.assertEqual(set(booked.move_ids.mapped("date")), {date(2026, 11, 22)})

    def test_nothing_new_changes_nothing(self):
        booked = self.book(receipt("1", COFFEE))
        moves = booked.move_ids
        self.assertEqual(self.book(receipt("1", COFFEE)), booked)
        self.run_cron()
        self.assertEqual(self.find_documents().move_ids, moves)

    def test_two_tills(self):
        booked = self.book(receipt("1", COFFEE), receipt("1", COFFEE, PosNo="2"))
        self.assertEqual(
            booked.mapped("name"), ["SALE/01/1/2026-11-22", "SALE/01/2/2026-11-22"]
        )

    def test_ripe_when_the_day_is_over(self):
        """Without a Z report a day waits until 04:00 of the next one."""
        with freeze_time("2026-11-23 01:59:00"):
            self.assertFalse(self.book(receipt("1", COFFEE)))
            self.assertEqual(self.find_sales().state, "matched")
        with freeze_time("2026-11-23 02:01:00"):
            self.run_cron()
            self.assertEqual(self.find_documents().state, "booked")

    def test_ripe_at_the_z_report(self):
        """Receipts up to the Z are booked, one sold after it waits."""
        z_report = (
            "<SalesZReportsDataSync><SalesZReportsData><ZNr>7</ZNr>"
            "<FiscalNo>RR1</FiscalNo><ShopNo>01</ShopNo><PosNo>1</PosNo>"
            "<ZReportDate>2026-11-22T12:00:00</ZReportDate>"
            "</SalesZReportsData></SalesZReportsDataSync>"
        )
        with freeze_time("2026-11-22 18:00:00"):
            self.add(z_report, data_type=5)
            booked = self.book(
                receipt("1", COFFEE), receipt("2", COFFEE, SaleTime="13:00:00")
            )
            self.assertEqual(booked.sale_ids.mapped("number"), ["1"])
            self.assertEqual(self.find_sales("2").state, "matched")

    def test_held_receipt_never_stops_its_day(self):
        booked = self.book(receipt("1", COFFEE), receipt("2", line("unknown")))
        self.assertEqual(booked.sale_ids.mapped("number"), ["1"])
        self.assertEqual(booked.held_ids.mapped("number"), ["2"])
        self.assertEqual(self.find_sales("2").hold_cause, "white")

    def test_white_line_booked_once_assigned(self):
        self.book(receipt("1", COFFEE), receipt("2", line("unknown")))
        self.find_sales("2").line_ids.with_user(self.user).product_id = self.coffee
        booked = self.find_documents()
        self.assertEqual(booked.mapped("supplement"), [0, 1])
        self.assertEqual(self.find_sales("2").line_ids.state, "grey")
        with self.assertRaisesRegex(UserError, "Receipt 2 is booked"):
            self.find_sales("2").line_ids.with_user(
                self.user
            ).product_id = self.book_item

    def test_every_lock_holds(self):
        for number, lock in enumerate(
            ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date"), 1
        ):
            self.company[lock] = "2026-11-22"
            self.assertFalse(self.book(receipt(str(number), COFFEE)), lock)
            self.assertEqual(self.find_sales(str(number)).hold_cause, "locked", lock)
            self.company[lock] = False

    def test_locked_period_holds(self):
        """Nothing is made in a locked period, and nothing moves to another day."""
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.assertFalse(self.book(receipt("1", COFFEE)))
        sale = self.find_sales()
        self.assertEqual((sale.state, sale.hold_cause), ("held", "locked"))
        self.assertIn("11/22/2026", sale.hold_reason)
        self.company.fiscalyear_lock_date = False
        self.run_cron()
        self.assertEqual(self.find_sales().state, "booked")

    def test_culprit_is_named_and_the_rest_booked(self):
        """One product that can't be booked holds its receipts, never the day."""
        self.add_serial()
        booked = self.book(receipt("1", HALF), receipt("2", BOOK), receipt("3", APPLES))
        self.assertEqual(set(booked.sale_ids.mapped("number")), {"2", "3"})
        held = self.find_sales("1")
        self.assertEqual((held.state, held.hold_cause), ("held", "booking"))
        self.assertIn("Coffee", held.hold_reason)
        self.assertEqual(booked.held_ids, held)

    def test_failed_document_says_why(self):
        """Without any receipt left the trouble stands on a document of its own."""
        self.add_serial()
        failed = self.book(receipt("1", HALF))
        self.assertEqual((failed.state, failed.sale_count), ("failed", 1))
        self.assertIn("Coffee", failed.error_text)
        self.assertFalse(failed.move_ids)
        self.assertFalse(failed.picking_ids)
        self.coffee.tracking = "none"
        failed.action_retry()
        self.assertEqual(self.find_documents().mapped("state"), ["booked"])

    def test_own_revenue_account_before_the_type(self):
        income = self.env["account.account"].search([("code", "=", "500100")])
        self.coffee.property_account_income_id = income
        booked = self.book(receipt("1", COFFEE, BOOK))
        sums = self.sum_accounts(booked.move_ids)
        self.assertEqual((sums["500100"], sums["500000"]), (-1, -10))

    def test_revenue_account_always(self):
        kind = self.env["raso.transaction.type"].search([("kind", "=", "sale")])
        kind.income_policy = "always"
        income = self.env["account.account"].search([("code", "=", "500100")])
        self.coffee.property_account_income_id = income
        booked = self.book(receipt("1", COFFEE))
        self.assertNotIn("500100", self.sum_accounts(booked.move_ids))

    def test_perpetual_cost(self):
        """The goods' value moves from stock to cost of goods sold."""
        self.coffee.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        booked = self.book(receipt("1", line(quantity=2, amount="2.42", vat="0.42")))
        accounts = self.coffee._get_product_accounts()
        sums = self.sum_accounts(booked.move_ids)
        self.assertEqual(sums[accounts["expense"].code], 1)
        self.assertEqual(sums[accounts["stock_valuation"].code], -1)

    def test_stock_below_zero_is_named(self):
        booked = self.book(receipt("1", COFFEE))
        self.assertIn("Coffee", " ".join(booked.message_ids.mapped("body")))

    def test_what_was_booked_is_guarded(self):
        booked = self.book(receipt("1", COFFEE))
        for refuse in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "Use Unbook"):
                getattr(booked.move_ids, refuse)()

    def test_large_day_is_cut(self):
        """A document must fit one run: what is more makes supplements."""
        book = "odoo.addons.raso_cash_register.models.raso_trade_document_book"
        day = [
            receipt("1", COFFEE),
            receipt("2", COFFEE, SaleTime="11:00:00"),
            receipt("3", BOOK, SaleTime="12:00:00"),
            receipt("4", APPLES, SaleTime="13:00:00"),
        ]
        with patch(f"{book}.MAX_RECEIPTS", 3), patch(f"{book}.MAX_PRODUCTS", 2):
            booked = self.book(*day)
        self.assertEqual(
            [set(document.sale_ids.mapped("number")) for document in booked],
            [{"1", "2", "3"}, {"4"}],
        )
        self.assertEqual(booked.mapped("supplement"), [0, 1])
        self.assert_settled()

    def test_fault_of_ours_holds_its_group_alone(self):
        self.env.cr.execute(
            "ALTER TABLE account_move ADD CHECK (ref NOT LIKE 'SALE/01/2/%')"
        )
        with (
            self.muted("raso_connection_run"),
            mute_logger("odoo.sql_db"),
        ):
            booked = self.book(receipt("1", COFFEE), receipt("2", COFFEE, PosNo="2"))
        self.assertEqual(
            {document.name: document.state for document in booked},
            {"SALE/01/1/2026-11-22": "booked", "SALE/01/2/2026-11-22": "failed"},
        )
        held = self.find_sales("2")
        self.assertEqual((held.state, held.hold_cause), ("held", "booking"))
        self.assertIn("Try Again", held.hold_reason)

    def test_books_that_miss_the_till_are_not_made(self):
        """Revenue on the receivable itself would hide it from the books."""
        kind = self.env["raso.transaction.type"].search([("kind", "=", "sale")])
        self.coffee.property_account_income_id = kind.receivable_account_id
        failed = self.book(receipt("1", COFFEE))
        self.assertEqual(failed.state, "failed")
        self.assertIn("The till says", failed.error_text)
        self.assertFalse(failed.move_ids)

    def test_base_of_exempt_sales_is_tagged(self):
        self.coffee.taxes_id = self.taxes[0]
        booked = self.book(receipt("1", line(amount="5.00", vat="0.00")))
        base = booked.move_ids.line_ids.filtered("tax_ids")
        self.assertEqual(base.tax_ids, self.taxes[0])
        self.assertEqual(base.tax_tag_ids.mapped("name"), ["13_base"])

    def test_routes_move_nothing_on(self):
        """What comes back stays in the shop, whatever push rules there are."""
        stock = self.warehouse.lot_stock_id
        route = self.env["stock.route"].create(
            {"name": "To check", "product_selectable": True}
        )
        self.env["stock.rule"].create(
            {
                "name": "Push",
                "action": "push",
                "location_src_id": stock.id,
                "location_dest_id": stock.copy({"name": "Check"}).id,
                "picking_type_id": self.warehouse.int_type_id.id,
                "route_id": route.id,
            }
        )
        self.coffee.route_ids = route
        booked = self.book(receipt("1", RETURN), data_type=3)
        self.assertFalse(booked.picking_ids.move_ids.move_dest_ids)

    def test_excluded_item_is_money_only(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.book(receipt("1", COFFEE, BOOK))
        sale = self.find_sales()
        sale.line_ids.filtered(
            lambda part: part.product_id == self.coffee
        ).state = "excluded"
        sale.action_book_now()
        booked = self.find_documents()
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.book_item: 2})
        self.assertEqual(booked.amount_booked, 11.71)
        self.assertEqual(set(sale.line_ids.mapped("state")), {"excluded", "grey"})
