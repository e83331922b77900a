"""What all set-up steps share. Only the standard library: nothing is installed yet."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# tells backup programs, and ``make clean``, that the folder may be lost
TAG = "Signature: 8a477f597d28d172789f06886806bc55"


class SetupError(Exception):
    """Something outside the project is missing; the text says what helps."""


def cache_dir():
    """Return the folder, outside the tree, that holds all that set-up makes.

    :raise SetupError: there is a folder already, with other things in it
    """
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    default = Path(base) / "raso_cash_register"
    folder = Path(os.environ.get("RASO_CACHE") or default).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    tag = folder / "CACHEDIR.TAG"
    if not tag.exists():
        if any(folder.iterdir()):
            raise SetupError(
                f"{folder} has other files in it and is no cache folder of this "
                "project: name an empty or a new one in RASO_CACHE"
            )
        tag.write_text(f"{TAG}\n")
    return folder


@contextlib.contextmanager
def step(title):
    """Say on one line what is being done and, once it is, how long it took."""
    print(f"{title} ... ", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr)
        raise
    print(f"{time.monotonic() - start:.1f} s", file=sys.stderr)


@contextlib.contextmanager
def locked(name):
    """Let one process at a time do the set-up called ``name``; the others wait."""
    with open(cache_dir() / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run_logged(command, name, trouble, **kwargs):
    """Run ``command``; if it fails, its output stays in the cache's ``<name>.log``.

    :raise SetupError: it failed; the text is ``trouble``, the last line that names an
        error and where the log is
    """
    log = cache_dir() / f"{name}.log"
    with open(log, "wb") as output:
        code = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, check=False, **kwargs
        ).returncode
    if code:
        lines = log.read_text(errors="replace").split("\n")
        lines = [line.strip() for line in lines if line.strip()] or ["no output"]
        reasons = [line for line in lines if line.startswith(("E:", "ERROR:"))] or lines
        raise SetupError(f"{trouble}: {reasons[-1]} (whole log: {log})")
    log.unlink()


def server_pid(data):
    """Return the process id of the PostgreSQL server of folder ``data``, if it runs.

    Its pid file alone doesn't tell: it outlives a crash, and the id may be another's.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return None
    pid = pid_file.read_text().split("\n")[0]
    command_line = Path("/proc", pid, "cmdline")
    if not command_line.exists() or str(data) not in command_line.read_text():
        return None
    return int(pid)
