from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError

from .booking import COFFEE, line
from .common import receipt
from .white import BAG, TEA, WhiteCase


class TestWriteOff(WhiteCase):
    """White items whose money is booked, and whose goods follow."""

    def setUp(self):
        super().setUp()
        self.env["raso.transaction.type"].search([]).white_policy = "money"

    def take_late(self, *receipts):
        """Return the document that booked the money of white items."""
        self.take(*(receipts or (receipt("1", COFFEE, TEA),)))
        return self.find_documents()

    def find_late(self):
        return self.find_sales().line_ids.filtered("is_late")

    def find_write_offs(self, **values):
        return self.find_documents(is_write_off=True, **values)

    def test_money_first(self):
        booked = self.take_late()
        self.assertEqual(self.find_sales().state, "booked")
        self.assert_accounts(
            booked.move_ids,
            {self.cash_account: "4.84", "449200": "-0.84", "500000": "-4.00"},
        )
        self.assertEqual(self.sum_stock(booked.picking_ids), {self.coffee: 1})
        self.assertRecordValues(
            self.find_sales().line_ids.sorted("code"),
            [
                {"state": "grey", "is_late": False},
                {"state": "white", "is_late": True},
            ],
        )
        self.assert_settled()

    def test_goods_follow(self):
        booked = self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        write_off = self.find_write_offs()
        self.assertRecordValues(
            write_off,
            [
                {
                    "name": "SALE/01/1/2026-11-22/+1",
                    "state": "booked",
                    "group_key": booked.group_key,
                    "supplement": 1,
                    "origin_id": booked.id,
                    "day": date(2026, 11, 22),
                    "date": date(2026, 11, 22),
                    "amount_received": 0,
                    "amount_booked": 0,
                    "vat_booked": 0,
                }
            ],
        )
        self.assertEqual(self.sum_stock(write_off.picking_ids), {self.tea: 3})
        self.assertEqual(str(write_off.picking_ids.date_done), "2026-11-22 08:00:00")
        self.assertFalse(write_off.move_ids)
        self.assertRecordValues(
            late, [{"state": "grey", "is_late": False, "write_off_id": write_off.id}]
        )
        self.assertEqual(booked.amount_booked, 4.84)

    def test_sold_after_midnight(self):
        """The goods move on the receipt's day: the one before may be locked."""
        self.take_late(receipt("1", TEA, SaleTime="00:30:00"))
        self.company.fiscalyear_lock_date = "2026-11-21"
        self.assign(self.find_late(), self.tea)
        write_off = self.find_write_offs()
        self.assertEqual(write_off.state, "booked")
        self.assertEqual(write_off.picking_ids.date_done.date(), date(2026, 11, 22))

    def test_by_barcode(self):
        """A barcode given to a product is enough: the next run does the rest."""
        self.take_late()
        self.tea.barcode = "5550001"
        self.run_cron()
        self.assertEqual(
            self.sum_stock(self.find_write_offs().picking_ids), {self.tea: 3}
        )
        self.run_cron()
        self.assertEqual(len(self.find_documents()), 2)

    def test_remembered_code(self):
        """Late items of other days go too, each by its own document."""
        self.take_late(receipt("1", TEA), receipt("2", TEA, SaleDate="2026-11-21"))
        self.assign(self.find_sales("1").line_ids, self.tea)
        self.assertEqual(
            sorted(map(str, self.find_write_offs().mapped("day"))),
            ["2026-11-21", "2026-11-22"],
        )

    def test_several_receipts_one_document(self):
        self.take_late(receipt("1", TEA), receipt("2", TEA))
        self.assign(self.find_sales("1").line_ids, self.tea)
        self.assertEqual(
            self.sum_stock(self.find_write_offs().picking_ids), {self.tea: 6}
        )
        self.assertEqual(len(self.find_write_offs().picking_ids.move_ids), 1)

    def test_supplement_numbers_go_on(self):
        self.take_late()
        self.assign(self.find_late(), self.tea)
        self.take(receipt("2", COFFEE))
        self.assertEqual(self.find_documents().mapped("supplement"), [0, 1, 2])

    def test_perpetual_cost(self):
        self.tea.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        self.take_late()
        self.assign(self.find_late(), self.tea)
        accounts = self.tea._get_product_accounts()
        self.assert_accounts(
            self.find_write_offs().move_ids,
            {
                accounts["expense"].code: "1.50",
                accounts["stock_valuation"].code: "-1.50",
            },
        )

    def test_service(self):
        self.tea.type = "service"
        self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        self.assertRecordValues(
            late, [{"state": "grey", "is_late": False, "write_off_id": False}]
        )
        self.assertFalse(self.find_write_offs())

    def test_type_without_stock(self):
        self.sale_type.is_stock = False
        self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        self.assertEqual(late.state, "grey")
        self.assertFalse(self.find_write_offs())

    def test_taken_back_in_the_receipt(self):
        """Nothing left: there is nothing to move, and no empty document."""
        back = line("5550001", -3, "-3.63", "-0.63", NAME="Tea")
        self.take_late(receipt("1", COFFEE, TEA, back))
        late = self.find_late()
        self.assign(late, self.tea)
        self.assertEqual(set(late.mapped("state")), {"grey"})
        self.assertFalse(self.find_write_offs())

    def test_sf(self):
        """The invoice's line has no product; the goods follow with their cost."""
        self.tea.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        self.take(
            receipt("1", TEA, InvoiceNo="RSF-1", PartnerCode="300367240"), data_type=1
        )
        invoice = self.find_documents().move_ids.filtered(lambda m: m.is_invoice())
        self.assertEqual((invoice.amount_total, invoice.state), (3.63, "posted"))
        self.assign(self.find_late(), self.tea)
        write_off = self.find_write_offs()
        self.assertEqual(self.sum_stock(write_off.picking_ids), {self.tea: 3})
        expense = self.tea._get_product_accounts()["expense"].code
        self.assertEqual(self.sum_accounts(write_off.move_ids)[expense], Decimal("1.5"))

    def test_excluded_late(self):
        self.take_late()
        late = self.find_late()
        self.exclude(late)
        self.assertRecordValues(late, [{"state": "excluded", "is_late": False}])
        self.tea.barcode = "5550001"
        self.run_cron()
        self.assertFalse(self.find_write_offs())

    def test_unbooked_waits_for_a_person(self):
        self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        write_off = self.find_write_offs()
        write_off.action_unbook()
        self.assertEqual(self.sum_stock(write_off.picking_ids), {})
        self.assertRecordValues(
            late, [{"state": "ready", "is_late": True, "write_off_id": write_off.id}]
        )
        self.run_cron()
        self.assertFalse(self.find_write_offs(state="booked"))
        write_off.action_retry()
        again = self.find_write_offs(state="booked")
        self.assertEqual(self.sum_stock(again.picking_ids), {self.tea: 3})
        self.assertEqual((late.state, late.write_off_id), ("grey", again))

    def test_write_off_of_unbooked_money(self):
        booked = self.take_late()
        self.assign(self.find_late(), self.tea)
        booked.action_unbook()
        with self.assertRaisesRegex(UserError, "No item"):
            self.find_write_offs().action_retry()

    def test_other_product_after_unbooking(self):
        self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        self.find_write_offs().action_unbook()
        late.with_user(self.user).product_id = self.coffee
        again = self.find_write_offs(state="booked")
        self.assertEqual(self.sum_stock(again.picking_ids), {self.coffee: 3})

    def test_unbooking_the_money_unbooks_the_goods(self):
        booked = self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        booked.action_unbook()
        self.assertEqual(set(self.find_documents().mapped("state")), {"unbooked"})
        self.assertEqual(self.sum_stock(self.find_documents().picking_ids), {})
        self.assertRecordValues(
            late, [{"state": "ready", "is_late": False, "write_off_id": False}]
        )
        self.find_sales().action_book_now()
        again = self.find_documents(state="booked")
        self.assertEqual(
            self.sum_stock(again.picking_ids), {self.tea: 3, self.coffee: 1}
        )
        self.run_cron()
        self.assertEqual(self.find_documents(state="booked"), again)
        self.assert_settled()

    def test_unbooked_before_it_had_a_product(self):
        booked = self.take_late()
        booked.action_unbook()
        self.assertFalse(self.find_late())
        self.assign(
            self.find_sales().line_ids.filtered(lambda part: part.state == "white"),
            self.tea,
        )
        self.assertEqual(self.find_sales().hold_cause, "unbooked")
        self.find_sales().action_book_now()
        again = self.find_documents(state="booked")
        self.assertEqual(
            self.sum_stock(again.picking_ids), {self.tea: 3, self.coffee: 1}
        )

    def test_written_off_stays(self):
        self.take_late()
        late = self.find_late()
        self.assign(late, self.tea)
        with self.assertRaisesRegex(UserError, "is booked"):
            late.with_user(self.user).product_id = self.coffee

    def test_one_product_never_stops_the_others(self):
        self.tea.tracking = "serial"
        self.take_late(receipt("1", TEA, BAG))
        bag = self.find_late().filtered("vcode")
        tea = self.find_late() - bag
        bag.with_user(self.user).product_id = self.coffee
        tea.with_user(self.user).product_id = self.tea
        failed = self.find_write_offs(state="failed")
        self.assertIn("Green tea", failed.error_text)
        self.assertRecordValues(
            tea, [{"state": "ready", "is_late": True, "write_off_id": failed.id}]
        )
        self.assertEqual((bag.state, bag.is_late), ("grey", False))
        # waits for a person, whatever else is booked
        self.take(receipt("2", COFFEE))
        self.assertEqual(self.find_write_offs(state="failed"), failed)
        self.tea.tracking = "none"
        failed.action_retry()
        self.assertFalse(failed.exists())
        self.assertEqual(tea.state, "grey")

    def test_both_at_once_and_one_is_stuck(self):
        self.tea.tracking = "serial"
        self.take_late(receipt("1", TEA, BAG))
        self.tea.barcode = "5550001"
        self.coffee.default_code = "BAG-7"
        self.run_cron()
        self.assertRecordValues(
            self.find_write_offs(), [{"state": "failed"}, {"state": "booked"}]
        )
        self.assertEqual(
            self.sum_stock(self.find_write_offs().picking_ids), {self.coffee: 2}
        )

    def test_locked_period(self):
        """Said once on the document; the goods move when the period is open."""
        booked = self.take_late()
        self.company.fiscalyear_lock_date = "2026-11-22"
        late = self.find_late()
        self.assign(late, self.tea)
        self.run_cron()
        self.assertFalse(self.find_write_offs())
        self.assertIn("is locked", booked.error_text)
        said = booked.message_ids.filtered(lambda m: "is locked" in m.body)
        self.assertEqual(len(said), 1)
        self.company.fiscalyear_lock_date = False
        self.run_cron()
        self.assertEqual(late.state, "grey")
        self.assertFalse(booked.error_text)

    def test_locked_period_next(self):
        self.sale_type.lock_policy = "next"
        self.take_late()
        self.company.fiscalyear_lock_date = "2026-11-22"
        self.assign(self.find_late(), self.tea)
        write_off = self.find_write_offs()
        self.assertEqual(write_off.date, date(2026, 11, 23))
        self.assertEqual(write_off.picking_ids.date_done.date(), date(2026, 11, 23))

    def test_tax_lock_is_no_matter(self):
        """VAT was booked with the money."""
        self.take_late()
        self.company.tax_lock_date = "2026-11-22"
        self.assign(self.find_late(), self.tea)
        self.assertEqual(self.find_write_offs().state, "booked")

    def test_only_managers_retry(self):
        self.take_late()
        self.assign(self.find_late(), self.tea)
        write_off = self.find_write_offs()
        write_off.action_unbook()
        with self.assertRaises(AccessError):
            write_off.with_user(self.user).action_retry()

    def test_held_where_the_policy_says_so(self):
        self.sale_type.white_policy = "hold"
        self.take(receipt("1", TEA))
        self.assertEqual(self.find_sales().hold_cause, "white")
        self.assertFalse(self.find_late())
