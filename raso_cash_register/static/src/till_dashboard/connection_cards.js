import { Component, onWillStart, onWillUpdateProps } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

const BADGES = {
    fine: ["text-bg-success", "fa-check"],
    draft: ["text-bg-info", "fa-pencil"],
    new: ["text-bg-info", "fa-clock-o"],
    late: ["text-bg-warning", "fa-clock-o"],
    failing: ["text-bg-danger", "fa-exclamation-triangle"],
};

/** How the connections are, above the tills. */
export class ConnectionCards extends Component {
    static template = "raso_cash_register.ConnectionCards";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.connections = await this.orm.call("raso.connection", "retrieve_dashboard");
    }

    getBadge(connection) {
        return BADGES[connection.health];
    }

    formatMoment(text) {
        return toLocaleDateTimeString(deserializeDateTime(text), { showSeconds: false });
    }

    openForm(connection) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "raso.connection",
            res_id: connection.id,
            views: [[false, "form"]],
        });
    }

    async open(connection, method) {
        this.action.doAction(await this.orm.call("raso.connection", method, [connection.id]));
    }
}
