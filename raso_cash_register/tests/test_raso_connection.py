from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time

from .common import NOW, RasoCase, document, receipt
from .standin import LIST, UPDATE, VIEW


class TestRasoConnection(RasoCase):
    def later(self, **delta):
        """Freeze the clock so much later."""
        return freeze_time(fields.Datetime.to_datetime(NOW) + timedelta(**delta))

    def get_messages(self):
        return [str(message.body) for message in self.connection.message_ids]

    def count_messages(self, text):
        return sum(text in body for body in self.get_messages())

    def test_stored_before_taken(self):
        row_id = self.add(document(receipt("101")))
        stored = []

        def look(call):
            if call.name == UPDATE.name:
                stored.append(self.env["raso.exchange"].search_count([]))

        self.standin.before_call = look
        self.run_cron()
        first, second = self.get_updates()
        mark = self.env["raso.exchange"]._get_mark()
        self.assertEqual(len(mark), len("Odoo ") + 8)
        self.assertEqual(first["Status"], 2)
        self.assertEqual(first["StatusMsg"], f"{mark}: received")
        self.assertEqual(second["Status"], 1)
        self.assertEqual(second["StatusMsg"], f"{mark}: 1 read")
        self.assertEqual(stored, [1, 1])
        self.check_all_is_well(row_id)

    def test_kept_byte_for_byte(self):
        text = document(receipt("101")).replace("UTF-8", "windows-1257")
        text = text.replace("<CODE>", "<NAME>Žąsų kepenėlės €</NAME><CODE>")
        row_id = self.add(text)
        self.run_cron()
        exchange = self.find_exchange(row_id)
        self.assertEqual(exchange.attachment_id.raw, text.encode())
        self.assertEqual(exchange.attachment_id.res_id, exchange.id)
        self.assertEqual(exchange.size, len(text.encode()))
        self.assertEqual(self.find_sales().line_ids.name, "Žąsų kepenėlės €")
        # 06:00 of Vilnius
        self.assertEqual(exchange.source_date, datetime(2026, 11, 24, 4))

    def test_second_run_changes_nothing(self):
        row_id = self.add(document(receipt("101")))
        self.run_cron()
        calls = len(self.standin.calls)
        before = self.connection.message_ids
        self.run_cron()
        self.check_all_is_well(row_id)
        self.assertEqual(
            {call.name for call in self.standin.calls[calls:]}, {LIST.name}
        )
        self.assertEqual(self.connection.message_ids, before)

    def test_all_data_types(self):
        for data_type in range(7):
            self.add(document(), data_type)
        self.add(document(), 42)
        # their provider means nothing
        self.add(document(), 4, provider="RIVILE")
        self.add(document(), 5, provider="")
        other = self.add(document(), 0, provider="RIVILE")
        self.run_cron()
        self.assertEqual(
            self.env["raso.exchange"].search([], order="id").mapped("content"),
            ["sales", "sf", "tara", "returns", "cash", "z", "tara_cash", "unknown"]
            + ["cash", "z"],
        )
        self.assertEqual(self.get_row(other)["Status"], 0)

    def test_unreadable_contents_wait(self):
        row_ids = [self.add(document(receipt("1")), type_) for type_ in (4, 42)]
        self.run_cron()
        self.run_cron()
        for row_id in row_ids:
            self.assertEqual(self.find_exchange(row_id).state, "received")
            self.assertEqual(self.get_row(row_id)["Status"], 2)
        self.assertEqual(len(self.get_updates()), len(row_ids))
        self.assertFalse(self.find_sales())

    def test_unreadable_contents_are_said(self):
        """On the document each time, on the connection when a kind first comes."""
        for _again in range(2):
            row_id = self.add(document(receipt("1")), 42)
            self.run_cron()
            self.assertIn("DataType 42", self.find_exchange(row_id).note)
        bodies = self.connection.message_ids.mapped("body")
        self.assertEqual(sum("DataType 42" in body for body in bodies), 1)

    def test_row_listed_twice(self):
        row_id = self.add(document(receipt("101")))
        self.standin.faults.repeat(procedure=LIST.name, times=None)
        self.run_cron()
        self.check_all_is_well(row_id)

    def test_failed_acknowledgement(self):
        row_id = self.add(document(receipt("101")))
        other_id = self.add(document(receipt("102")))
        self.standin.faults.fail(procedure=UPDATE.name, times=1)
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        # one row's trouble stops neither the others nor the reading
        self.assertEqual(len(self.find_sales()), 2)
        self.assertEqual(self.get_row(row_id)["Status"], 0)
        self.assertEqual(self.get_row(other_id)["Status"], 2)
        self.assertEqual(self.connection.failure_count, 1)
        self.run_cron()
        self.assertEqual(self.get_row(row_id)["Status"], 1)
        self.assertEqual(self.get_row(other_id)["Status"], 1)
        self.assertEqual(len(self.find_sales()), 2)
        self.assertFalse(self.connection.failure_count)

    def test_dropped_line(self):
        row_id = self.add(document(receipt("101")))
        for procedure in (LIST, VIEW, UPDATE):
            self.standin.faults.drop(procedure=procedure.name)
            with self.muted("raso_connection_fetch"):
                self.run_cron()
            self.assertIn("broke off", self.connection.last_error)
        # the last one broke off the acknowledgement: what was stored stays
        self.assertEqual(self.find_exchange(row_id).status_sent, 0)
        self.assertEqual(self.find_exchange(row_id).state, "read")
        # the runs between were failures on end: said once
        self.assertEqual(self.count_messages("broke off"), 1)
        self.run_cron()
        self.check_all_is_well(row_id)
        self.assertEqual(self.count_messages("answers again"), 1)

    def test_slow_answer(self):
        row_id = self.add(document(receipt("101")))
        self.set_timeouts(query_timeout=1)
        self.standin.faults.late(2, procedure=VIEW.name)
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertIn("didn't answer", self.connection.last_error)
        self.run_cron()
        self.check_all_is_well(row_id)

    def test_server_away(self):
        row_id = self.add(document(receipt("101")))
        self.standin.close_port()
        waits = []
        with self.muted("raso_connection_fetch"):
            for _run in range(5):
                self.run_cron()
                wait = self.connection.next_try_at - fields.Datetime.now()
                waits.append(wait.total_seconds() / 60)
        self.assertEqual(waits, [10, 20, 40, 60, 60])
        self.assertEqual(self.count_messages("can't be reached"), 1)
        self.assertEqual(self.connection.failure_count, 5)
        self.assertFalse(self.connection.last_success_at)
        self.standin.open_port()
        self.run_cron()
        self.run_cron()
        self.check_all_is_well(row_id)
        self.assertEqual(self.count_messages("answers again"), 1)
        self.assertEqual(
            self.connection.next_try_at - fields.Datetime.now(), timedelta(minutes=10)
        )

    def test_failure_is_logged_once(self):
        self.standin.close_port()
        with self.assertLogs(
            "odoo.addons.raso_cash_register.models.raso_connection_fetch", "WARNING"
        ) as logs:
            self.run_cron()
            self.run_cron()
        self.assertEqual(len(logs.output), 1)

    def test_wrong_password(self):
        self.connection.password = "not-the-one"
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertIn("refuses user “raso”", self.connection.last_error)
        self.assertFalse(self.count_messages("not-the-one"))
        self.assertNotIn("not-the-one", self.connection.last_error)

    def test_unknown_database(self):
        self.connection.database = "MS3_NOT_IMG"
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertIn("has no database “MS3_NOT_IMG”", self.connection.last_error)

    def test_one_away_other_goes_on(self):
        self.standin.close_port()
        other = self.make_connection(name="Other", port=self.standin.port + 1)
        with self.muted("raso_connection_fetch"):
            other.action_confirm()
            self.run_cron()
        self.assertEqual((self.connection | other).mapped("failure_count"), [1, 1])

    def test_waits_its_interval(self):
        self.run_cron()
        calls = len(self.standin.calls)
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.assertEqual(len(self.standin.calls), calls)
        with self.later(minutes=10), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.assertGreater(len(self.standin.calls), calls)

    def test_recreated_server(self):
        self.add(document(receipt("101")))
        self.run_cron()
        self.standin.recreate()
        self.standin.clock = lambda: datetime(2026, 11, 24, 7)
        row_id = self.add(document(receipt("102")))
        self.assertEqual(row_id, 1)
        self.run_cron()
        self.assertEqual(len(self.find_sales()), 2)
        self.assertEqual(self.get_row(row_id)["Status"], 1)

    def test_recreated_server_is_told_of_its_own_rows(self):
        self.add(document(receipt("101")))
        self.standin.faults.fail(procedure=UPDATE.name, times=2)
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.standin.recreate()
        self.standin.clock = lambda: datetime(2026, 11, 24, 7)
        row_id = self.add(document(), 42)
        self.standin.calls.clear()
        self.run_cron()
        self.assertEqual([params["Status"] for params in self.get_updates()], [2])
        self.assertEqual(self.find_exchange(row_id).content, "unknown")

    def test_read_by_another_program(self):
        row_id = self.add(document(receipt("101")))
        self.standin.set_status(row_id, 1, "B1: done")
        self.run_cron()
        self.run_cron()
        self.assertEqual(len(self.find_sales()), 1)
        exchange = self.find_exchange(row_id)
        self.assertEqual(exchange.state, "read")
        self.assertEqual(exchange.note.count("B1: done"), 1)
        self.assertEqual(self.get_row(row_id)["StatusMsg"], "B1: done")
        self.assertFalse(self.get_updates())
        # RASO's administrator gives it to us
        self.standin.set_status(row_id, 0)
        self.run_cron()
        self.assertEqual(self.get_row(row_id)["Status"], 1)
        self.assertEqual(len(self.find_sales()), 1)

    def test_own_row_after_restore(self):
        row_id = self.add(document(receipt("101")))
        mark = self.env["raso.exchange"]._get_mark()
        self.standin.set_status(row_id, 2, f"{mark}: received")
        self.run_cron()
        self.assertFalse(self.find_exchange(row_id).note)
        self.check_all_is_well(row_id)

    def test_row_new_again(self):
        row_id = self.add(document(receipt("101")))
        self.run_cron()
        self.standin.set_status(row_id, 0)
        self.run_cron()
        self.check_all_is_well(row_id)

    def test_sweep(self):
        self.run_cron()
        row_id = self.add(document(receipt("101")))
        self.standin.set_status(row_id, 3, "another")
        self.run_cron()
        self.assertFalse(self.find_exchange(row_id))
        with self.later(days=1):
            self.run_cron()
        self.assertTrue(self.find_exchange(row_id))

    def test_sweep_looks_far_enough(self):
        for column in ("RecDate", "EditDate"):
            self.standin.date_column = column
            row_id = self.add_dated(datetime(2026, 11, 9, 0, 1))
            future_id = self.add_dated(datetime(2026, 11, 24, 23, 59))
            self.connection.swept_at = False
            self.run_cron()
            self.assertTrue(self.find_exchange(row_id))
            self.assertTrue(self.find_exchange(future_id))

    def add_dated(self, moment):
        row_id = self.standin.add(0, "KVITAS", "01", document(), rec_date=moment)
        self.standin.set_status(row_id, 1, "another")
        return row_id

    def test_check_for_missing(self):
        self.run_cron()
        row_id = self.add(document(receipt("101")))
        self.standin.set_status(row_id, 3, "another")
        self.connection.action_check_missing()
        self.assertFalse(self.connection.swept_at)
        self.run_cron()
        self.assertTrue(self.find_exchange(row_id))

    def test_own_shops(self):
        shop = self.env["raso.shop"].create({"number": "01", "name": "One"})
        self.connection.write({"is_all_shops": False, "shop_ids": shop.ids})
        own = self.add(document(receipt("101"), receipt("102", ShopNo="02")))
        other = self.add(document(receipt("103", ShopNo="02")), shop="02")
        self.run_cron()
        self.assertEqual(self.get_row(other)["Status"], 0)
        self.assertFalse(self.find_exchange(other))
        self.assertEqual(self.find_sales().mapped("number"), ["101"])
        exchange = self.find_exchange(own)
        self.assertEqual(exchange.state, "partial")
        self.assertIn("shop 02", exchange.issue_ids.reason)
        self.assertEqual(self.get_row(own)["Status"], 4)

    def test_row_gone_before_it_was_read(self):
        self.add(document(receipt("101")))

        def purge(call):
            if call.name == VIEW.name:
                self.standin.recreate()

        self.standin.before_call = purge
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertEqual(self.count_messages("gone before it could be read"), 1)
        self.assertFalse(self.env["raso.exchange"].search_count([]))
        self.assertTrue(self.connection.last_success_at)
