import json

import polib

from odoo.tools import file_open, file_path

from .booking import BOOK, COFFEE
from .common import receipt
from .test_i18n import TAG
from .tour_case import TourCase
from .white import TEA, WhiteCase
from .z_common import DayCase, z_report

ADDON = "raso_cash_register"
# Odoo's own, for what its views leave unnamed
ODOO_SCREENS = [
    {"xmlid": "stock.action_picking_tree_all", "views": ["list", "kanban", "calendar"]},
    {"xmlid": "stock.stock_picking_type_action", "views": ["kanban"]},
    {"xmlid": "stock.product_template_action_product", "views": ["kanban", "list"]},
    {"xmlid": "account.action_move_journal_line", "views": ["list"]},
]
READY = "odoo.isReady && Boolean(document.querySelector('.o_list_view'))"
# buttons that only managers have
FORBIDDEN = (
    *("action_unbook", "action_confirm", "action_book_again", "action_book_now"),
    *("action_test", "action_fetch_now", "action_set_draft", "action_check_missing"),
    *("action_make", "action_apply", "action_make_tax", "action_uncancel"),
)


class TestTourScreens(TourCase, WhiteCase, DayCase):
    """Every screen of the addon, with something on it, in the browser."""

    def setUp(self):
        super().setUp()
        self.sale_type.ripe = "now"
        self.sell("1", COFFEE, BOOK)
        self.sell("1", COFFEE)
        self.sell("2", TEA)
        self.take_z(z_report(ZReportDate=f"{self.day}T22:15:00"))

    def sell(self, number, *lines):
        return self.take(receipt(number, *lines, SaleDate=self.day))

    def get_dialogs(self, user):
        """What opens over a screen when ``user`` presses its button."""
        env = self.env(user=user.id, context={"lang": user.lang})
        sales = self.find_sales().with_env(env)
        white = sales.line_ids.filtered(lambda line: line.state == "white")
        conflict = sales.filtered(lambda sale: sale.state == "conflict")
        window = env["ir.actions.act_window"]._for_xml_id
        decision = window(f"{ADDON}.raso_decision_action")
        context = {"default_sale_id": conflict.id, "default_decision": "take_new"}
        actions = [
            window(f"{ADDON}.raso_setup_action"),
            white.action_assign(),
            white.action_exclude(),
            sales[0].action_view_source(),
            {**decision, "context": context},
            self.find_z().with_env(env).action_book_cash(),
        ]
        return [{"views": [(False, "form")], **action} for action in actions]

    def get_screens(self):
        """Every screen that a menu of the addon opens."""
        menus = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.menu")]
        )
        actions = self.env["ir.ui.menu"].browse(menus.mapped("res_id")).mapped("action")
        screens = []
        for action in filter(None, dict.fromkeys(actions)):
            views = []
            if action.type == "ir.actions.act_window":
                views = action.view_mode.split(",")
            views = [view for view in views if view != "form"] or ["form"]
            xmlid = action.get_external_id()[action.id]
            screens.append({"xmlid": xmlid, "views": views})
        return sorted(screens, key=lambda screen: screen["xmlid"])

    def visit(self, login, own=(), dialogs=(), terms=(), forbidden=()):
        script = ""
        for name in ("contrast", "screens"):
            with file_open(f"{ADDON}/static/tests/{name}.js") as file:
                script += file.read()
        options = {
            "screens": self.get_screens(),
            "own": own,
            "dialogs": dialogs,
            "terms": terms,
            "forbidden": forbidden,
        }
        code = (
            f"{script}; visitScreens({json.dumps(options, default=str)}).then("
            "() => console.log('test successful'), "
            "(error) => console.error(error.message))"
        )
        self.browser_js("/odoo/raso-receipts", code, READY, login, timeout=300)

    def test_names(self):
        """Controls have names and texts can be seen, as on Odoo's own screens."""
        dialogs = self.get_dialogs(self.accountant)
        # Odoo's own screens ask for rights of their own, more with Manufacturing
        self.accountant.group_ids |= self.env.ref("stock.group_stock_manager")
        self.visit("accountant", own=ODOO_SCREENS, dialogs=dialogs)

    def test_user(self):
        """Who only looks and assigns meets no error and no button of a manager."""
        self.make_user("cashier", raso="user")
        self.visit("cashier", forbidden=FORBIDDEN)

    def test_lithuanian(self):
        """Nothing that has a Lithuanian text is shown in English."""
        self.env["res.lang"]._activate_lang("lt_LT")
        addon = self.env.ref(f"base.module_{ADDON}")
        addon._update_translations("lt_LT", overwrite=True)
        self.accountant.lang = "lt_LT"
        terms = polib.pofile(file_path(f"{ADDON}/i18n/lt.po"))
        english = set()
        for term in terms:
            if term.msgstr.strip():
                english |= split_term(term.msgid) - split_term(term.msgstr)
        terms = sorted(english - self.list_data())
        dialogs = self.get_dialogs(self.accountant)
        self.visit("accountant", dialogs=dialogs, terms=terms)

    def list_data(self):
        """Names that were given in English, when all this was set up."""
        models = (
            *("raso.transaction.type", "raso.payment.kind", "raso.cash.sale.line"),
            *("account.journal", "account.account", "product.product", "res.partner"),
        )
        return {name for model in models for name in self.list_names(model)}

    def list_names(self, model):
        return self.env[model].search([]).mapped("name")

    def test_stranger(self):
        """Who has no rights on RASO has none of its menus."""
        stranger = self.make_user("stranger", "stock.group_stock_user", raso=None)
        menus = self.env["ir.ui.menu"].with_user(stranger)._visible_menu_ids()
        ours = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.menu")]
        )
        self.assertTrue(menus)
        self.assertFalse(set(ours.mapped("res_id")) & set(menus))


def split_term(text):
    """Return what stands on the screen of a term that has tags in it."""
    return {" ".join(part.split()) for part in TAG.split(text)} - {""}
