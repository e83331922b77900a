from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time

from .booking import COFFEE, line
from .common import receipt
from .white import TEA, WhiteCase

UNKNOWN_VAT = line(amount="1.21", vat="0.33")


class TestFree(WhiteCase):
    """What was held is booked at once when its cause is gone."""

    def test_one_supplement(self):
        self.take(receipt("1", COFFEE), receipt("2", TEA), receipt("3", TEA))
        self.assign(self.find_sales("2").line_ids, self.tea)
        booked = self.find_documents()
        self.assertEqual(booked.mapped("sale_count"), [1, 2])

    def test_whole_group(self):
        """What else of the till's day is ripe goes with it."""
        self.sale_type.ripe = "z"
        self.take(receipt("1", COFFEE), receipt("2", TEA))
        self.sale_type.ripe = "day"
        self.find_sales("1")._match(self.company)  # the changed rule waits for a run
        self.assign(self.find_sales("2").line_ids, self.tea)
        self.assertEqual(self.find_documents().sale_count, 2)

    def test_not_before_it_is_ripe(self):
        with freeze_time("2026-11-22 12:00:00"):
            self.take(receipt("1", TEA))
            self.assign(self.find_sales().line_ids, self.tea)
            self.assertEqual(self.find_sales().state, "matched")
            self.assertFalse(self.find_documents())

    def test_many_are_left_to_the_scheduled_action(self):
        self.take(receipt("1", TEA), receipt("2", TEA))
        self.find_triggers().unlink()
        free = "odoo.addons.raso_cash_register.models.raso_cash_sale_free.AT_ONCE"
        with patch(free, 1):
            self.assign(self.find_sales().line_ids, self.tea, remember=False)
        self.assertEqual(set(self.find_sales().mapped("state")), {"matched"})
        self.assertTrue(self.find_triggers())
        self.run_cron()
        self.assertEqual(self.find_documents().sale_count, 2)

    def test_check_again(self):
        self.take(receipt("1", TEA))
        self.tea.barcode = "5550001"
        self.find_sales().with_user(self.user).action_match_again()
        self.assertEqual(self.find_sales().state, "booked")

    def test_try_again(self):
        """The ripe receipts of the group go with those that failed."""
        kind = self.env["raso.transaction.type"].search([("kind", "=", "sale")])
        journal, kind.journal_id = kind.journal_id, False
        self.take(receipt("1", COFFEE))
        failed = self.find_documents(state="failed")
        kind.journal_id = journal
        failed.action_retry()
        self.assertEqual(self.find_documents().mapped("state"), ["booked"])

    def test_unbooked_is_not_freed(self):
        """Who unbooked it decides when it is booked again."""
        self.take(receipt("1", COFFEE))
        self.find_documents().action_unbook()
        self.exclude(self.find_sales().line_ids)
        self.assertEqual(self.find_sales().hold_cause, "unbooked")
        self.find_sales().action_book_now()
        self.assertFalse(self.find_documents(state="booked").picking_ids)

    def check_wakes(self, change):
        self.find_triggers().unlink()
        change()
        self.env.flush_all()
        self.assertTrue(self.find_triggers())

    def test_set_up_wakes(self):
        self.take(receipt("1", TEA))
        company = self.company.id
        kind = self.env["raso.payment.kind"].search([("code", "=", "2")])
        rate = self.env["raso.vat.rate"].search([("percent", "=", 21)])
        for name, change in {
            "code": lambda: self.env["raso.code"].create(
                {"code": "A", "product_id": self.tea.id, "company_id": company}
            ),
            "payment kind": lambda: kind.copy({"code": "9"}),
            "payment kind's account": lambda: kind.write({"name": "Bank card"}),
            "rate": lambda: rate.write({"fiscal_group": 1}),
            "type": lambda: self.sale_type.write({"sequence": 3}),
            "shop": lambda: self.shop.write({"name": "Shop"}),
            "till": lambda: self.till.write({"name": "Till"}),
            "barcode": lambda: self.tea.write({"barcode": "123"}),
            "reference": lambda: self.tea.write({"default_code": "T"}),
            "template's barcode": lambda: self.tea.product_tmpl_id.write(
                {"barcode": "124"}
            ),
            "new product": lambda: self.make_product("New", "NEW", "125", 21),
            "packaging": lambda: self.env["product.uom"].create(
                {
                    "product_id": self.tea.id,
                    "uom_id": self.env.ref("uom.product_uom_dozen").id,
                    "barcode": "126",
                }
            ),
            "taxes": lambda: self.tea.write({"taxes_id": [Command.clear()]}),
        }.items():
            with self.subTest(name):
                self.check_wakes(change)

    def test_nobody_waits(self):
        self.take(receipt("1", COFFEE))
        self.find_triggers().unlink()
        self.tea.barcode = "5550001"
        self.till.name = "Till"
        self.assertFalse(self.find_triggers())

    def test_other_fields_of_products_do_not_wake(self):
        self.take(receipt("1", TEA))
        self.find_triggers().unlink()
        self.tea.standard_price = 2
        self.assertFalse(self.find_triggers())

    def test_held_is_booked_by_that_run(self):
        self.take(receipt("1", UNKNOWN_VAT))
        self.assertEqual(self.find_sales().hold_cause, "vat")
        self.check_wakes(
            lambda: self.env["raso.vat.rate"].create(
                {"percent": 37.5, "tax_id": self.taxes[21].copy({"amount": 37.5}).id}
            )
        )
        self.run_cron()
        self.assertEqual(self.find_sales().state, "booked")
