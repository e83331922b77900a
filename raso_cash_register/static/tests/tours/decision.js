import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Decide on the receipt that contradicts a booked one; ``state`` is what it becomes. */
function addDecision(name, button, reason, state) {
    tours.add(name, {
        steps: () => [
            {
                trigger: ".o_data_row:contains('Conflict') .o_data_cell[name=number]",
                run: "click",
            },
            {
                trigger: `.o_statusbar_buttons button:contains('${button}')`,
                run: "click",
            },
            {
                content: "Both contents, side by side",
                trigger: ".modal [name=comparison_html] table",
            },
            {
                trigger: ".modal .o_field_widget[name=reason] textarea, .modal .o_field_widget[name=reason] input",
                run: `edit ${reason}`,
            },
            {
                trigger: ".modal footer button[name=action_decide]",
                run: "click",
            },
            {
                trigger: `body:not(:has(.modal)) .o_arrow_button_current:contains('${state}')`,
            },
            {
                trigger: `.o-mail-Message:contains('${reason}')`,
            },
        ],
    });
}

addDecision("raso_decision", "Take the New One", "Counted by hand", "Booked");
addDecision("raso_decision_keep", "Keep Ours", "Sent twice", "Cancelled");
