from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.base.models.ir_cron import IrCron

from .booking import COFFEE, BookingCase
from .common import document, receipt


class TestRasoProgress(BookingCase):
    """*n of m*, as others see it after each commit of a run."""

    def watch(self, user=None):
        """Run the scheduled action; return what was seen on the way."""
        seen = []
        commit = IrCron._commit_progress

        def watched(cron, *args, **kwargs):
            result = commit(cron, *args, **kwargs)
            found = cron.env["raso.connection"].with_user(user or 1).get_progress()
            text = found["state"] and found["text"]
            if text and text not in seen:
                seen.append(text)
            return result

        with patch.object(IrCron, "_commit_progress", watched):
            self.run_cron()
        return seen

    def test_a_run(self):
        for number in range(3):
            self.add(
                document(receipt(str(number), COFFEE, SaleDate=f"2026-11-2{number}"))
            )
        self.assertEqual(
            self.watch(),
            [
                "Fetching: 1 of 3 documents",
                "Fetching: 2 of 3 documents",
                "Fetching: 3 of 3 documents",
                "Reading: 0 of 3 documents",
                "Reading: 1 of 3 documents",
                "Reading: 2 of 3 documents",
                "Reading: 3 of 3 documents",
                "Matching: 0 of 3 receipts",
                "Matching: 3 of 3 receipts",
                "Booking: 0 of 3 groups of receipts",
                "Booking: 1 of 3 groups of receipts",
                "Booking: 2 of 3 groups of receipts",
                "Booking: 3 of 3 groups of receipts",
                "Checking till days: 0 of 3",
                "Checking till days: 3 of 3",
                "Reporting to RASO: 1 of 3 documents",
                "Reporting to RASO: 2 of 3 documents",
                "Reporting to RASO: 3 of 3 documents",
            ],
        )
        self.assertFalse(self.get_progress()["state"])

    def get_progress(self, user=None):
        return self.env["raso.connection"].with_user(user or 1).get_progress()

    def set_progress(self, progress, minutes=0):
        row = self.env["ir.cron.progress"].create({"cron_id": self.cron.id})
        row.raso_progress = progress
        row.flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_cron_progress SET write_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(minutes=minutes), row.id],
        )
        row.invalidate_recordset()
        return row

    def test_killed(self):
        key = str(self.company.id)
        self.set_progress({"step": "book", "counts": {key: [120, 840]}}, minutes=11)
        found = self.get_progress()
        self.assertEqual(found["state"], "stopped")
        self.assertIn("120 of 840", found["text"])
        self.assertIn("go on by itself", found["text"])
        self.run_cron()
        after = self.get_progress()
        self.assertFalse(after["state"])
        self.assertGreater(after["run"], found["run"])

    def test_out_of_time(self):
        """The next run goes on counting; what a killed one did long ago is over."""
        self.add(document(receipt("1", COFFEE)))
        key = str(self.company.id)
        self.set_progress({"step": "book", "counts": {key: [120, 840]}})
        self.assertEqual(self.get_progress()["state"], "running")
        self.assertIn("Booking: 121 of 121 groups of receipts", self.watch())
        self.add(document(receipt("2", COFFEE)))
        self.set_progress({"step": "book", "counts": {key: [120, 840]}}, minutes=11)
        self.assertIn("Booking: 1 of 1 groups of receipts", self.watch())

    def test_companies_apart(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.env.ref("base.EUR").id}
        )
        stranger = new_test_user(
            self.env,
            "stranger",
            "raso_cash_register.group_raso_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.add(document(receipt("1", COFFEE)))
        self.assertFalse(self.watch(stranger))
        key = str(other.id)
        counts = {key: [1, 2], str(self.company.id): [5, 10]}
        self.set_progress({"step": "read", "counts": counts})
        self.assertEqual(
            self.get_progress(stranger)["text"], "Reading: 1 of 2 documents"
        )
        self.assertEqual(
            self.get_progress(self.user)["text"], "Reading: 5 of 10 documents"
        )

    def test_rights(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.get_progress(outsider)

    def test_buttons_have_it_watched(self):
        action = self.connection.action_fetch_now()
        self.assertEqual(action["params"]["next"]["tag"], "raso_watch_progress")
