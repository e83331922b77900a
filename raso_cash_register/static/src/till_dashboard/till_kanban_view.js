import { ConnectionCards } from "./connection_cards";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";

export class TillKanbanRenderer extends KanbanRenderer {
    static template = "raso_cash_register.TillKanbanRenderer";
    static components = { ...KanbanRenderer.components, ConnectionCards };

    setup() {
        super.setup();
        // Odoo's kanban keeps Enter for the card: the links on it need it as well
        useHotkey("Enter", ({ target }) => target.click(), {
            area: () => document.activeElement.closest(".o_kanban_record"),
            isAvailable: (target) => target.matches(".o_kanban_record a[href]"),
        });
    }
}

registry.category("views").add("raso_till_kanban", {
    ...kanbanView,
    Renderer: TillKanbanRenderer,
});
