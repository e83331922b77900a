import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("raso_day", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Invoicing, then the tills",
            trigger: ".o_app[data-menu-xmlid='account.menu_finance']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='raso_cash_register.raso_register_menu_invoicing']",
            run: "click",
        },
        {
            content: "A day of the till isn't complete",
            trigger: ".o_kanban_record:contains('Till 1') a[name=action_view_open]:contains('1')",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=register_id]",
            run: "click",
        },
        {
            content: "A part of it isn't booked",
            trigger: ".o_form_view .text-danger:contains('3.63')",
        },
        {
            content: "The cause: an item that no product is known for",
            trigger: ".o_data_row:contains('no product') button[name=action_open]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_assign]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Tea') .o_data_cell[name=product_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=product_id] input",
            run: "edit green",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Green tea') a",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_assign]",
            run: "click",
        },
        {
            content: "Its receipt is booked",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Booked')",
        },
        {
            content: "Back to the day: something has changed, so it is checked again",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            trigger: "[name=is_stale] input:checked",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_check]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Complete')",
        },
        {
            trigger: ".alert-success:contains('agree to the cent')",
        },
    ],
});
