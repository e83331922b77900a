from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .booking import COFFEE, line
from .common import RasoCase, document, receipt

MANAGER = "raso_cash_register.group_raso_manager"
USER = "raso_cash_register.group_raso_user"


class ChecklistCase(RasoCase):
    """A company where nothing but the connection is set up."""

    def look(self, key, company=None):
        """Return the state and text of a step as they are now."""
        self.env.invalidate_all()
        step = self.find_step(key, company)
        return step.state, step.text

    def find_step(self, key, company=None):
        checklist = self.env["raso.checklist"].browse((company or self.company).id)
        return checklist.step_ids.filtered(lambda step: step.key == key)

    def assert_step(self, key, state, text):
        found_state, found_text = self.look(key)
        self.assertEqual(found_state, state, found_text)
        self.assertIn(text, found_text)

    def take(self, *receipts):
        self.add(document(*(receipts or (receipt("1", COFFEE),))))
        self.run_cron()

    def make_ready(self):
        """A shop with all it needs, and a product."""
        shop = self.env["raso.shop"].create({"number": "01", "name": "01"})
        shop.register_ids = [Command.create({"number": "1", "name": "1"})]
        shop.action_fill()
        self.env["product.product"].create({"name": "Coffee", "barcode": "4770001"})

    def set_up(self):
        self.env["raso.setup"].create({}).action_apply()


