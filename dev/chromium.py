"""The browser: Debian's Chromium."""

import os
import shutil
import subprocess

from dev.common import SetupError, locked, run_logged, step

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium():
    """Return the browser's path, installing it where that needs no password.

    :raise SetupError: there is none
    """
    with locked("chromium"):
        path = _look()
        if not path and (sudo := _get_sudo()) is not None:
            with step("Chromium (Debian's package)"):
                trouble = "Chromium could not be installed"
                apt = [*sudo, "apt-get", "-q", "-y"]
                run_logged([*apt, "update"], "chromium", trouble)
                run_logged([*apt, "install", "chromium"], "chromium", trouble)
            path = _look()
    if not path:
        raise SetupError("Chromium is missing: run apt-get install chromium")
    return path


def _look():
    return next(filter(None, map(shutil.which, NAMES)), None)


def _get_sudo():
    """Return what to put before apt-get, or ``None`` if the user may not install."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    command = ["sudo", "-n", "true"]
    code = subprocess.run(command, capture_output=True, check=False).returncode
    return None if code else ["sudo", "-n"]
