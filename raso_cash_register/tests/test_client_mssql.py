from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pymssql

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.clients.mssql import (
    ExchangeDatabase,
    ServerSettings,
)
from odoo.addons.raso_cash_register.exceptions import SetupError, TransportError

from .standin import LIST, UPDATE, VIEW, Standin

NOW = datetime(2026, 11, 24, 6, 0)


@tagged("-at_install", "post_install")
class TestMssql(BaseCase):
    def setUp(self):
        super().setUp()
        self.server = Standin(clock=lambda: NOW)
        self.server.open_port()
        self.addCleanup(self.server.close)
        self.settings = ServerSettings(
            self.server.host,
            self.server.port,
            self.server.database,
            self.server.user,
            self.server.password,
            login_timeout=5,
            timeout=5,
        )

    def open(self, **changes):
        return ExchangeDatabase(replace(self.settings, **changes))

    @contextmanager
    def assert_transport_error(self, kind, text):
        with self.assertRaisesRegex(TransportError, text) as caught:
            yield
        self.assertEqual(caught.exception.kind, kind)
        self.assertIsInstance(caught.exception.__cause__, pymssql.Error)
        self.assertNotIn("DB-Lib", str(caught.exception))

    def test_password_is_hidden(self):
        settings = replace(self.settings, password="s3cret")
        self.assertNotIn("s3cret", repr(settings))
        with (
            self.assertRaises(TransportError) as caught,
            ExchangeDatabase(settings),
        ):
            self.fail("it let us in")
        self.assertNotIn("s3cret", str(caught.exception))

    def test_list_is_for_ids_only(self):
        first = self.server.add(0, "KVITAS ", " 01", "x" * 1000)
        second = self.server.add(5, None, None, None)
        self.server.set_status(second, 3, "Bloga „žymė“")
        with self.open() as database:
            rows = database.list_rows()
        self.assertEqual([row.source_id for row in rows], [first, second])
        self.assertEqual([row.data for row in rows], [None, None])
        self.assertEqual((rows[0].provider, rows[0].shop_no), ("KVITAS", "01"))
        self.assertEqual((rows[0].status, rows[0].status_msg), (0, ""))
        self.assertEqual((rows[0].rec_date, rows[0].edit_date), (NOW, NOW))
        self.assertEqual((rows[1].provider, rows[1].shop_no), ("", ""))
        self.assertEqual((rows[1].status, rows[1].status_msg), (3, "Bloga „žymė“"))

    def test_list_by_conditions(self):
        day = timedelta(days=1)
        old = self.server.add(0, "KVITAS", "01", "<a/>", NOW - 3 * day)
        new = self.server.add(0, "KVITAS", "01", "<a/>", NOW)
        other = self.server.add(3, "RIVILE", "01", "<a/>", NOW + day)
        self.server.set_status(new, 1)
        moment = NOW.replace(microsecond=123456)
        for conditions, expected in (
            ({}, [old, new, other]),
            ({"status": 0}, [old, other]),
            ({"data_type": 0}, [old, new]),
            ({"provider": "RIVILE"}, [other]),
            ({"date_from": moment - day}, [new, other]),
            ({"date_to": moment - day}, [old]),
            ({"date_from": moment - day, "date_to": moment, "status": 1}, [new]),
            ({"status": 4}, []),
        ):
            with self.subTest(conditions=conditions), self.open() as database:
                rows = database.list_rows(**conditions)
                self.assertEqual([row.source_id for row in rows], expected)
        # what isn't asked for isn't sent
        self.assertEqual(self.server.calls[0].params, {})

    def test_whole_row(self):
        text = "<a>„Žąsų %s 100 % 'kepenėlės'“ 🥚</a>" * 120_000
        row_id = self.server.add(0, "KVITAS", "01", text)
        for encryption in ("off", "request", "require"):
            with (
                self.subTest(encryption=encryption),
                self.open(encryption=encryption) as database,
            ):
                row = database.read_row(row_id)
                self.assertEqual(row.source_id, row_id)
                self.assertEqual(row.data, text)
                self.assertIsNone(database.read_row(row_id + 1))

    def test_rows_without_data(self):
        for text in (None, ""):
            row_id = self.server.add(0, "KVITAS", "01", text)
            with self.open() as database:
                self.assertEqual(database.read_row(row_id).data, text)

    def test_set_status(self):
        row_id = self.server.add(0, "KVITAS", "01", "<a/>")
        for message in (
            "Odoo 1a2b: 3 kvitai, „O'Neil“ 100 %",
            "",
            "ž" * 2000,
            "x" * 1025,
        ):
            with self.subTest(message=message[:20]):
                with self.open() as database:
                    database.set_status(row_id, 4, message)
                [row] = self.server.rows()
                self.assertEqual(row["Status"], 4)
                stored = row["StatusMsg"]
                self.assertTrue(message.startswith(stored))
                self.assertEqual(len(stored.encode()), min(1024, len(message.encode())))

    def test_nothing_is_left_open(self):
        database = self.open()
        with database:
            database.list_rows()
        with self.assert_transport_error("dropped", "broke off"):
            database.list_rows()
        with self.assertRaisesRegex(ValueError, "^mine$"), database:
            raise ValueError("mine")
        with self.assert_transport_error("dropped", "broke off"):
            database.list_rows()

    def test_no_transaction_is_left_open(self):
        row_id = self.server.add(0, "KVITAS", "01", "<a/>")
        with self.open() as database:
            database.set_status(row_id, 2, "Odoo")
            self.server.hang_up()
        self.assertEqual(self.server.rows()[0]["Status"], 2)

    def test_check(self):
        self.server.add(0, "KVITAS", "01", "<a/>")
        before = self.server.rows()
        with self.open() as database:
            database.check()
        self.assertEqual(self.server.rows(), before)
        called = [call.name for call in self.server.calls]
        self.assertEqual(called, [LIST.name, VIEW.name, UPDATE.name])

    def test_check_of_rights(self):
        for procedure in (LIST.name, VIEW.name, UPDATE.name):
            self.server.faults.fail(
                procedure, 229, "The EXECUTE permission was denied."
            )
            with (
                self.subTest(procedure=procedure),
                self.assert_transport_error("rights", f"may not run {procedure}"),
                self.open() as database,
            ):
                database.check()

    def test_check_of_procedures(self):
        for procedure, number in (
            (LIST.name, 2812),
            (VIEW.name, 8144),
            (UPDATE.name, 8145),
            (UPDATE.name, 201),
        ):
            self.server.faults.fail(procedure, number, "Not so.")
            with (
                self.subTest(procedure=procedure),
                self.assertRaisesRegex(SetupError, rf"no {procedure} .*\(Not so\.\)"),
                self.open() as database,
            ):
                database.check()

    def test_check_on_a_server_that_wants_a_known_id(self):
        self.server.faults.fail(UPDATE.name, 50000, "No such row.")
        with self.open() as database:
            database.check()

    def test_login(self):
        for changes in ({"password": "wrong"}, {"user": "nobody"}):
            # twice: after a failure, the driver's error numbers are stale
            for _time in range(2):
                with (
                    self.subTest(changes=changes),
                    self.assert_transport_error("login", "refuses user"),
                    self.open(**changes),
                ):
                    self.fail("it let us in")

    def test_database(self):
        for _time in range(2):
            with (
                self.assert_transport_error("database", "no database “MS3_X_IMG”"),
                self.open(database="MS3_X_IMG"),
            ):
                self.fail("it let us in")

    def test_away_also_after_a_failed_login(self):
        self.assertRaises(TransportError, self.open(password="wrong").__enter__)
        self.server.close_port()
        with (
            self.assert_transport_error("away", "can't be reached"),
            self.open(),
        ):
            self.fail("it let us in")

    def test_unknown_host(self):
        with (
            self.assert_transport_error("away", "The server host.invalid:.* can't be"),
            self.open(server="host.invalid"),
        ):
            self.fail("it let us in")

    def test_hanging_up(self):
        self.server.faults.refuse()
        with (
            self.assert_transport_error(
                "away", "ended the connection before the login"
            ),
            self.open(),
        ):
            self.fail("it let us in")

    def test_encryption_that_the_server_cant_do(self):
        self.server.encryption = "none"
        with self.open() as database:
            self.assertEqual(database.list_rows(), [])
        with (
            self.assert_transport_error("away", "the encryption set here"),
            self.open(encryption="require"),
        ):
            self.fail("it let us in")

    def test_no_answer_to_the_login(self):
        self.server.faults.hang()
        with (
            self.assert_transport_error("timeout", "didn't answer the login in 1 s"),
            self.open(login_timeout=1),
        ):
            self.fail("it let us in")

    def test_slow_answer(self):
        with self.open(timeout=1) as database:
            self.server.faults.late(3)
            with self.assert_transport_error("timeout", "_rp in time"):
                database.list_rows()
            with self.assert_transport_error("dropped", "broke off"):
                database.list_rows()

    def test_impatience_of_another_connection(self):
        with self.open(timeout=5) as patient, self.open(timeout=1):
            self.server.faults.late(2)
            self.assertEqual(patient.list_rows(), [])

    def test_dropped_line(self):
        row_id = self.server.add(0, "KVITAS", "01", "x" * 100_000)
        for after in (0, 9, 300, 50_000):
            self.server.faults.drop(after, VIEW.name)
            with (
                self.subTest(after=after),
                self.assert_transport_error("dropped", "broke off in .*_v"),
                self.open() as database,
            ):
                database.read_row(row_id)

    def test_dropped_between_calls(self):
        with self.open() as database:
            self.server.hang_up()
            with self.assert_transport_error("dropped", "broke off"):
                database.list_rows()

    def test_failed_update(self):
        row_id = self.server.add(0, "KVITAS", "01", "<a/>")
        with self.open() as database:
            self.server.faults.fail(number=1205, text="You are the victim.")
            with self.assert_transport_error("server", "1205 in .*_u: You are the v"):
                database.set_status(row_id, 2, "Odoo")
            self.assertEqual(self.server.rows()[0]["Status"], 0)
            database.set_status(row_id, 2, "Odoo")
        self.assertEqual(self.server.rows()[0]["Status"], 2)