class TestRasoChecklist(ChecklistCase):
    """Each step's state, and the one line that says what exactly it is."""

    def test_connection(self):
        self.connection.unlink()
        self.assert_step("connection", "todo", "Enter the server")
        self.assertFalse(self.find_step("connection").is_begun)
        connection = self.connection = self.make_connection(login=False)
        self.assert_step("connection", "todo", "administrator must enter the user")
        connection.login = self.standin.user
        self.assert_step("connection", "todo", "press Test Connection")
        self.assertEqual(
            self.find_step("connection").action_open()["res_id"], connection.id
        )
        connection.action_test()
        self.assert_step("connection", "todo", "press Confirm")
        connection.action_confirm()
        self.assert_step("connection", "done", "Shop server")
        self.standin.close_port()
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assert_step("connection", "trouble", "can't be reached")

    def test_connection_that_nothing_fetches(self):
        self.cron.active = False
        self.assert_step("connection", "trouble", "switched off")

    def test_shops(self):
        self.set_up()
        self.assert_step("shops", "wait", "appear with the first documents")
        self.take()
        self.assert_step("shops", "trouble", "1 of 1 (01)")
        self.assert_step("shops", "trouble", "wait for it: 1")
        shop = self.env["raso.shop"].search([])
        self.assertEqual(self.find_step("shops").action_open()["res_id"], shop.id)
        self.env["raso.shop"].create(
            {"number": "02", "name": "Second", "warehouse_id": False}
        )
        self.assert_step("shops", "trouble", "2 of 2 (01, Second)")
        action = self.find_step("shops").action_open()
        self.assertEqual(len(self.env["raso.shop"].search(action["domain"])), 2)
        self.find_step("shops").action_fill()
        self.assert_step("shops", "done", "01, Second")

    def test_a_shop_that_nobody_waits_for(self):
        self.env["raso.shop"].create(
            {"number": "02", "name": "Second", "warehouse_id": False}
        )
        self.assert_step("shops", "todo", "1 of 1")

    def test_tills(self):
        self.set_up()
        self.assert_step("tills", "wait", "appear with the first documents")
        self.take(receipt("1", COFFEE), receipt("2", COFFEE, PosNo="2"))
        self.assert_step("tills", "todo", "2 of 2 (01 / 1, 01 / 2)")
        shop = self.env["raso.shop"].search([])
        shop.warehouse_id = shop._find_only_warehouse(self.company)
        self.run_cron()
        # no product has the code: the receipts wait for that first
        self.env["product.product"].create({"name": "Coffee", "barcode": "4770001"})
        self.run_cron()
        self.assert_step("tills", "trouble", "wait for it: 2")
        cash = self.env["account.journal"].create(
            {"name": "Cash", "type": "cash", "code": "TILL1"}
        )
        shop.register_ids[0].cash_journal_id = cash
        self.assert_step("tills", "trouble", "1 of 2 (01 / 2)")
        self.find_step("tills").action_fill()
        self.assert_step("tills", "done", "01 / 1")
        self.assertNotIn(shop.cash_journal_id, cash | self.env["account.journal"])

    def test_types(self):
        self.assert_step("types", "todo", "Sale, Return, SF, SF return")
        self.set_up()
        self.assert_step("types", "done", "Sale")
        types = self.env["raso.transaction.type"].search([])
        sale = types.filtered(lambda one: one.kind == "sale")
        sale.active = False
        self.make_ready()
        self.take()
        self.assert_step("types", "trouble", "No type books: Sale. Receipts that wait")
        sale.active = True
        self.run_cron()
        types.filtered(lambda one: one.kind == "sf").journal_id = False
        self.assert_step("types", "todo", "Types without journal: SF")
        types.filtered(lambda one: one.kind == "sf_return").active = False
        self.assert_step("types", "todo", "No type books: SF return")

    def test_types_by_data_provider(self):
        """A company with daily sheets alone needs no type for receipts."""
        self.connection.action_set_draft()
        self.connection.provider = "rivile"
        types = self.env["raso.transaction.type"]
        self.set_up()
        types.search([("kind", "=", "sale")]).active = False
        self.assertEqual(self.look("types")[0], "done")
        types.search([("kind", "=", "sheet")]).active = False
        self.assert_step("types", "todo", "Daily sheet")

    def test_kinds(self):
        self.assert_step("kinds", "todo", "which code is cash")
        self.set_up()
        self.assert_step("kinds", "done", "Cash")
        self.make_ready()
        self.take(receipt("1", COFFEE, payments=[("77", "1.21")]))
        self.assert_step("kinds", "trouble", "not here: 77")
        action = self.find_step("kinds").action_open()
        self.assertEqual(action["context"]["default_code"], "77")

    def test_rates(self):
        self.assert_step("rates", "todo", "No VAT rate")
        self.set_up()
        self.assert_step("rates", "done", "21 %")
        rate = self.env["raso.vat.rate"].search([("percent", "=", 12)])
        rate.tax_id = False
        self.assert_step("rates", "todo", "12 % has no sale tax. Press Make the Tax")
        rate.action_make_tax()
        self.assertEqual(self.look("rates")[0], "done")
        self.make_ready()
        self.take(receipt("1", line(amount="1.21", vat="0.60")))
        self.assert_step("rates", "trouble", "fits none of the rates")

    def test_old_rates_count_where_they_are_booked(self):
        """9 % ended with 2025: nobody needs its tax who books from 2026."""
        self.set_up()
        self.assertEqual(self.look("rates")[0], "done")
        self.connection.book_from = "2025-12-01"
        self.assert_step("rates", "todo", "9 % has no sale tax")

    def test_fetch(self):
        self.connection.action_set_draft()
        self.assert_step("fetch", "todo", "confirmed connection")
        self.assertFalse(self.find_step("fetch").is_begun)
        self.connection.action_confirm()
        self.assert_step("fetch", "wait", "Starts by itself")
        self.run_cron()
        self.assert_step("fetch", "wait", "no document yet")
        self.add("<SalesSync><Sales>")
        self.run_cron()
        self.assert_step("fetch", "trouble", "Sales 01 #1: ")
        self.take()
        self.assert_step("fetch", "done", "fetched and read: 1")

    def test_fetched_and_not_read(self):
        self.env["raso.exchange"].create(
            {"connection_id": self.connection.id, "content": "sales"}
        )
        self.assert_step("fetch", "wait", "Documents fetched: 1")

    def test_without_a_chart(self):
        company = self.env["res.company"].create(
            {"name": "New", "currency_id": self.env.ref("base.EUR").id}
        )
        self.assertIn("no chart of accounts", self.look("types", company)[1])

    def test_other_currency(self):
        company = self.env["res.company"].create(
            {"name": "New", "currency_id": self.env.ref("base.USD").id}
        )
        state, text = self.look("connection", company)
        self.assertEqual(state, "trouble")
        self.assertIn("USD", text)

    def test_from_nothing_to_booked(self):
        """All that the checklist's buttons lead to, and nothing besides."""
        self.connection.unlink()
        action = self.find_step("connection").action_new_connection()
        connections = self.env[action["res_model"]].with_context(**action["context"])
        self.connection = connections.create(
            {
                "server": self.standin.host,
                "port": self.standin.port,
                "database": self.standin.database,
                "login": self.standin.user,
                "password": self.standin.password,
                "book_from": "2026-11-01",
            }
        )
        self.assertEqual(self.connection.user_id, self.env.user)
        self.assertIn(self.company.name, self.connection.name)
        self.connection.action_test()
        self.connection.action_confirm()
        self.env["product.product"].create(
            {"name": "Coffee", "barcode": "4770001", "is_storable": True}
        )
        setup = self.find_step("types").action_set_up()
        wizard = self.env[setup["res_model"]].with_context(**setup["context"])
        wizard.create({}).action_apply()
        self.find_step("fetch").action_fetch()
        self.take()
        self.find_step("shops").action_fill()
        self.run_cron()
        self.assertEqual(self.find_sales().state, "booked")
        self.env.invalidate_all()
        checklist = self.env["raso.checklist"].browse(self.company.id)
        self.assertTrue(checklist.is_done, checklist.step_ids.mapped("text"))
        self.assertEqual(checklist.done_count, 7)


