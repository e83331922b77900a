import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/** The stand-in's port, which the test put into a cookie. */
const getPort = () => document.cookie.match(/raso_port=(\d+)/)[1];

/** What Odoo does by itself within a minute, here by "Run Manually". */
async function runScheduledAction() {
    const call = (model, method, ...args) =>
        rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
    const domain = [["cron_name", "=", "RASO: fetch and book cash sales"]];
    const ids = await call("ir.cron", "search", domain);
    await call("ir.cron", "method_direct_trigger", ids);
}

const fill = (name, getText) => ({
    trigger: `.o_field_widget[name=${name}] input`,
    run: (helpers) => helpers.edit(getText()),
});
const step = (name, state) => ({
    trigger: `.o_kanban_record:contains('${name}'):contains('${state}')`,
});
const press = (name, button) => ({
    trigger: `.o_kanban_record:contains('${name}') button[name=${button}]`,
    run: "click",
});

registry.category("web_tour.tours").add("raso_setup", {
    steps: () => [
        press("Connection", "action_new_connection"),
        fill("server", () => "127.0.0.1"),
        fill("port", getPort),
        fill("database", () => "MS3_DEMO_IMG"),
        fill("login", () => "raso"),
        fill("password", () => "raso"),
        {
            trigger: ".o_field_widget[name=book_from] button",
            run: "click",
        },
        fill("book_from", () => "01/01/2026"),
        {
            trigger: ".o_statusbar_buttons button[name=action_test]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('answers')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Confirmed')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_fetch_now]",
            run: "click",
        },
        {
            content: "The top bar says that it is asked for",
            trigger: ".o_menu_systray :contains('Waiting for the scheduled action')",
            run: runScheduledAction,
        },
        {
            trigger: "button[name=action_open_checklist]",
            run: "click",
        },
        step("Connection", "Done"),
        step("First Fetch", "Done"),
        {
            content: "RASO's shop is known now, but not where its goods are",
            ...press("Shops", "action_fill"),
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        step("Shops", "Done"),
        step("Tills", "Done"),
        press("Transaction Types", "action_set_up"),
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        step("Transaction Types", "Done"),
        step("Payment Kinds", "Done"),
        step("VAT Rates", "Done"),
        {
            trigger: ".alert-success:contains('All is set up')",
            run: runScheduledAction,
        },
        {
            content: "Its first day is booked",
            trigger: "button:contains('Operations')",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='raso_cash_register.raso_trade_document_menu']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Booked')",
        },
    ],
});
