import { ConnectionCards } from "./connection_cards";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";

export class TillKanbanRenderer extends KanbanRenderer {
    static template = "raso_cash_register.TillKanbanRenderer";
    static components = { ...KanbanRenderer.components, ConnectionCards };
}

registry.category("views").add("raso_till_kanban", {
    ...kanbanView,
    Renderer: TillKanbanRenderer,
});
