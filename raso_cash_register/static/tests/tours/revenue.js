import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("raso_revenue", {
    steps: () => [
        {
            content: "Open the sheet whose revenue isn't booked",
            trigger: ".o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view button:contains('Make Revenue Entry')",
            run: "click",
        },
        {
            content: "The preview: revenue and payment, debit and credit",
            trigger: ".modal tfoot:contains('4.84')",
        },
        {
            trigger: ".modal footer button[name=action_make]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_view_entries]",
            run: "click",
        },
        {
            content: "The entry is open",
            trigger: ".o_breadcrumb .active:contains('SHEET/01/1')",
        },
        {
            trigger: ".o_arrow_button_current:contains('Posted')",
        },
    ],
});
