import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("raso_decision", {
    steps: () => [
        {
            content: "Open the receipt that contradicts a booked one",
            trigger: ".o_data_row:contains('Conflict') .o_data_cell[name=number]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains('Take the New One')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea, .modal .o_field_widget[name=reason] input",
            run: "edit Counted by hand",
        },
        {
            trigger: ".modal footer button[name=action_decide]",
            run: "click",
        },
        {
            content: "It is booked in the other's place",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Booked')",
        },
        {
            trigger: ".o-mail-Message:contains('Counted by hand')",
        },
    ],
});
