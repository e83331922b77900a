import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for
from odoo.tests import TransactionCase, tagged

from .booking import BOOK, COFFEE, line
from .common import document, receipt
from .crash_picture import Camera
from .standin import Standin

DRIVER = Path(__file__).with_name("crash_driver.py")
KILLED = -signal.SIGKILL


@tagged("-at_install", "post_install")
class TestCrash(TransactionCase):
    """Real processes on a real database, killed at every step or run side by side.

    Whatever happens to a day's documents, the next run ends where an unharmed one
    does. Each scenario has a day of its own with the same documents, so that what
    became of them can be compared.
    """

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.environ.get("RASO_TEST_TEMPLATE")
        if not template:
            raise AssertionError(
                "Name in RASO_TEST_TEMPLATE a database with the addon that nobody is "
                "connected to, as make test does: this test works on a copy of it."
            )
        cls.day = date(2026, 1, 2)
        cls.standin = Standin(encryption="none")
        cls.standin.open_port()
        cls.addClassCleanup(cls.standin.close)
        cls.make_database(template)
        cls.start_driver()
        cls.database = cls.connect(cls.name)

    @classmethod
    def make_database(cls, template):
        # should it be left, it goes with the database that its name begins with
        cls.name = f"{cls.env.cr.dbname}_crash"
        names = sql.Identifier(cls.name), sql.Identifier(template)
        drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(names[0])
        server = cls.connect("postgres")
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        cls.addClassCleanup(server.execute, drop)

    @classmethod
    def connect(cls, name):
        """Return a cursor on a database, each statement committed by itself."""
        connection = psycopg2.connect(**connection_info_for(name)[1])
        cls.addClassCleanup(connection.close)
        connection.autocommit = True
        return connection.cursor()

    @classmethod
    def start_driver(cls):
        """Start the program that runs and kills; wait until it is ready."""
        cls.add_documents()
        cls.driver = subprocess.Popen(
            [sys.executable, DRIVER, cls.name, str(cls.standin.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # only the server's own end could lose a commit
            env={**os.environ, "PGOPTIONS": "-c synchronous_commit=off"},
        )
        cls.addClassCleanup(cls.driver.communicate)
        cls.read_answer()

    @classmethod
    def read_answer(cls):
        answer = cls.driver.stdout.readline()
        if not answer:
            raise AssertionError("The driver has ended; its output says why.")
        return json.loads(answer)

    @classmethod
    def ask(cls, **command):
        """Have the driver run processes; return how each of them went."""
        cls.driver.stdin.write(f"{json.dumps(command)}\n")
        cls.driver.stdin.flush()
        return cls.read_answer()

    @classmethod
    def add_documents(cls, is_changed=False):
        """Have RASO export the day's documents, the last one for a second time.

        :param is_changed: the second time, a receipt isn't what it was
        """
        sales = [
            cls.make_receipt("101", COFFEE),
            cls.make_receipt("102", COFFEE, BOOK, payments=[("2", "11.71")]),
            cls.make_receipt("103", BOOK),
        ]
        invoice = cls.make_receipt(
            "104",
            COFFEE,
            PosNo="2",
            InvoiceNo=f"RSF-{cls.day}",
            PartnerCode=f"{cls.day:%Y%m%d}",
            PartnerName=f"UAB „Pirkėjas {cls.day}“",
        )
        returned = cls.make_receipt("105", line("4770001", -1, "-1.21", "-0.21"))
        unknown = cls.make_receipt("106", line("4779999"))
        again = [
            *sales[:2],
            cls.make_receipt("103", COFFEE) if is_changed else sales[2],
        ]
        for data_type, text in (
            (0, document(*sales)),
            (1, document(invoice)),
            (3, document(returned)),
            (5, cls.make_z_report()),
            (0, document(*again, unknown, "<Sales/>")),
        ):
            cls.standin.add(data_type, "KVITAS", "01", text)

    @classmethod
    def make_receipt(cls, number, *lines, **attributes):
        return receipt(number, *lines, SaleDate=cls.day, **attributes)

    @classmethod
    def make_z_report(cls):
        return (
            "<SalesZReportsDataSync><SalesZReportsData>"
            f"<ZNr>{cls.day:%Y%m%d}</ZNr><FiscalNo>LT001</FiscalNo>"
            "<ShopNo>01</ShopNo><PosNo>1</PosNo><ReceiptNo>105</ReceiptNo>"
            f"<SUsersCode>7</SUsersCode><ZReportDate>{cls.day}T22:15:00</ZReportDate>"
            "<DienosApyvarta>23.42</DienosApyvarta>"
            "</SalesZReportsData></SalesZReportsDataSync>"
        )

    def start_day(self, is_changed=False):
        """Begin another day, which is due at once; return a camera for it."""
        type(self).day += timedelta(days=1)
        self.let_time_pass()
        camera = Camera(self.database, self.standin, str(self.day))
        self.add_documents(is_changed)
        return camera

    def let_time_pass(self):
        """Let an hour pass: leases are over, and the connection's next fetch is due."""
        self.database.execute(
            "UPDATE raso_connection SET lease_until = lease_until - interval '1 hour', "
            "next_try_at = next_try_at - interval '1 hour'"
        )

    def run_well(self, processes=None):
        """Run to the end, as Odoo does or in several processes; return the events."""
        for process in self.ask(processes=processes):
            self.assertFalse(process["faults"], "\n".join(process["faults"]))
            self.assertEqual(process["code"], 0)
        return process["events"]

    def run_killed(self, kill_at, events):
        """Run, as far as the event that is the ``kill_at``-th of ``events``."""
        (process,) = self.ask(kill_at=kill_at)
        self.assertEqual(process["code"], KILLED)
        # so the known events are all there are
        self.assertEqual(process["events"], events[:kill_at])
        self.wait_for_rollback()

    def wait_for_rollback(self):
        """On a busy machine the server may be slow to see that a process is gone."""
        for _try in range(600):
            self.database.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE state != 'idle' "
                "AND datname = current_database() AND pid != pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
            if not self.database.fetchone()[0]:
                return
            time.sleep(0.05)
        raise AssertionError("The transaction of a killed process goes on.")

    def assert_picture(self, picture, expected):
        for name, rows in expected.items():
            self.assertEqual(picture[name], rows, name)

    def assert_every_step(self, picture):
        """The day has something of everything: else there is nothing to break."""
        states = "".join(picture["sales"])
        for state, count in (("booked", 5), ("held", 1), ("conflict", 1)):
            self.assertEqual(states.count(f"'{state}'"), count)
        self.assertEqual(len(picture["documents"]), 3)
        statuses = [f"({n}, {4 if n == 5 else 1})" for n in range(1, 6)]
        self.assertEqual(picture["RASO"], statuses)

    def test_killed_anywhere(self):
        """One process, killed before each event of its run in turn."""
        camera = self.start_day(is_changed=True)
        events = self.run_well()
        expected = camera.take_all()
        self.assert_every_step(expected)
        for kill_at, event in enumerate(events, start=1):
            with named(kill_at, event):
                camera = self.start_day(is_changed=True)
                self.run_killed(kill_at, events)
                # at once, while the dead process's lease may hold, and later
                self.run_well()
                self.let_time_pass()
                self.run_well()
                self.assert_picture(camera.take_all(), expected)

    def test_side_by_side(self):
        """Two processes, on a fresh day or on what a killed one has left."""
        camera = self.start_day()
        events = self.run_well()
        expected = camera.take_results()
        for kill_at in range(1, len(events), 8):
            with named(kill_at, events[kill_at - 1]):
                camera = self.start_day()
                self.run_killed(kill_at, events)
                self.let_time_pass()
                self.run_well(processes=2)
                self.let_time_pass()
                self.run_well()
                self.assert_picture(camera.take_results(), expected)

    def read_progress(self):
        """Return the step that others see the scheduled action at, and its counts."""
        self.database.execute(
            "SELECT raso_progress FROM ir_cron_progress "
            "WHERE raso_progress IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
        progress = self.database.fetchone()[0]
        return progress["step"], list(progress["counts"].values())

    def test_progress(self):
        """What was done of how much: seen while it runs, left by a killed process."""
        self.start_day()
        events = self.run_well()
        self.assertEqual(self.read_progress(), ("end", []))
        pieces = [
            number
            for number, event in enumerate(events, start=1)
            if event.endswith("_run_book > _keep_progress")
        ]
        # each is followed by one of Odoo's own, of what waits for a commit
        self.assertEqual(len(pieces), 6)
        for done, kill_at in enumerate(pieces[::2]):
            self.start_day()
            self.run_killed(kill_at, events)
            self.assertEqual(self.read_progress(), ("book", [[done, 3]]))
            self.let_time_pass()
            self.run_well()
            self.assertEqual(self.read_progress(), ("end", []))


@contextmanager
def named(number, event):
    """Say of a failure where the process was killed."""
    try:
        yield
    except AssertionError as err:
        raise AssertionError(f"Killed before {number}. {event}: {err}") from err
