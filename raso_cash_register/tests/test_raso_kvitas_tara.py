from .booking import BookingCase
from .sheets import line, payment, sheet, tara


class TestKvitasTara(BookingCase):
    """KVITAS has no known form of tara: Tara elements under any root."""

    def test_tara(self):
        rows = [
            self.add(sheet(tara(), payment("-2.40"), tag=tag), data_type)
            for data_type, tag in ((2, "TaraSync"), (6, "Whatever"))
        ]
        self.run_cron()
        self.assertEqual(
            [self.find_exchange(row).state for row in rows], ["read", "read"]
        )
        self.assertRecordValues(
            self.find_sales(),
            [
                {"kind": "tara", "provider": "kvitas", "state": "held"},
                {"kind": "tara_cash", "provider": "kvitas", "state": "not_booked"},
            ],
        )

    def test_unknown_form(self):
        """It is kept and said, not taken for an empty document."""
        row_id = self.add(sheet(line(), tag="TaraSync"), 2)
        self.run_cron()
        exchange = self.find_exchange(row_id)
        self.assertEqual((exchange.state, exchange.issue_count), ("error", 1))
        self.assertIn("Tara", exchange.issue_ids.reason)

    def test_other_root_of_sales(self):
        row_id = self.add(sheet(line(), tag="RivileExport"))
        self.run_cron()
        self.assertEqual(self.find_exchange(row_id).state, "error")
