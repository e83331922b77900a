from .common import RasoCase, document, receipt
from .standin import UPDATE


class TestRasoConnectionRun(RasoCase):
    """Leases, and runs that have little time."""

    def test_little_time(self):
        row_ids = [self.add(document(receipt(str(n)))) for n in range(3)]
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            cron = self.cron.with_env(self.env(cr=cr))
            cron, progress = cron._add_progress()
            connections = cron.env["raso.connection"].with_context(
                cron_id=cron.id, cron_end_time=0
            )
            calls = 0
            while not calls or progress.remaining:
                done = progress.done
                connections._cron_run()
                calls += 1
                # each call, however late, brings something further
                self.assertGreater(progress.done, done)
                self.assertLess(calls, 20)
        self.assertGreater(calls, 3)
        self.assertNotIn("new", self.find_sales().mapped("state"))
        for row_id in row_ids:
            self.assertEqual(self.get_row(row_id)["Status"], 1)

    def test_lease_of_another_process(self):
        row_id = self.add(document(receipt("101")))
        self.hold_lease("+ interval '1 minute'")
        self.run_cron()
        self.assertFalse(self.standin.calls)
        self.assertTrue(self.connection.lease_until)
        self.hold_lease("- interval '1 second'")
        self.run_cron()
        self.check_all_is_well(row_id)

    def hold_lease(self, when):
        self.env.cr.execute(
            "UPDATE raso_connection SET lease_until = "
            f"clock_timestamp() AT TIME ZONE 'UTC' {when} WHERE id = %s",
            [self.connection.id],
        )

    def test_lease_lost_on_the_way(self):
        first_id = self.add(document(receipt("101")))
        second_id = self.add(document(receipt("102")))

        def lose(call):
            if call.name == UPDATE.name:
                self.hold_lease("+ interval '1 minute'")

        self.standin.before_call = lose
        self.run_cron()
        self.assertTrue(self.find_exchange(first_id))
        # what wasn't committed is left to the process that has the lease now
        self.assertFalse(self.find_exchange(second_id))
        self.assertTrue(self.connection.lease_until)
        self.assertFalse(self.connection.failure_count)

    def test_lease_is_given_back_after_failures(self):
        self.standin.faults.hang(times=1)
        self.set_timeouts(login_timeout=1)
        with self.muted("raso_connection_fetch"):
            self.run_cron()
        self.assertTrue(self.connection.failure_count)
        self.assertFalse(self.connection.lease_until)
