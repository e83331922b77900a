import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("raso_unbook", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_unbook]:contains('Unbook')",
            run: "click",
        },
        {
            content: "It asks first",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Unbooked')",
        },
        {
            trigger: ".o_statusbar_buttons button:contains('Book Again')",
            run: "click",
        },
        {
            content: "A new document has taken its place",
            trigger: ".o_arrow_button_current:contains('Booked')",
        },
    ],
});
