"""The screens that ``make pictures`` takes, as data.

Add one here: it is looked up in the demo's database, and an action or a record that
isn't there is an error. Names of buttons and fields are used, never their texts, so
that a screen works in every language.
"""

from dataclasses import dataclass

MODULE = "raso_cash_register"


@dataclass(frozen=True)
class Screen:
    """A screen: where it is, what to press there, and what must show then.

    ``action`` is an XML id, of this addon unless it names another; ``record`` a
    model and a domain, whose first record is opened; ``clicks`` are pressed one after
    the other (CSS), each once it shows; ``shows`` has to be there in the end.
    ``in_docs`` puts the picture, in English, wide and light, into docs/images,
    ``on_page`` onto the addon's own page as well. ``is_admin``: only a system
    administrator sees it.
    """

    name: str
    action: str
    record: tuple = ()
    clicks: tuple = ()
    shows: str = ""
    in_docs: bool = False
    on_page: bool = False
    is_admin: bool = False
    height: int = 900

    @property
    def xml_id(self):
        return self.action if "." in self.action else f"{MODULE}.{self.action}"

    @property
    def wait(self):
        """What has to be seen before the picture is taken."""
        if self.shows:
            return self.shows
        return ".o_form_view" if self.record else ".o_action_manager .o_view_controller"


SALE = "raso.cash.sale"
TRADE = "raso.trade.document"
DAY = "raso.register.day"
ROWS = ".o_list_view .o_data_row"
CARDS = ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)"
DATA = f"{ROWS}, {CARDS}"
DIALOG = ".modal .o_form_view"

GRAPH = ".o_graph_view canvas"

SCREENS = (
    # -- at a glance
    Screen("tills", "raso_register_action", shows=CARDS, in_docs=True, on_page=True),
    Screen("sales-analysis", "raso_sale_report_action", shows=GRAPH, in_docs=True),
    Screen(
        "sales-pivot",
        "raso_sale_report_action",
        clicks=(".o_switch_view.o_pivot",),
        shows=".o_pivot table",
    ),
    Screen("payments-analysis", "raso_payment_report_action", shows=GRAPH),
    # -- what was sold
    Screen(
        "cash-sales",
        "raso_cash_sale_line_action",
        shows=DATA,
        in_docs=True,
        on_page=True,
    ),
    Screen("receipts", "raso_cash_sale_action", shows=DATA),
    Screen(
        "receipt-held",
        "raso_cash_sale_action",
        record=(SALE, [("hold_cause", "=", "white")]),
        in_docs=True,
        on_page=True,
    ),
    Screen(
        "receipt-booked",
        "raso_cash_sale_action",
        record=(SALE, [("state", "=", "booked"), ("kind", "=", "sf")]),
    ),
    Screen(
        "receipt-details",
        "raso_cash_sale_action",
        record=(SALE, [("hold_cause", "=", "payment_sum")]),
        clicks=(".nav-link[name=details]",),
    ),
    Screen(
        "receipt-why",
        "raso_cash_sale_action",
        record=(SALE, [("state", "=", "booked"), ("kind", "=", "sale")]),
        clicks=(".nav-link[name=why]",),
    ),
    Screen(
        "assign",
        "raso_cash_sale_action",
        record=(SALE, [("hold_cause", "=", "white")]),
        clicks=(".o_statusbar_buttons button[name=action_assign]",),
        shows=DIALOG,
        in_docs=True,
        height=700,
    ),
    Screen(
        "conflict",
        "raso_cash_sale_action",
        record=(SALE, [("state", "=", "conflict")]),
        in_docs=True,
    ),
    # -- trade
    Screen(
        "trade", "raso_trade_document_action", shows=DATA, in_docs=True, on_page=True
    ),
    Screen(
        "trade-document",
        "raso_trade_document_action",
        record=(TRADE, [("kind", "=", "sale"), ("state", "=", "booked")]),
        in_docs=True,
    ),
    Screen(
        "trade-sheet",
        "raso_trade_document_action",
        record=(TRADE, [("revenue_state", "=", "todo")]),
    ),
    Screen(
        "trade-invoice",
        "raso_trade_document_action",
        record=(TRADE, [("kind", "=", "sf"), ("state", "=", "booked")]),
    ),
    Screen(
        "revenue",
        "raso_trade_document_action",
        record=(TRADE, [("revenue_state", "=", "todo"), ("kind", "=", "sheet")]),
        clicks=(".o_statusbar_buttons button.btn-primary:not(.o_invisible_modifier)",),
        shows=DIALOG,
        in_docs=True,
    ),
    # -- is the day complete?
    Screen(
        "till-days", "raso_register_day_action", shows=DATA, in_docs=True, on_page=True
    ),
    Screen(
        "till-days-calendar",
        "raso_register_day_action",
        clicks=(".o_switch_view.o_calendar",),
        shows=".o_calendar_view .fc-event",
        in_docs=True,
    ),
    Screen(
        "daily-report",
        "raso_register_day_report",
        record=(DAY, [("state", "=", "complete")]),
        shows=".o_raso_day",
        in_docs=True,
    ),
    Screen(
        "till-day",
        "raso_register_day_action",
        record=(DAY, [("state", "=", "differs"), ("missing_count", ">", 0)]),
        in_docs=True,
    ),
    Screen(
        "till-day-held",
        "raso_register_day_action",
        record=(DAY, [("held_count", ">", 0)]),
    ),
    Screen("z-reports", "raso_z_report_action", shows=DATA),
    Screen(
        "z-report",
        "raso_z_report_action",
        record=("raso.z.report", [("state", "=", "differs")]),
        in_docs=True,
    ),
    Screen(
        "cash-book",
        "raso_z_report_action",
        record=("raso.z.report", [("state", "=", "agrees")]),
        clicks=(".o_statusbar_buttons button[name=action_book_cash]",),
        shows=DIALOG,
    ),
    # -- configuration
    Screen("checklist", "raso_checklist_action", shows=".o_form_view", in_docs=True),
    Screen(
        "settings",
        "stock.action_stock_config_settings",
        shows="#raso_setup",
        is_admin=True,
    ),
    Screen("daily-mail", "raso_digest_action", shows=".o_form_view"),
    Screen("set-up", "raso_setup_action", shows=DIALOG, in_docs=True),
    Screen("connections", "raso_connection_action", shows=DATA),
    Screen(
        "connection",
        "raso_connection_action",
        record=("raso.connection", [("failure_count", ">", 0)]),
        in_docs=True,
    ),
    Screen("shops", "raso_shop_action", shows=DATA),
    Screen("shop", "raso_shop_action", record=("raso.shop", []), in_docs=True),
    Screen("transaction-types", "raso_transaction_type_action", shows=DATA),
    Screen(
        "transaction-type",
        "raso_transaction_type_action",
        record=("raso.transaction.type", [("kind", "=", "sale")]),
        in_docs=True,
    ),
    Screen("payment-kinds", "raso_payment_kind_action", shows=DATA, in_docs=True),
    Screen("vat-rates", "raso_vat_rate_action", shows=DATA),
    Screen("codes", "raso_code_action"),
    Screen("exchanges", "raso_exchange_action", shows=DATA),
    Screen(
        "exchange",
        "raso_exchange_action",
        record=("raso.exchange", [("state", "=", "error")]),
    ),
)
