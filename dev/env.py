"""Prepare what a command of this project needs, then run it.

    python3 -m dev.env MODULE [ARGUMENT ...]         e.g. pytest, odoo, dev.run_tests
    python3 -m dev.env --lint MODULE [ARGUMENT ...]  with the linters' packages

The first run makes a virtual environment and unpacks Odoo into the cache folder; later
runs find them there. MODULE then runs as ``python -m`` would
run it, with Odoo importable and, but for ``--lint``, a PostgreSQL server up (see
``dev.run``). Only the standard library is used here: nothing is installed yet.

Environment variables:

``RASO_CACHE``
    the cache folder; default ``~/.cache/raso_cash_register``
``ODOO_PATH``
    a checkout of Odoo 19 to use instead of Debian's package
``PGHOST``, ``PGPORT``, ``PGUSER``, ``PGPASSWORD`` ...
    a PostgreSQL server to use instead of the embedded one
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

from dev.common import ROOT, SetupError, cache_dir, locked, run_logged, step
from dev.odoo_source import odoo_path, sass_paths

RUN_REQUIREMENTS = ("odoo", "addon", "test")
LINT_REQUIREMENTS = ("lint",)


def ensure_venv(requirements):
    """Return the python of a virtual environment with these requirement files.

    Its folder is named after the Python version and the files' content. A stamp
    written last tells a finished one from one whose making was interrupted.
    """
    files = [ROOT / "requirements" / f"{name}.txt" for name in requirements]
    digest = hashlib.sha256(f"{sys.version} {sys.prefix}".encode())
    for file in files:
        digest.update(file.read_bytes())
    folder = cache_dir() / f"venv-{requirements[0]}-{digest.hexdigest()[:12]}"
    with locked("venv"):
        if not (folder / "complete").exists():
            with step(f"Python packages ({', '.join(requirements)})"):
                _make_venv(folder, files)
            (folder / "complete").touch()
    return folder / "bin" / "python"


def _make_venv(folder, files):
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Python's venv module is incomplete: run apt-get install python3-venv"
        )
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--no-deps"]
    command += ["--only-binary=:all:", "--disable-pip-version-check"]
    for file in files:
        command += ["-r", file]
    trouble = "Python packages could not be installed (check the network)"
    run_logged(command, "pip", trouble)


def _prepare(arguments):
    """Return the command that runs ``arguments`` once all it needs is there."""
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        raise SetupError(
            f"Python 3.10 to 3.13 is needed and this is {sys.version.split()[0]}: "
            "name one, as in make PYTHON=python3.12"
        )
    if arguments[0] == "--lint":
        return [ensure_venv(LINT_REQUIREMENTS), "-m", *arguments[1:]]
    python = ensure_venv(RUN_REQUIREMENTS)
    for path in (odoo_path(), ROOT):
        _put_first("PYTHONPATH", path)
    if sass := sass_paths():
        _put_first("PYTHONPATH", sass[0])
        _put_first("LD_LIBRARY_PATH", sass[1])
    return [python, "-m", "dev.run", *arguments]


def _put_first(variable, path):
    paths = [str(path), os.environ.get(variable)]
    os.environ[variable] = os.pathsep.join(filter(None, paths))


def main():
    """Prepare and run; end with one line if something is missing."""
    try:
        command = _prepare(sys.argv[1:])
    except SetupError as err:
        sys.exit(str(err))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
