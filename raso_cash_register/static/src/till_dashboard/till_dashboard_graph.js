import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/** The sales of a till's last days; a bar opens its day. */
export class TillDashboardGraphField extends JournalDashboardGraphField {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    getBarChartConfig() {
        const config = super.getBarChartConfig();
        const { record } = this.props;
        const currencyId = record.data.currency_id.id;
        const options = config.options;
        options.onClick = (event, bars) => {
            if (bars.length) {
                this.openDay(this.data[0].values[bars[0].index].day);
            }
        };
        options.onHover = (event, bars) => {
            event.native.target.style.cursor = bars.length ? "pointer" : "default";
        };
        options.interaction = { mode: "index", intersect: false };
        options.plugins.tooltip.callbacks = {
            title: ([item]) => this.data[0].values[item.dataIndex].title,
            label: (item) => formatMonetary(item.parsed.y, { currencyId }),
        };
        options.scales.x.grid.display = false;
        options.scales.x.ticks.maxRotation = 0;
        return config;
    }

    async openDay(day) {
        const { resModel, resId, model } = this.props.record;
        this.action.doAction(await model.orm.call(resModel, "action_view_day", [resId, day]));
    }
}

registry.category("fields").add("raso_till_dashboard_graph", {
    ...journalDashboardGraphField,
    component: TillDashboardGraphField,
});
