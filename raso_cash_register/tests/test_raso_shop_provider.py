from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from .booking import COFFEE, BookingCase
from .common import document, receipt
from .sheets import line, payment, sheet, tara

FIRST, SECOND = "2026-11-22", "2026-11-23"


class TestShopProvider(BookingCase):
    """RASO exports receipts and sheets of a shop: one of them is booked."""

    def setUp(self):
        super().setUp()
        self.other = self.make_connection(name="Sheets", provider="rivile")
        self.other.action_confirm()

    def run_both(self):
        self.other.next_try_at = False
        self.run_cron()

    def take_receipt(self, number, day=FIRST):
        self.add(document(receipt(number, COFFEE, SaleDate=day)))
        self.run_both()
        return self.find_sales(number)

    def take_sheet(self, number, day=FIRST, *more):
        rows = [line(SALEDATE=day), *more, payment(f"{2.42 * (1 + len(more)):.2f}")]
        self.add(sheet(*rows, LASTZ=number), provider="RIVILE")
        self.run_both()
        return self.find_sales(number)

    def sum_booked(self):
        """Return coffees that left by what booked them."""
        self.env.flush_all()
        documents = self.find_documents(state="booked")
        return {
            document.sale_ids.number: int(
                self.sum_stock(document.picking_ids)[self.coffee]
            )
            for document in documents
        }

    def test_other_provider_is_not_booked(self):
        """It is kept and shown, and the SF of it makes no customer."""
        ours = self.take_receipt("1")
        theirs = self.take_sheet("416")
        self.add(
            sheet(line(), payment(), InvoiceNo="RSF1", PartnerCode="300999999"),
            1,
            provider="RIVILE",
        )
        self.run_both()
        invoice = self.find_sales("RSF1")
        self.assertEqual(
            (ours + theirs + invoice).mapped("state"),
            ["booked", "not_booked", "not_booked"],
        )
        self.assertEqual(theirs.line_ids.product_id, self.coffee)
        self.assertFalse(theirs.hold_cause)
        self.assertFalse(
            self.env["res.partner"].search([("company_registry", "=", "300999999")])
        )

    def test_providers_are_no_rivals(self):
        """The same number of the same till and day, and the same SF."""
        self.take_receipt("416")
        self.take_sheet("416")
        self.add(document(receipt("7", COFFEE, InvoiceNo="RSF1", PartnerCode="1")), 1)
        self.add(
            sheet(line(), payment(), InvoiceNo="RSF1", PartnerCode="1"),
            1,
            provider="RIVILE",
        )
        self.run_both()
        self.assertEqual(len(self.find_sales()), 4)
        self.assertNotIn("conflict", self.find_sales().mapped("state"))

    def test_providers_tara(self):
        """One sheet of one Z number, and each provider's content is its own."""
        for provider, amount in (("KVITAS", "-2.40"), ("RIVILE", "-2.50")):
            text = sheet(tara(AMOUNT=amount), payment(amount))
            self.add(text, 2, provider=provider)
        self.run_both()
        self.assertEqual(self.find_sales().mapped("state"), ["held", "not_booked"])

    def test_decision_leaves_the_other_provider_alone(self):
        attributes = {"InvoiceNo": "RSF1", "PartnerCode": "1"}
        self.add(document(receipt("7", COFFEE, **attributes)), 1)
        for rows in ([line(), payment()], [line(), line(), payment("4.84")]):
            self.add(sheet(*rows, **attributes), 1, provider="RIVILE")
            self.run_both()
        theirs, ours, new = self.find_sales().sorted(lambda s: (s.provider, s.id))
        self.assertEqual((new.state, new.disputed_id), ("conflict", ours))
        before = theirs.state
        new.action_take_new()
        self.assertEqual((theirs.state, ours.state), (before, "cancelled"))

    def test_receipt_as_sale_and_as_sf(self):
        """Of one provider it stays a conflict, never two sales."""
        self.take_receipt("7")
        self.add(document(receipt("7", COFFEE, InvoiceNo="RSF1", PartnerCode="1")), 1)
        self.run_both()
        self.assertEqual(self.find_sales("7").mapped("state"), ["booked", "conflict"])

    def test_by_day(self):
        self.shop.write({"provider": "rivile", "provider_from": SECOND})
        for day, number in ((FIRST, "1"), (SECOND, "2")):
            self.take_receipt(number, day)
            self.take_sheet(f"41{number}", day)
        states = {sale.number: sale.state for sale in self.find_sales()}
        self.assertEqual(
            states,
            {"1": "booked", "411": "not_booked", "2": "not_booked", "412": "booked"},
        )

    def test_new_shop_takes_its_connections_provider(self):
        self.add(sheet(line(), ShopNo="77"), shop="77", provider="RIVILE")
        self.add(
            document(receipt("1", COFFEE, ShopNo="78")), shop="78", provider="KVITAS"
        )
        self.run_both()
        shops = self.env["raso.shop"].search([("number", "in", ("77", "78"))])
        self.assertEqual(shops.mapped("provider"), ["rivile", "kvitas"])

    def test_connection_keeps_its_provider(self):
        """What it received could not be read any more."""
        self.make_connection(name="Nothing yet").provider = "rivile"
        self.take_receipt("1")
        with self.assertRaisesRegex(ValidationError, "documents of KVITAS already"):
            self.connection.provider = "rivile"

    def test_switch_back_and_forth(self):
        """What isn't booked is matched again; booked once, whoever is chosen."""
        self.shop.warehouse_id = False  # all is held
        ours, theirs = self.take_receipt("1"), self.take_sheet("416")
        self.assertEqual((ours.state, theirs.state), ("held", "not_booked"))
        self.shop.provider = "rivile"
        self.assertEqual((ours + theirs).mapped("state"), ["new", "new"])
        self.run_both()
        self.assertEqual((ours.state, theirs.state), ("not_booked", "held"))
        self.shop.provider = "kvitas"
        self.shop.warehouse_id = self.warehouse
        self.run_both()
        self.assertEqual((ours.state, theirs.state), ("booked", "not_booked"))
        self.assertEqual(self.sum_booked(), {"1": 1})

    def test_switch_would_book_a_day_twice(self):
        self.take_receipt("1", FIRST)
        self.take_sheet("411", FIRST)
        self.take_sheet("412", SECOND)
        with self.assertRaisesRegex(
            ValidationError,
            "(?s)Shop 01: days from 2026-11-22 .*KVITAS.*sales: 1.*second time",
        ):
            self.shop.provider = "rivile"
        self.env.invalidate_all()
        self.shop.write({"provider": "rivile", "provider_from": SECOND})
        self.run_both()
        self.assertEqual(self.sum_booked(), {"1": 1, "412": 2})
        # and back: the second day is booked from sheets now
        with self.assertRaisesRegex(ValidationError, "2026-11-23.*RIVILĖ"):
            self.shop.write({"provider": "kvitas", "provider_from": False})

    def test_switch_before_days_booked(self):
        """An earlier day of the change takes days from the other provider."""
        self.shop.write({"provider": "rivile", "provider_from": FIRST})
        self.take_sheet("411", FIRST)
        self.shop.provider_from = "2026-11-20"
        with self.assertRaisesRegex(ValidationError, "RIVILĖ"):
            self.shop.provider_from = SECOND

    def test_switch_after_unbooking(self):
        receipt_sale, sheet_sale = self.take_receipt("1"), self.take_sheet("416")
        self.find_documents().action_unbook()
        self.assertEqual(receipt_sale.hold_cause, "unbooked")
        self.shop.provider = "rivile"
        self.run_both()
        self.assertEqual(
            (receipt_sale.state, sheet_sale.state), ("not_booked", "booked")
        )

    def test_unbooked_goes_on_waiting(self):
        """Another start doesn't book what a person took back."""
        sale = self.take_receipt("1")
        self.find_documents().action_unbook()
        self.shop.book_from = "2026-11-01"
        self.run_both()
        self.assertEqual((sale.state, sale.hold_cause), ("held", "unbooked"))

    def test_start_day(self):
        """Days before it are booked by neither: a switch there takes nothing."""
        self.shop.book_from = SECOND
        sale = self.take_receipt("1", FIRST)
        self.assertEqual(sale.state, "before_start")
        self.shop.book_from = FIRST
        self.run_both()
        self.assertEqual(sale.state, "booked")
        self.shop.write({"provider": "rivile", "book_from": SECOND})
        with self.assertRaises(ValidationError):
            self.shop.book_from = FIRST

    def test_sheet_over_the_switch(self):
        """It sums up days of both providers: neither books it."""
        self.shop.write({"provider": "rivile", "provider_from": SECOND})
        sale = self.take_sheet("412", SECOND, line(SALEDATE=FIRST))
        self.assertEqual((sale.state, sale.hold_cause), ("held", "month"))
        self.assertIn(FIRST, sale.hold_reason)
        self.shop.write({"provider": "kvitas", "provider_from": SECOND})
        self.run_both()
        self.assertEqual((sale.state, sale.hold_cause), ("held", "month"))
        self.shop.write({"provider": "rivile", "provider_from": False})
        self.run_both()
        self.assertEqual(sale.state, "booked")
        with self.assertRaises(ValidationError):
            self.shop.provider_from = SECOND

    def test_manager(self):
        """A RASO manager may switch, though nobody may write a sale."""
        sale = self.take_sheet("416")
        manager = new_test_user(
            self.env, "manager", "raso_cash_register.group_raso_manager"
        )
        self.shop.with_user(manager).provider = "rivile"
        self.assertEqual(sale.state, "new")

    def test_other_shop_is_left_alone(self):
        other = self.env["raso.shop"].create({"number": "02", "name": "Shop 02"})
        sale = self.take_sheet("416")
        other.provider = "rivile"
        self.assertEqual(sale.state, "not_booked")
