"""Run the tests on a fresh database with the addon installed: ``make test``.

Arguments go to pytest. Beside what ``dev.run`` sets, tests find in their environment:

``RASO_TEST_TEMPLATE``
    a database with the addon installed that no test touches. A test that has to commit
    or to kill makes a copy, ``CREATE DATABASE name TEMPLATE ...``, runs
    ``[sys.executable, "-m", "odoo", "-d", name, ...]`` on it and drops it. The copy's
    name starts with its own database's: what is left is dropped in the end.

What drives a browser needs Chromium. It is installed where that needs no password;
elsewhere those tests are skipped and the end says so. With ``RASO_ALL_TESTS`` set, a
test that is skipped is an error.
"""

import os
import signal
import subprocess
import sys

from dev import database
from dev.chromium import find_chromium
from dev.common import ROOT, SetupError, step

# the addon needs none of these, but goes by what they say of products
OPTIONAL = ("mrp", "product_expiry")


def main():
    """Run pytest and end with its exit code; its code for "no tests" is 5."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    trouble = look_for_browser()
    template = database.get_template((*database.BASE, *OPTIONAL))
    clean = f"raso_test_{os.getpid()}_clean"
    name = f"raso_test_{os.getpid()}"
    try:
        with step("Test database with the addon"):
            database.create_database(clean, template)
            database.install(clean, [database.ADDON])
            database.prepare_browser(clean)
            database.create_database(name, clean)
        os.environ["RASO_TEST_TEMPLATE"] = clean
        command = [sys.executable, "-m", "pytest", "-rs", f"--odoo-database={name}"]
        if os.environ.get("RASO_ALL_TESTS"):
            command += ["-p", "dev.all_tests"]
        result = subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, check=False)
    finally:
        database.drop_all(name)
    if trouble:
        print(f"Tests in the browser did not run. {trouble}", file=sys.stderr)
    sys.exit(result.returncode)


def look_for_browser():
    """Return why there is no browser, or ''."""
    try:
        find_chromium()
    except SetupError as err:
        return str(err)
    return ""


if __name__ == "__main__":
    main()
