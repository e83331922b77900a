"""Run the stand-in by itself: ``python -m dev.standin --folder days/2026-11-22``."""

import argparse
import signal
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from .server import HOST, Standin, local_time


def main(arguments=None):
    """Listen until SIGTERM or SIGINT."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: sys.exit(0))
    server = Standin(
        options.port,
        host=options.host,
        database=options.database,
        user=options.user,
        password=options.password,
        path=options.file,
        clock=_clock_from(options.now) if options.now else local_time,
        date_column=options.date_column,
        encryption=options.encryption,
    )
    try:
        server.open_port()
    except OSError as err:
        sys.exit(f"Can't listen on port {options.port} ({err}): choose another --port")
    with closing(server):
        if not server.rows():
            for folder in options.folder:
                server.add_folder(folder)
        count = len(server.rows())
        print(
            f"RASO stand-in: {server.host}:{server.port}, database {server.database}, "
            f"user {server.user}, {count} documents",
            flush=True,
        )
        signal.pause()


def _clock_from(start):
    """Return a clock that shows ``start`` now and goes on from there."""
    offset = start - local_time()
    return lambda: local_time() + offset


def _parser():
    parser = argparse.ArgumentParser(prog="python -m dev.standin", description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=14333, help="0: any free one")
    parser.add_argument("--database", default="MS3_DEMO_IMG")
    parser.add_argument("--user", default="raso")
    parser.add_argument("--password", default="raso")
    parser.add_argument("--file", type=Path, help="keep the tables in this file")
    parser.add_argument(
        "--folder",
        type=Path,
        action="append",
        default=[],
        help="documents with a manifest.json, added if the table is empty",
    )
    parser.add_argument(
        "--now",
        type=datetime.fromisoformat,
        metavar="YYYY-MM-DDTHH:MM",
        help="the server's clock at the start",
    )
    parser.add_argument(
        "--date-column", choices=("RecDate", "EditDate"), default="RecDate"
    )
    parser.add_argument(
        "--encryption", choices=("none", "on", "required"), default="on"
    )
    return parser


if __name__ == "__main__":
    main()
