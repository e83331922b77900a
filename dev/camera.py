"""Take pictures with Chromium: ``python -m dev.camera`` for `dev.pictures`.

Reads from standard input, as JSON, where to look and what to take; needs Playwright and
nothing of Odoo. Prints a line a trouble and ends with an error if there was one.
"""

import json
import sys
from contextlib import contextmanager

from playwright.sync_api import Error, sync_playwright

PATIENCE = 20_000  # milliseconds
# what only distracts: the cursor's blinking, and movements
STILL = "*{caret-color:transparent!important;transition:none!important}"
TROUBLES = ".o_error_dialog, .o_notification.border-danger"


def main():
    """Take the pictures, one browser window for each language, width and scheme."""
    job = json.load(sys.stdin)
    troubles = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=job["chromium"], args=["--no-sandbox"]
        )
        for session in job["sessions"]:
            with _logged_in(browser, job, session, troubles) as page:
                for shot in session["shots"]:
                    _take(page, job["url"], shot, troubles)
        browser.close()
    for trouble in troubles:
        print(trouble)
    sys.exit(bool(troubles))


@contextmanager
def _logged_in(browser, job, session, troubles):
    """Give a page of a user who speaks the session's language."""
    context = browser.new_context(
        viewport={"width": session["width"], "height": 900},
        color_scheme=session["scheme"],
        locale=session["lang"].replace("_", "-"),
        timezone_id="Europe/Vilnius",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: _note_console(page, message, troubles))
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.goto(f"{job['url']}/web/login")
    page.fill("input[name=login]", session["login"])
    page.fill("input[name=password]", job["password"])
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    yield page
    context.close()


def _note_console(page, message, troubles):
    place = message.location.get("url") or page.url
    # the browser asks for it by itself, on pages that name no icon
    if message.type == "error" and not place.endswith("/favicon.ico"):
        troubles.append(f"{page.url}: {message.text} ({place})")


def _take(page, url, shot, troubles):
    try:
        page.set_viewport_size(
            {"width": page.viewport_size["width"], "height": shot["height"]}
        )
        page.goto(url + shot["path"])
        page.add_style_tag(content=STILL)
        for selector in shot["clicks"]:
            page.locator(selector).first.click()
        place = page.locator(shot["wait"]).first
        place.wait_for()
        place.scroll_into_view_if_needed()
        _wait_until_still(page)
    except Error as error:
        troubles.append(f"{shot['name']}: {error.message.splitlines()[0]}")
    for box in page.query_selector_all(TROUBLES):
        troubles.append(f"{shot['name']}: {box.inner_text()}")
    page.screenshot(path=shot["file"])


def _wait_until_still(page):
    """Wait until nothing loads, then for charts and pictures to be drawn."""
    page.evaluate("() => document.fonts.ready")
    page.wait_for_function("() => !document.querySelector('.o_loading_indicator')")
    page.mouse.move(0, 0)
    page.wait_for_timeout(600)


if __name__ == "__main__":
    main()
