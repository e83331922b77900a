"""Serve Odoo on the demo's database, RASO's stand-in beside it: ``make serve``."""

import contextlib
import os
import signal
import socket
import subprocess
import sys

from dev import database
from dev.common import ROOT, SetupError, cache_dir
from dev.postgres import connect

DEMO = "raso_demo"
HOST = "127.0.0.1"
PATIENCE = 30  # seconds


def is_free(port):
    """Tell whether ``port`` can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def odoo(port, name=DEMO, *options, **kwargs):
    """Run Odoo on the demo's database; give the process."""
    command = ["odoo", "-d", name, f"--http-port={port}", *options]
    # a scheduled action that didn't end in its ten seconds goes on at once, and not in
    # the next minute
    environment = os.environ | {"ODOO_NOTIFY_CRON_CHANGES": "1"}
    with _running(command, env=environment, **kwargs) as process:
        yield process


@contextlib.contextmanager
def standin(port, *folders, name=DEMO):
    """Run the stand-in, whose tables are kept from one run to the next.

    :param folders: documents, added when there are no tables yet
    :raise SetupError: it doesn't start
    """
    command = ["dev.standin", "--port", port, "--file", demo_dir(name) / "standin.db"]
    for folder in folders:
        command += ["--folder", folder]
    with _running(command, stdout=subprocess.PIPE) as process:
        if not process.stdout.readline():
            raise SetupError("RASO's stand-in ended as soon as it was started")
        yield process


def demo_dir(name=DEMO):
    """Return the folder of the demo's documents and logs."""
    folder = cache_dir() / ("demo" if name == DEMO else name)
    folder.mkdir(exist_ok=True)
    return folder


def end_on_signals():
    """Let SIGTERM and a closed terminal end the program as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))


@contextlib.contextmanager
def _running(arguments, **kwargs):
    """Run ``python -m`` with ``arguments``, until the end of the block.

    In a session of its own: Ctrl-C is for this program, which then ends it.
    """
    command = [sys.executable, "-m", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, **kwargs
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def find_standin_port(name=DEMO):
    """Return the port on which the demo's connection expects the stand-in."""
    with connect(name) as cursor:
        cursor.execute("SELECT port FROM raso_connection ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    if not row:
        raise SetupError("The demo database is not complete: run make demo again")
    return row[0]


def main():
    """Serve until interrupted."""
    end_on_signals()
    port = int(sys.argv[1])
    if not database.exists(DEMO):
        raise SetupError("There is no demo database yet: run make demo")
    if not is_free(port):
        raise SetupError(
            f"Port {port} is taken: stop what uses it or name another one, as in "
            "make serve PORT=8070"
        )
    with (
        contextlib.suppress(KeyboardInterrupt),
        standin(find_standin_port()),
        odoo(port) as server,
    ):
        print(f"http://localhost:{port} (stop with Ctrl-C)", flush=True)
        server.wait()


if __name__ == "__main__":
    main()
