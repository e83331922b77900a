import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for
from odoo.tests import TransactionCase, tagged

from .booking import BOOK, COFFEE, line
from .common import document, receipt
from .crash_picture import take_picture
from .standin import Standin

DRIVER = Path(__file__).with_name("crash_driver.py")
KILLED = -9
DAY = "2026-01-12"
Z_REPORT = f"""
<SalesZReportsDataSync><SalesZReportsData>
<ZNr>17</ZNr><FiscalNo>LT001</FiscalNo><ShopNo>01</ShopNo><PosNo>1</PosNo>
<ReceiptNo>104</ReceiptNo><SUsersCode>7</SUsersCode>
<ZReportDate>{DAY}T22:15:00</ZReportDate><DienosApyvarta>24.63</DienosApyvarta>
</SalesZReportsData></SalesZReportsDataSync>
"""


@tagged("-at_install", "post_install")
class TestCrash(TransactionCase):
    """Real processes on real databases, killed at every step or run side by side.

    Whatever happens, the next run ends where an unharmed one does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.environ.get("RASO_TEST_TEMPLATE")
        if not template:
            raise AssertionError(
                "Name in RASO_TEST_TEMPLATE a database with the addon that nobody is "
                "connected to, as make test does: this test works on copies of it."
            )
        # should one be left, it goes with the database that its name begins with
        cls.name = f"{cls.env.cr.dbname}_crash"
        cls.prepared, cls.spare, cls.used = (
            f"{cls.name}_{suffix}" for suffix in ("prepared", "spare", "used")
        )
        for name in (cls.name, cls.prepared, cls.spare, cls.used):
            cls.addClassCleanup(cls.drop_database, name)
        cls.copy_database(cls.name, template)
        cls.standin = Standin(encryption="none")
        cls.standin.open_port()
        cls.addClassCleanup(cls.standin.close)
        cls.driver = subprocess.Popen(
            [sys.executable, DRIVER, cls.name, str(cls.standin.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.addClassCleanup(cls.driver.communicate)
        cls.ask()
        cls.copy_database(cls.prepared, cls.name)
        cls.copier = ThreadPoolExecutor(max_workers=1)
        cls.addClassCleanup(cls.copier.shutdown)
        cls.copying = cls.copier.submit(cls.make_spare)

    @classmethod
    def ask(cls, **command):
        """Have the driver run processes; without a command, wait until it is ready."""
        if command:
            cls.driver.stdin.write(f"{json.dumps(command)}\n")
            cls.driver.stdin.flush()
        answer = cls.driver.stdout.readline()
        if not answer:
            raise AssertionError("The driver has ended: its errors stand above.")
        return json.loads(answer)

    @classmethod
    def copy_database(cls, name, template):
        cls.drop_database(name)
        cls.execute("CREATE DATABASE {} TEMPLATE {}", name, template)

    @classmethod
    def make_spare(cls):
        """Have the next database ready: in the background, as it takes a second."""
        cls.drop_database(cls.used)
        cls.copy_database(cls.spare, cls.prepared)

    @classmethod
    def replace_database(cls):
        cls.copying.result()
        cls.execute("ALTER DATABASE {} RENAME TO {}", cls.name, cls.used)
        cls.execute("ALTER DATABASE {} RENAME TO {}", cls.spare, cls.name)
        cls.copying = cls.copier.submit(cls.make_spare)

    @classmethod
    def drop_database(cls, name):
        cls.execute("DROP DATABASE IF EXISTS {}", name)

    @classmethod
    def execute(cls, statement, *names):
        with cls.connect("postgres") as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @staticmethod
    @contextmanager
    def connect(name):
        """Give a cursor on a database, each statement committed by itself."""
        _name, info = connection_info_for(name)
        with closing(psycopg2.connect(**info)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def start_anew(self):
        """Have a shop that received nothing yet, and RASO a day for it."""
        self.replace_database()
        self.standin.recreate()
        sales = [
            self.make_receipt("101", COFFEE),
            self.make_receipt("102", COFFEE, BOOK, payments=[("2", "11.71")]),
            self.make_receipt("103", BOOK),
        ]
        invoice = self.make_receipt(
            "104",
            COFFEE,
            InvoiceNo="RSF12-000104",
            PartnerCode="300367240",
            PartnerName="UAB „Pirkėjas“",
        )
        returned = self.make_receipt("105", line("4770001", -1, "-1.21", "-0.21"))
        changed = self.make_receipt("103", COFFEE)
        unknown = self.make_receipt("106", line("4779999"))
        for data_type, text in (
            (0, document(*sales)),
            (1, document(invoice)),
            (3, document(returned)),
            (5, Z_REPORT),
            # exported again, one of them changed, one new, one unreadable
            (0, document(*sales[:2], changed, unknown, "<Sales/>")),
        ):
            provider, shop = ("", "") if data_type == 5 else ("KVITAS", "01")
            self.standin.add(data_type, provider, shop, text)

    @staticmethod
    def make_receipt(number, *lines, **attributes):
        return receipt(number, *lines, SaleDate=DAY, **attributes)

    def run_well(self, processes=None):
        """Run to the end, as Odoo does or in several processes; return the events."""
        for process in self.ask(processes=processes):
            self.assertFalse(process["faults"], "\n".join(process["faults"]))
            self.assertEqual(process["code"], 0)
        return process["events"]

    def run_unharmed(self):
        self.start_anew()
        return self.run_well()

    def run_killed(self, kill_at, events):
        """Run until the event at ``kill_at`` in ``events`` comes, and be killed."""
        self.start_anew()
        (process,) = self.ask(kill_at=kill_at)
        self.assertEqual(process["code"], KILLED)
        # so the events that are known are all there are
        self.assertEqual(process["events"], events[:kill_at])

    def let_time_pass(self):
        """Let an hour pass: leases are over, and the connection's next fetch is due."""
        with self.connect(self.name) as cursor:
            cursor.execute(
                "UPDATE raso_connection SET lease_until = lease_until - interval '1 "
                "hour', next_try_at = next_try_at - interval '1 hour'"
            )

    def assert_picture(self, expected):
        picture = self.take_picture()
        for name, rows in expected.items():
            self.assertEqual(picture[name], rows, name)

    def take_picture(self):
        with self.connect(self.name) as cursor:
            return take_picture(cursor, self.standin)

    def test_killed_anywhere(self):
        events = self.run_unharmed()
        expected = self.take_picture()
        self.assert_whole_day(events, expected)
        for kill_at, event in enumerate(events, start=1):
            with self.subTest(killed_before=event, number=kill_at):
                self.run_killed(kill_at, events)
                # at once, while the dead process's lease may hold, and later
                self.run_well()
                self.let_time_pass()
                self.run_well()
                self.assert_picture(expected)

    def assert_whole_day(self, events, picture):
        """The day comes to every step: else there is nothing to interrupt."""
        states = [row[8] for row in picture["sales"]]
        self.assertEqual(
            {state: states.count(state) for state in states},
            {"booked": 5, "held": 1, "conflict": 1},
        )
        self.assertEqual([row[1] for row in picture["rows of RASO"]], [1, 1, 1, 1, 4])
        self.assertEqual(len(picture["documents"]), 3)

    def test_side_by_side(self):
        events = self.run_unharmed()
        expected = self.take_picture()
        for kill_at in range(1, len(events), 7):
            with self.subTest(killed_before=events[kill_at - 1], number=kill_at):
                self.run_killed(kill_at, events)
                self.let_time_pass()
                self.run_well(processes=2)
                self.let_time_pass()
                self.run_well()
                self.assert_picture(expected)
