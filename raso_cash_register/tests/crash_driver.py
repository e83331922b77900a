"""Runs the scheduled action in processes that die on command; no test itself.

``test_crash`` starts it as a program with the name of a database that has the addon
and the port of a stand-in. It sets up a shop there, has the documents taken that the
stand-in has by then, and says so with a line. Then it answers each line of its input,
a JSON object:

``kill_at``
    the event before which the process is killed, counted from 1; none: never
``processes``
    how many run the action's method, at once and past Odoo's lock on it; none: one
    process runs the action as Odoo does

with one of its own for each process: how it ended, the events it came to and what the
addon logged as wrong. Odoo is loaded once: a process to run is a fork.

An event is what changes something for others: a commit of what was written, or a
status told to RASO. So to be killed anywhere between two of them, in a question to
RASO for instance, is to be killed before the second.
"""

import functools
import json
import logging
import os
import signal
import sys
import traceback
from pathlib import Path

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from dev import shop  # noqa: E402

CRON = "raso_cash_register.raso_connection_cron_run"
ADDON = "odoo.addons.raso_cash_register"
# so that a small document has several
SLICE = 2
# seconds: on a busy machine too, each run ends with nothing left to do
RUN_TIME = 600


def main():
    """Set up, then run processes as asked until the input ends."""
    name, port = sys.argv[1:]
    config.parse_config(["--log-level=error"], setup_logging=True)
    registry = Registry(name)
    sys.modules["odoo.addons.base.models.ir_cron"].MIN_TIME_PER_JOB = RUN_TIME
    # the first run looks through all rows for what is missing, the next ones don't for
    # a day: that would heal what a crash had lost
    for work in functools.partial(set_up, port=int(port)), run_action:
        with registry.cursor() as cr:
            work(Environment(cr, SUPERUSER_ID, {}))
    # a connection is of one process
    sql_db.close_all()
    watch_events()
    say("ready")
    for line in sys.stdin:
        say(run(registry, **json.loads(line)))


def say(answer):
    """Answer the program that started this one."""
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


def set_up(env, port):
    """Set up a shop with two products and a connection to the stand-in."""
    taxes = shop.set_up_raso(env)
    shop.create_shop(env)
    env["product.product"].create(
        [
            {
                "name": name,
                "barcode": barcode,
                "is_storable": True,
                "standard_price": 0.5,
                "taxes_id": [Command.set(taxes[percent].ids)],
            }
            for name, barcode, percent in (
                ("Coffee", "4770001", 21),
                ("Book", "4770002", 5),
            )
        ]
    )
    shop.create_connection(env, port, "2026-01-01").action_confirm()


class Events:
    """Counts a process's events, tells of each and dies before the one it is told to.

    It does nothing until it is started: in a fork.
    """

    def __init__(self):
        self._count = 0
        self._pipe = self._kill_at = None

    def start(self, pipe, kill_at):
        self._pipe, self._kill_at = pipe, kill_at

    def reach(self, event):
        """Tell of ``event``, which comes next."""
        if self._pipe is None:
            return
        self._count += 1
        self.tell("event", event)
        if self._count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, what, text):
        os.write(self._pipe, f"{json.dumps([what, text])}\n".encode())


class Faults(logging.Handler):
    """Tells of the addon's warnings and errors, which nobody expects here."""

    def emit(self, record):
        EVENTS.tell("fault", self.format(record))


EVENTS = Events()


def watch_events():
    """Have every event told before it happens, and the size of slices small."""
    # not before: Odoo imports an addon's modules with the registry
    # pylint: disable=odoo-addons-relative-import
    from odoo.addons.raso_cash_register.clients.mssql import UPDATE, ExchangeDatabase
    from odoo.addons.raso_cash_register.models import raso_exchange_read

    raso_exchange_read.SLICE = SLICE
    commit, call = sql_db.PsycoConnection.commit, ExchangeDatabase._run

    def watched_commit(connection):
        if has_written(connection):
            EVENTS.reach(f"commit in {find_caller()}")
        commit(connection)

    @functools.wraps(call)
    def watched_call(database, procedure, **values):
        if procedure == UPDATE:
            EVENTS.reach(f"telling RASO status {values['Status']}")
        return call(database, procedure, **values)

    sql_db.PsycoConnection.commit = watched_commit
    ExchangeDatabase._run = watched_call


def has_written(connection):
    """Tell whether the open transaction has changed or locked anything."""
    if connection.info.transaction_status != TRANSACTION_STATUS_INTRANS:
        return False
    with psycopg2.extensions.cursor(connection) as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return cursor.fetchone()[0]


def find_caller():
    """Return the addon's functions that are running, the outermost first."""
    names = []
    frame = sys._getframe()
    while frame:
        if frame.f_globals.get("__name__", "").startswith(ADDON):
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    return " > ".join(reversed(names)) or "Odoo"


def run(registry, kill_at=None, processes=None):
    """Run one process as Odoo does, or several; return how each of them went."""
    started = [
        start(registry, kill_at, run_method if processes else run_action)
        for _number in range(processes or 1)
    ]
    return [finish(*child) for child in started]


def start(registry, kill_at, work):
    """Fork a process that does ``work``; return its id and what it writes."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    code = 1
    try:
        EVENTS.start(writer, kill_at)
        logger = logging.getLogger(ADDON)
        logger.setLevel(logging.WARNING)
        logger.addHandler(Faults())
        with registry.cursor() as cr:
            work(Environment(cr, SUPERUSER_ID, {}))
        code = 0
    except BaseException:
        EVENTS.tell("fault", traceback.format_exc())
    finally:
        os._exit(code)


def finish(pid, reader):
    """Wait for a process; return how it ended and what it told."""
    with open(reader) as file:
        told = [json.loads(line) for line in file]
    _pid, status = os.waitpid(pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "events": [text for what, text in told if what == "event"],
        "faults": [text for what, text in told if what == "fault"],
    }


def run_action(env):
    """Run the scheduled action as Odoo does once its time has come."""
    answer = env.ref(CRON).method_direct_trigger()
    if answer is not True:
        raise RuntimeError(answer)


def run_method(env):
    """Run what the scheduled action runs, though another process runs it."""
    env["raso.connection"]._cron_run()


if __name__ == "__main__":
    main()
