/* Visits screens in the web client and checks what is on them; run by
   tests/test_tour_screens.py, which calls visitScreens(options). */

const SIGHT = "button, a[href], input:not([type=hidden]), select, textarea, img, " +
    "[role=button], [role=checkbox]";
const sleep = (delay) => new Promise((resolve) => setTimeout(resolve, delay));
const isVisible = (element) => element.checkVisibility({ visibilityProperty: true });

/** Wait until a view is there, nothing loads and the page stands still. */
async function settle(selector, where = "") {
    let before = "";
    for (let tries = 0; tries < 300; tries++) {
        await sleep(100);
        const now = document.body.innerHTML;
        const isLoading = document.querySelector(".o_loading_indicator, .o_blockUI");
        if (document.querySelector(selector) && !isLoading && now === before) {
            return;
        }
        before = now;
    }
    throw new Error(`nothing came: ${selector} ${where}, at ${location.pathname}`);
}

/** What a screen reader would call the element, or "". */
function findName(element) {
    const ids = (element.getAttribute("aria-labelledby") || "").split(" ");
    const labels = [...(element.labels || []), ...ids.map((id) => document.getElementById(id))];
    const inside = element.querySelector("[aria-label], [title], img[alt]");
    return [
        ...["aria-label", "title", "alt", "placeholder", "data-tooltip"].map((name) =>
            element.getAttribute(name)
        ),
        element.textContent,
        ...labels.map((label) => label?.textContent),
        inside && (inside.getAttribute("aria-label") || inside.title || inside.alt),
    ].map((text) => (text || "").trim()).find(Boolean) || "";
}

/** Name an element by its tag and classes, numbers left out. */
function describe(element) {
    const classes = [...element.classList].filter((name) => !/\d/.test(name)).sort();
    const type = element.type ? `[${element.type}]` : "";
    return [element.tagName.toLowerCase() + type, ...classes].join(".");
}

function findNameless(root) {
    // in a row that is being edited it is the column's header that names them; the
    // chatter is Odoo's
    return [...root.querySelectorAll(SIGHT)]
        .filter((element) => isVisible(element) && !findName(element))
        .filter((element) => !element.closest(".o_selected_row, .o-mail-Chatter"))
        .map(describe);
}

/** All texts under root: what is written and what is only said. */
function collectTexts(root) {
    const texts = new Set();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (isVisible(walker.currentNode.parentElement)) {
            texts.add(walker.currentNode.textContent.trim().replace(/\s+/g, " "));
        }
    }
    for (const name of ["title", "aria-label", "placeholder", "data-tooltip"]) {
        for (const element of root.querySelectorAll(`[${name}]`)) {
            texts.add(element.getAttribute(name).trim());
        }
    }
    return texts;
}

/**
 * Visit every screen of options.screens: its views, the search menu, the first record
 * and its tabs; then open the actions of options.dialogs. Raises what is wrong there:
 * - a dialog that says an error
 * - a text of options.terms, which has a translation
 * - a button of options.forbidden
 * - a control without a name, of a kind that options.own, Odoo's own screens, has not
 * - a text that is hard to see, in colours that aren't Odoo's own
 */
async function visitScreens({ screens, own, dialogs, terms, forbidden }) {
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const english = new Set(terms);
    const usual = new Set();
    const found = {};
    const note = (kind, where, what) => {
        found[`${kind}: ${what}`] ??= where;
    };
    const learn = () => {
        const pairs = [...Object.keys(findFaint(document.body)), ...listOdooPairs(document.body)];
        [...findNameless(document.body), ...pairs].forEach((what) => usual.add(what));
    };
    const check = (where) => {
        for (const box of document.querySelectorAll(".o_error_dialog, .o_dialog_warning")) {
            note("error", where, box.textContent);
        }
        for (const text of collectTexts(document.body)) {
            if (english.has(text)) {
                note("not translated", where, text);
            }
        }
        for (const what of findNameless(document.body)) {
            if (own.length && !usual.has(what)) {
                note("without a name", where, what);
            }
        }
        for (const [pair, text] of Object.entries(findFaint(document.body))) {
            if (own.length && !usual.has(pair)) {
                note("hard to see", `${where}: ${text}`, pair);
            }
        }
        for (const element of document.querySelectorAll("[tabindex]")) {
            if (element.tabIndex > 0) {
                note("out of the tab order", where, describe(element));
            }
        }
        for (const name of forbidden) {
            const button = document.querySelector(`button[name="${name}"]`);
            if (button && isVisible(button)) {
                note("forbidden", where, name);
            }
        }
    };
    const click = async (element, selector) => {
        element.click();
        // what it opens may start to load a moment later
        await sleep(150);
        await settle(selector);
    };
    const visit = async ({ xmlid, views }, look) => {
        for (const viewType of views) {
            const where = `${xmlid} ${viewType}`;
            await action.doAction(xmlid, { clearBreadcrumbs: true, viewType });
            await settle(`.o_${viewType}_view`, where);
            look(where);
            const search = document.querySelector(".o_searchview_dropdown_toggler");
            if (search) {
                await click(search, ".o_search_bar_menu");
                look(`${where}, search`);
                await click(search, ".o_view_controller");
            }
            const row = document.querySelector(
                ".o_list_view tr.o_data_row td.o_data_cell, " +
                ".o_kanban_view .o_kanban_record:not(.o_kanban_ghost)"
            );
            if (!row) {
                continue;
            }
            await click(row, ".o_view_controller");
            look(`${where}, a record`);
            for (const tab of document.querySelectorAll(".o_notebook_headers .nav-link")) {
                await click(tab, ".o_form_view");
                look(`${where}, ${tab.textContent}`);
            }
        }
    };
    // the web client has to be through with its own first screen
    await settle(".o_list_view");
    for (const screen of own) {
        await visit(screen, learn);
    }
    for (const screen of screens) {
        await visit(screen, check);
    }
    for (const dialog of dialogs) {
        await action.doAction(dialog);
        await settle(".modal .o_form_view");
        check(`dialog ${dialog.name}`);
        await action.doAction({ type: "ir.actions.act_window_close" });
        await settle("body:not(:has(.modal))");
    }
    if (Object.keys(found).length) {
        throw new Error(JSON.stringify(found, null, 1));
    }
}
