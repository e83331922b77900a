import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql

from odoo.sql_db import connection_info_for
from odoo.tests import TransactionCase, tagged

from . import crash_picture
from .common import document, receipt
from .standin import Standin

DRIVER = Path(__file__).with_name("crash_driver.py")
KILLED = -9
DAY = "2026-01-12"


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
            cls.fail(
                "Name in RASO_TEST_TEMPLATE a database with the addon that nobody is "
                "connected to, as make test does: this test copies it."
            )
        # what is left of them is dropped with the database of the tests
        cls.name = f"{cls.env.cr.dbname}_crash"
        cls.prepared = f"{cls.name}_prepared"
        cls.copy_database(cls.name, template)
        cls.standin = Standin(encryption="none")
        cls.standin.open_port()
        cls.addClassCleanup(cls.standin.close)
        cls.start_driver()
        cls.copy_database(cls.prepared, cls.name)
        cls.addClassCleanup(cls.stop_driver)

    @classmethod
    def start_driver(cls):
        cls.driver = subprocess.Popen(
            [sys.executable, DRIVER, cls.name, str(cls.standin.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.addClassCleanup(cls.driver.communicate)
        cls.read_answer()
