"""Stop the embedded PostgreSQL and remove the cache folder: ``make clean``.

A PostgreSQL server that PG* variables name is left alone, with its databases.
"""

import os
import shutil
import signal
import sys
import time

from dev.common import SetupError, cache_dir, server_pid

PATIENCE = 30  # seconds


def _stop_server(data):
    """Stop the server of folder ``data``, disconnecting its clients.

    :raise SetupError: it goes on running
    """
    pid = server_pid(data)
    if pid:
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while server_pid(data):
        if time.monotonic() > deadline:
            raise SetupError(f"PostgreSQL, process {pid}, doesn't stop: end it first")
        time.sleep(0.1)


def main():
    """Remove all that set-up made."""
    try:
        folder = cache_dir()
        for data in folder.glob("postgres-*"):
            _stop_server(data)
        shutil.rmtree(folder)
    except SetupError as err:
        sys.exit(f"Nothing was removed. {err}")
    print(f"Removed {folder}")


if __name__ == "__main__":
    main()
