from .booking import COFFEE
from .common import receipt
from .keyboard import KeyboardCase
from .white import TEA, WhiteCase


class TestKeyboard(KeyboardCase, WhiteCase):
    """Who has no mouse can do the daily work; real keys are pressed."""

    def setUp(self):
        super().setUp()
        self.sale_type.ripe = "now"
        self.take(receipt("1", COFFEE, SaleDate=self.day))
        sales = self.take(receipt("2", TEA, SaleDate=self.day))
        self.white = sales.line_ids.filtered(lambda line: line.state == "white")
        self.assertEqual(self.white.cash_sale_id.state, "held")

    def assert_assigned(self):
        self.assertRecordValues(
            self.white, [{"product_id": self.tea.id, "state": "grey"}]
        )
        self.assertEqual(self.white.cash_sale_id.state, "booked")

    def go_to_white_item(self, keyboard):
        """From the search to the first row, which holds the item."""
        keyboard.wait_for(".o_list_view .o_data_row")
        self.assertEqual(keyboard.get_focus(), "searchbox Search...")
        keyboard.press("ArrowDown", "ArrowDown", "ArrowRight")
        keyboard.move_to("ArrowRight", "cell Tea")

    def choose_tea(self, keyboard):
        keyboard.wait("document.activeElement.matches('input[role=combobox]')")
        keyboard.type("green")
        keyboard.wait_for(".o-autocomplete--dropdown-item:has(.ui-state-active)")
        keyboard.press("Enter")
        keyboard.wait("document.activeElement.value?.includes('Green tea')")

    def test_assign_in_the_list(self):
        with self.sit_down("/odoo/raso-cash-sales", "accountant") as keyboard:
            self.go_to_white_item(keyboard)
            keyboard.press("ArrowRight", "Enter")
            self.choose_tea(keyboard)
            keyboard.press("Enter")
            keyboard.wait_for_text(".o_data_row", "Grey")
        self.assert_assigned()

    def test_assign_in_the_dialog(self):
        """The row's button, the dialog, and Odoo's key for its first button."""
        with self.sit_down("/odoo/raso-cash-sales", "accountant") as keyboard:
            self.go_to_white_item(keyboard)
            keyboard.wait_for("button[name=action_assign]")
            keyboard.move_to("ArrowRight", "button")
            keyboard.press(" ")
            keyboard.wait_for(".modal .o_data_row")
            keyboard.wait("document.activeElement.closest('.modal')")
            # Tab stays inside
            stops = [keyboard.tab() for _press in range(3)]
            self.assertIn("button Assign", stops)
            self.assertIn("button Discard", stops)
            keyboard.move_to("Tab", "checkbox")
            keyboard.press("ArrowLeft", "Enter")
            self.choose_tea(keyboard)
            keyboard.press("Alt+q")
            keyboard.wait("!document.querySelector('.modal')")
        self.assert_assigned()

    def test_dashboard(self):
        """The figures of a till's card are reached and opened."""
        with self.sit_down("/odoo/raso-tills", "accountant") as keyboard:
            keyboard.wait_for(".o_kanban_record:not(.o_kanban_ghost) canvas")
            keyboard.press("ArrowDown")
            keyboard.move_to("Tab", "link Held: 1")
            keyboard.press("Enter")
            keyboard.wait_for_text(".o_list_view .o_data_row [name=number]", "2")
