import json
from contextlib import contextmanager

from odoo.tests.common import ChromeBrowser

from .tour_case import TourCase

# of keys that aren't letters: the number, and the text that they write
KEYS = {
    "Tab": (9, None),
    "Enter": (13, "\r"),
    " ": (32, " "),
    "ArrowLeft": (37, None),
    "ArrowUp": (38, None),
    "ArrowRight": (39, None),
    "ArrowDown": (40, None),
}
ALT = 1
TRIES = 100
WAIT = """
    new Promise((resolve) => {
        let tries = %(tries)s;
        const look = () => {
            const found = Boolean(%(expression)s);
            if (found || !--tries) resolve(found);
            else setTimeout(look, 100);
        };
        look();
    })
"""


class Keyboard:
    """A person at the keyboard of a browser, who hears what a screen reader says."""

    def __init__(self, browser):
        self.browser = browser

    def press(self, *keys):
        """Press keys one after the other; ``Alt+q`` is one of them."""
        for key in keys:
            name = key.removeprefix("Alt+")
            number, text = KEYS.get(name) or (ord(name.upper()), name)
            stroke = {
                "key": name,
                "code": name if name in KEYS else f"Key{name.upper()}",
                "windowsVirtualKeyCode": number,
                "modifiers": 0 if name == key else ALT,
            }
            written = {"text": text} if text and name == key else {}
            self._send("Input.dispatchKeyEvent", type="keyDown", **stroke, **written)
            self._send("Input.dispatchKeyEvent", type="keyUp", **stroke)

    def type(self, text):
        self.press(*text)

    def tab(self):
        self.press("Tab")
        return self.get_focus()

    def move_to(self, key, wanted, limit=40):
        """Press ``key`` until what has the focus is said to begin with ``wanted``."""
        passed = []
        for _press in range(limit):
            self.press(key)
            passed.append(self.get_focus())
            if passed[-1].startswith(wanted):
                return
        raise AssertionError(f"{key} never comes to {wanted}: {passed}")

    def get_focus(self):
        """Return role and name of what has the focus."""
        focused = "RootWebArea"
        for node in self._send("Accessibility.getFullAXTree")["nodes"]:
            properties = {
                one["name"]: one["value"].get("value")
                for one in node.get("properties", ())
            }
            if properties.get("focused"):
                # the page itself comes first, what is in it later
                focused = f"{node['role']['value']} {node['name'].get('value', '')}"
        return focused.replace("\N{ZERO WIDTH SPACE}", "").strip()

    def wait(self, expression):
        """Wait until a JavaScript expression is true."""
        code = WAIT % {"tries": TRIES, "expression": expression}
        result = self._send(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        if not result["result"].get("value"):
            raise AssertionError(f"{expression}: {result}; focus: {self.get_focus()}")

    def wait_for(self, selector):
        self.wait(f"document.querySelector({json.dumps(selector)})")

    def wait_for_text(self, selector, text):
        selector, text = json.dumps(selector), json.dumps(text)
        self.wait(f"document.querySelector({selector})?.innerText.includes({text})")

    def _send(self, method, **params):
        return self.browser._websocket_request(method, params=params, timeout=TRIES)


class KeyboardCase(TourCase):
    @contextmanager
    def sit_down(self, url, login):
        """Open ``url``; an error in the browser fails the test, as in a tour."""
        browser = ChromeBrowser(self)
        try:
            with self.allow_requests(browser=browser):
                self.authenticate(login, login, browser=browser)
                browser.navigate_to(self.base_url() + url)
                yield Keyboard(browser)
                if browser._result.done():
                    browser._result.result()
        finally:
            browser.stop()
            self._wait_remaining_requests()