class TestRasoChecklistRights(ChecklistCase):
    def test_users_see_and_do_not_change(self):
        user = new_test_user(self.env, "raso-user", USER)
        step = self.find_step("shops").with_user(user)
        self.assertTrue(step.text)
        self.env["raso.shop"].create(
            {"number": "02", "name": "Second", "warehouse_id": False}
        )
        with self.assertRaises(AccessError):
            step.action_fill()
        with self.assertRaises(AccessError):
            self.find_step("fetch").with_user(user).action_fetch()
        self.assertFalse(self.env["raso.shop"].search([]).warehouse_id)

    def test_managers_need_no_other_rights(self):
        manager = new_test_user(self.env, "raso-manager", MANAGER)
        self.take()
        for step in self.env["raso.checklist"].browse(self.company.id).step_ids:
            self.assertTrue(step.with_user(manager).text)
        self.find_step("shops").with_user(manager).action_fill()
        self.assertTrue(self.env["raso.shop"].search([]).cash_journal_id)

    def test_outsiders_see_nothing(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.find_step("shops").with_user(outsider).read(["key"])

    def test_companies_apart(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        self.set_up()
        self.take()
        self.assertEqual(self.look("shops")[0], "trouble")
        self.assertEqual(self.look("shops", other)[0], "wait")
        self.env["raso.shop"].create(
            {
                "number": "01",
                "name": "01",
                "company_id": other.id,
                "warehouse_id": False,
            }
        )
        self.assertEqual(self.look("shops", other)[0], "todo")
        self.assertEqual(self.look("fetch", other)[0], "todo")
        self.assertEqual(self.look("connection", other)[0], "todo")
        stranger = new_test_user(
            self.env,
            "stranger",
            MANAGER,
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.find_step("shops").with_user(stranger).read(["key"])
        checklists = self.env["raso.checklist"].with_user(stranger)
        self.assertEqual(checklists.action_open()["res_id"], other.id)
        self.assertEqual(checklists.search([]).company_id, other)


class TestRasoHints(ChecklistCase):
    """Where a new user looks first, the unfinished set-up is said."""

    def read_help(self, name, user=None):
        action = self.env["ir.actions.act_window"].with_user(user or self.env.user)
        return action._for_xml_id(f"raso_cash_register.{name}")["help"]

    def test_empty_lists(self):
        for name in (
            "raso_cash_sale_line_action",
            "raso_cash_sale_action",
            "raso_trade_document_action",
            "raso_register_day_action",
            "raso_z_report_action",
            "raso_exchange_action",
            "raso_shop_action",
        ):
            self.assertIn("set-up: 1 of 7 steps", self.read_help(name), name)
        self.set_up()
        self.env["raso.shop"].create({"number": "01", "name": "01"})
        self.take()
        self.env["raso.shop"].search([]).action_fill()
        self.env.invalidate_all()
        text = self.read_help("raso_cash_sale_line_action")
        self.assertNotIn("set-up:", text)
        self.assertIn("o_view_nocontent_smiling_face", text)

    def test_every_list_says_what_it_is_for(self):
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "raso.%"), ("target", "!=", "new")]
        )
        self.assertGreater(len(actions), 10)
        for action in actions:
            self.assertIn(
                "o_view_nocontent_smiling_face", action.help or "", action.name
            )

    def test_connection(self):
        self.assertFalse(self.connection.is_set_up)
        action = self.connection.action_open_checklist()
        self.assertEqual(action["res_id"], self.company.id)

    def test_only_warehouse_is_proposed(self):
        shop = self.env["raso.shop"].create({"number": "01", "name": "01"})
        self.assertEqual(shop.warehouse_id.company_id, self.company)
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        shop = self.env["raso.shop"].create(
            {"number": "01", "name": "01", "company_id": other.id}
        )
        self.assertEqual(shop.warehouse_id.company_id, other)
        self.env["stock.warehouse"].create({"name": "Second", "code": "WH2"})
        shop = self.env["raso.shop"].create({"number": "02", "name": "02"})
        self.assertFalse(shop.warehouse_id)
