/* Finds texts with less contrast than WCAG 2 asks for (AA); loaded before screens.js. */

const KINDS = ["primary", "secondary", "success", "info", "warning", "danger", "light"];
// what Odoo draws without a view's say
const DRAWN = ".o-mail-Chatter, .o_main_navbar, .fc, .o_activity_view, [disabled]";

/** A computed colour as [red, green, blue, alpha]. */
function readColor(text) {
    const parts = text.match(/[\d.]+/g).map(Number);
    const color = parts.slice(0, 3).map((part) => (text.startsWith("color(") ? part * 255 : part));
    return [...color, parts[3] ?? 1];
}

function blend([red, green, blue, alpha], behind) {
    return [red, green, blue].map((part, i) => Math.round(part * alpha + behind[i] * (1 - alpha)));
}

/** The colour behind the element's text, or null where it is a picture. */
function findBackground(element) {
    if (!element) {
        return [255, 255, 255];
    }
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const color = readColor(backgroundColor);
    if (backgroundImage !== "none") {
        return null;
    }
    const behind = color[3] < 1 ? findBackground(element.parentElement) : [0, 0, 0];
    return behind && blend(color, behind);
}

function findLuminance(color) {
    const [red, green, blue] = color.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The element's pair of colours if its text is hard to see, else "". */
function findFaintPair(element) {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const background = findBackground(element);
    if (!background) {
        return "";
    }
    const shown = blend(readColor(color), background);
    const lights = [findLuminance(shown), findLuminance(background)].sort((a, b) => a - b);
    const contrast = (lights[1] + 0.05) / (lights[0] + 0.05);
    const size = parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && fontWeight >= 700);
    return contrast < (isLarge ? 3 : 4.5) ? `rgb(${shown}) on rgb(${background})` : "";
}

/** Return {pair of colours: a text that has them} of what is hard to see under root. */
function findFaint(root) {
    const faint = {};
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        if (text && element.checkVisibility() && !element.closest(DRAWN)) {
            faint[findFaintPair(element)] = text;
        }
    }
    delete faint[""];
    return faint;
}

/** The pairs of Odoo's own colours that are hard to see, in badges and as text. */
function listOdooPairs(root) {
    const sample = document.createElement("div");
    sample.className = "bg-view";
    for (const kind of KINDS) {
        for (const name of [`badge text-bg-${kind}`, `text-${kind}`]) {
            sample.append(Object.assign(document.createElement("span"), { className: name }));
        }
    }
    sample.append(Object.assign(document.createElement("span"), { className: "text-muted" }));
    root.append(sample);
    const pairs = [...sample.children].map(findFaintPair).filter(Boolean);
    sample.remove();
    return pairs;
}
