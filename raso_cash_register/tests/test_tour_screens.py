import json

import polib

from odoo.tools import file_open, file_path

from .booking import BOOK, COFFEE
from .common import receipt
from .test_i18n import TAG
from .tour_case import TourCase
from .white import TEA, WhiteCase

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


class TestTourScreens(TourCase, WhiteCase):
    """Every screen of the addon, with something on it, in the browser."""

    def setUp(self):
        super().setUp()
        self.sale_type.ripe = "now"
        self.sell("1", COFFEE, BOOK)
        self.sell("1", COFFEE)
        self.sell("2", TEA)

    def sell(self, number, *lines):
        return self.take(receipt(number, *lines, SaleDate=self.day))

    def get_screens(self):
        """Every list that a menu of the addon opens."""
        menus = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.menu")]
        )
        actions = self.env["ir.ui.menu"].browse(menus.mapped("res_id")).mapped("action")
        screens = []
        for action in filter(None, dict.fromkeys(actions)):
            if action.type == "ir.actions.act_window" and action.target != "new":
                views = action.view_mode.split(",")
                xmlid = action.get_external_id()[action.id]
                views = [view for view in views if view != "form"] or ["form"]
                screens.append({"xmlid": xmlid, "views": views})
        return sorted(screens, key=lambda screen: screen["xmlid"])

    def visit(self, login, own=(), terms=(), forbidden=()):
        script = ""
        for name in ("contrast", "screens"):
            with file_open(f"{ADDON}/static/tests/{name}.js") as file:
                script += file.read()
        options = {
            "screens": self.get_screens(),
            "own": own,
            "terms": terms,
            "forbidden": forbidden,
        }
        code = (
            f"{script}; visitScreens({json.dumps(options)}).then("
            "() => console.log('test successful'), "
            "(error) => console.error(error.message))"
        )
        self.browser_js("/odoo/raso-receipts", code, READY, login, timeout=300)

    def test_names(self):
        """Controls have names and texts can be seen, as on Odoo's own screens."""
        self.visit("accountant", own=ODOO_SCREENS)

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
        self.visit("accountant", terms=sorted(english - self.list_data()))

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
