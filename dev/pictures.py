"""Take pictures of the addon's screens from a demo: ``make pictures``.

As it is, those of the guide go into docs/images, English, 1400 pixels wide, light, and
some of them beside the addon's own page.
``--all --to DIR`` takes every screen in both languages, 1400 and 400 pixels wide, light
and dark.
Screens may be named to take only these. What is sold in the demo is always the same;
only its dates move. An error in the browser's console is an error here.
"""

import argparse
import contextlib
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

from odoo.modules.registry import Registry

from dev import database, demo, demo_shops, serve
from dev.chromium import find_chromium
from dev.common import ROOT, SetupError, run_logged, step
from dev.env import ensure_venv
from dev.fortnight import make_fortnight
from dev.screens import SCREENS
from dev.standin.server import local_time

NAME = "raso_pictures"
DARK = "web_dark_mode"
IMAGES = ROOT / "docs" / "images"
PAGE = ROOT / database.ADDON / "static" / "description"
LANGUAGES = ("en_US", "lt_LT")
WIDTHS = (1400, 400)
SCHEMES = ("light", "dark")
COLOURS = 128  # enough for screens, and a third of the size


def main():
    """Make the database, serve it and take the pictures."""
    options = _parse()
    serve.end_on_signals()
    screens = _choose(options)
    browser = find_chromium()
    python = ensure_venv(("pictures",))
    if options.again:
        demo_shops.check_unused(NAME)
    else:
        with demo.running(NAME, make_fortnight(local_time().date())):
            pass
    addons_path = _install_dark(python)
    with _served(addons_path) as url:
        job = _make_job(options, screens)
        job |= {"url": url, "chromium": browser, "password": demo_shops.PASSWORD}
        count = sum(len(session["shots"]) for session in job["sessions"])
        with step(f"{count} pictures"):
            result = subprocess.run(
                [python, "-m", "dev.camera"],
                cwd=ROOT,
                input=json.dumps(job),
                text=True,
                check=False,
            )
    for session in job["sessions"]:
        for shot in session["shots"]:
            _make_small(Path(shot["file"]))
    if not options.to:
        for screen in screens:
            if screen.on_page:
                shutil.copy(IMAGES / f"{screen.name}.png", PAGE)
    sys.exit(result.returncode)


def _parse():
    parser = argparse.ArgumentParser(prog="python -m dev.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SCREEN")
    parser.add_argument(
        "--all", action="store_true", help="every screen, language, width and scheme"
    )
    parser.add_argument("--to", type=Path, help="folder; needed with --all")
    parser.add_argument(
        "--again", action="store_true", help="of the database that was made before"
    )
    options = parser.parse_args()
    if options.all and not options.to:
        parser.error("--all needs --to: docs/images holds the guide's pictures only")
    return options


def _choose(options):
    known = {screen.name: screen for screen in SCREENS}
    if unknown := set(options.names) - set(known):
        raise SetupError(
            f"There is no screen {', '.join(sorted(unknown))} in dev/screens.py"
        )
    if options.names:
        return [known[name] for name in options.names]
    return [screen for screen in SCREENS if options.all or screen.in_docs]


def _install_dark(python):
    """Install the dark colours; return Odoo's option that finds their addon.

    :raise SetupError: there is no database
    """
    if not database.exists(NAME):
        raise SetupError(f"There is no database {NAME} yet: leave out --again")
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    option = f"--addons-path={ROOT},{site / 'odoo' / 'addons'}"
    command = [sys.executable, "-m", "odoo", "-d", NAME, option, "-i", DARK]
    command += ["--stop-after-init", "--no-http"]
    with step("Dark colours"):
        run_logged(command, DARK, "The dark colours could not be installed", cwd=ROOT)
    # what this process knows of the database is out of date
    Registry.delete(NAME)
    database.load_config(option)
    return option


@contextlib.contextmanager
def _served(addons_path):
    port = demo.find_port(8069)
    log = demo_shops.log_file(NAME)
    with (
        serve.standin(serve.find_standin_port(NAME), name=NAME),
        open(log, "a") as output,
        serve.odoo(port, NAME, addons_path, stderr=output) as server,
    ):
        demo_shops.wait_until(lambda: demo_shops.answers(port), server, log)
        yield f"http://localhost:{port}"


def _make_job(options, screens):
    """Return what the camera needs to know, the addresses of records looked up."""
    folder = (options.to or IMAGES).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if options.all:
        sessions = itertools.product(LANGUAGES, WIDTHS, SCHEMES)
    else:
        sessions = [(LANGUAGES[0], WIDTHS[0], SCHEMES[0])]
    with database.environment(NAME) as env:
        shots = [(screen, _prepare_shot(env, screen)) for screen in screens]
        found = [
            {
                "lang": lang,
                "login": _find_user(env, lang, scheme, is_admin),
                "width": width,
                "scheme": scheme,
                "shots": [
                    shot | {"file": str(folder / f"{screen.name}{suffix}.png")}
                    for screen, shot in shots
                    if screen.is_admin == is_admin
                ],
            }
            for (lang, width, scheme), is_admin in itertools.product(
                sessions, (False, True)
            )
            for suffix in [f"-{lang[:2]}-{width}-{scheme}" if options.all else ""]
        ]
    return {"sessions": [session for session in found if session["shots"]]}


def _find_user(env, lang, scheme, is_admin):
    """Return the login of an accountant with that language and colours."""
    users = env["res.users"].with_context(no_reset_password=True)
    login = f"{'admin' if is_admin else demo_shops.LOGIN}-{lang}-{scheme}"
    if not users.search([("login", "=", login)]):
        accountant = users.search([("login", "=", demo_shops.LOGIN)])
        values = {"login": login, "lang": lang, "name": accountant.name}
        user = accountant.copy(values)
        user.write(
            {
                "password": demo_shops.PASSWORD,
                "odoobot_state": "disabled",
                "dark_mode": scheme == "dark",
            }
        )
        if is_admin:
            env.ref("base.group_system").user_ids += user
    return login


def _prepare_shot(env, screen):
    """:raise SetupError: the action or the record of ``screen`` isn't there"""
    if not env.ref(screen.xml_id, raise_if_not_found=False):
        raise SetupError(f"Screen {screen.name}: there is no action {screen.xml_id}")
    path = f"/odoo/action-{screen.xml_id}"
    if env.ref(screen.xml_id)._name == "ir.actions.report":
        path = f"/report/html/{env.ref(screen.xml_id).report_name}"
    if screen.record:
        model, domain = screen.record
        record = env[model].search(domain, limit=1)
        if not record:
            raise SetupError(f"Screen {screen.name}: no {model} has {domain}")
        path += f"/{record.id}"
    return {
        "name": screen.name,
        "path": path,
        "clicks": screen.clicks,
        "wait": screen.wait,
        "height": screen.height,
    }


def _make_small(file):
    """Store a picture in few colours."""
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(
            COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    small.save(file, optimize=True)


if __name__ == "__main__":
    main()
