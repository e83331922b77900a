import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";

const WATCH = "RASO:WATCH";
const SECOND = 1000;
// how long a run that was asked for may take to begin: Odoo looks each minute
const PATIENCE = 100 * SECOND;

/** How far the scheduled action is, in the top bar: asked for only while it runs. */
export class RasoProgress extends Component {
    static template = "raso_cash_register.Progress";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ kind: "", text: "", done: 0, total: 0 });
        this.timer = null;
        this.isUser = false;
        this.waitUntil = 0;
        useBus(this.env.bus, WATCH, () => this.watch());
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.look());
        onMounted(async () => {
            this.isUser = await user.hasGroup("raso_cash_register.group_raso_user");
            this.look();
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get icon() {
        return {
            running: "fa-spinner fa-spin",
            waiting: "fa-hourglass-o",
            stopped: "fa-pause-circle text-warning",
            done: "fa-check text-success",
        }[this.state.kind];
    }

    /** Look once where a RASO screen is opened. */
    look() {
        const model = this.action.currentController?.action.res_model || "";
        if (this.isUser && !this.timer && model.startsWith("raso.")) {
            this.poll();
        }
    }

    /** A run was asked for: look until it is over. */
    async watch() {
        this.waitUntil = Date.now() + PATIENCE;
        this.show("waiting", _t("Waiting for the scheduled action"));
        this.runBefore = null;
        this.poll();
    }

    async poll() {
        browser.clearTimeout(this.timer);
        this.timer = null;
        try {
            this.take(await this.orm.silent.call("raso.connection", "get_progress"));
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.again(10);
        }
    }

    take({ state, text, done, total, run }) {
        this.runBefore ??= run;
        const isOver = !state && run !== this.runBefore;
        if (state) {
            this.show(state, text, done, total);
            this.again(state === "running" ? 3 : 60);
        } else if (isOver || this.state.kind === "running") {
            this.waitUntil = 0;
            this.show("done", _t("Done"));
            this.again(5);
        } else if (Date.now() < this.waitUntil) {
            this.again(3);
        } else {
            this.show("", "");
        }
        this.runBefore = run;
    }

    show(kind, text, done = 0, total = 0) {
        Object.assign(this.state, { kind, text, done, total });
    }

    again(seconds) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.poll(), seconds * SECOND);
    }
}

registry
    .category("systray")
    .add("raso_cash_register.progress", { Component: RasoProgress }, { sequence: 90 });
registry.category("actions").add("raso_watch_progress", (env) => {
    env.bus.trigger(WATCH);
    // so that the view that the button is on is loaded anew
    return { type: "ir.actions.act_window_close" };
});
