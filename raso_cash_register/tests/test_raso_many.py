from odoo.exceptions import AccessError

from .booking import COFFEE, BookingCase, line
from .common import document, receipt


class TestRasoMany(BookingCase):
    """What takes long is left to the scheduled action, and said."""

    def make_days(self, count=12):
        """Receipts of ``count`` days, read and not ripe yet."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.add(
            document(
                *(
                    receipt(str(day), COFFEE, SaleDate=f"2026-11-{day:02}")
                    for day in range(1, count + 1)
                )
            )
        )
        self.run_cron()
        sales = self.find_sales()
        self.assertEqual(sales.mapped("state"), ["matched"] * count)
        return sales

    def assert_left(self, action, text):
        self.assertEqual(action["params"]["next"]["tag"], "raso_watch_progress")
        self.assertIn(text, action["params"]["message"])

    def test_few_are_booked_at_once(self):
        sales = self.make_days(10)
        self.assertIs(sales.action_book_now(), True)
        self.assertEqual(set(sales.mapped("state")), {"booked"})
        self.assertIs(sales.trade_document_id.action_unbook(), True)
        self.assertEqual(set(sales.mapped("state")), {"held"})

    def test_book_now(self):
        sales = self.make_days()
        others = self.add(document(receipt("99", COFFEE, PosNo="2")))
        self.run_cron()
        self.assert_left(sales.action_book_now(), "Receipts to book: 12")
        sales.invalidate_recordset()
        self.assertEqual(
            set(sales.mapped("state")), {"matched"}, sales.mapped("hold_reason")
        )
        self.run_cron()
        sales.invalidate_recordset()
        self.assertEqual(set(sales.mapped("state")), {"booked"})
        self.assertFalse(any(sales.mapped("is_book_now")))
        # nothing else is booked before it is ripe
        other = self.find_exchange(others).sale_ids
        self.assertNotEqual(other.state, "booked")

    def test_unbook_and_try_again(self):
        sales = self.make_days()
        sales._book_now()
        documents = sales.trade_document_id
        self.assert_left(documents.action_unbook(), "Documents to unbook: 12")
        self.assertEqual(set(documents.mapped("state")), {"booked"})
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(set(documents.mapped("state")), {"unbooked"})
        self.assertFalse(any(documents.mapped("unbook_reason")))
        self.assertIn(self.env.user.name, documents[0].message_ids[0].body)
        self.assertEqual(set(sales.mapped("hold_cause")), {"unbooked"})
        self.assert_left(documents.action_retry(), "Receipts to book: 12")
        self.run_cron()
        self.env.invalidate_all()
        self.assertEqual(set(sales.mapped("state")), {"booked"})
        self.assertEqual(set(sales.trade_document_id.mapped("supplement")), {1})

    def test_one_that_is_not_unbooked(self):
        """It says why, in the company's language, and stops none of the others."""
        self.env["res.lang"]._activate_lang("lt_LT")
        self.company.partner_id.lang = "lt_LT"
        sales = self.make_days()
        sales._book_now()
        documents = sales.trade_document_id
        self.company.fiscalyear_lock_date = "2026-11-01"
        self.company.hard_lock_date = "2026-11-01"
        documents.action_unbook()
        documents[0].state = "unbooked"
        self.run_cron()
        self.env.invalidate_all()
        self.assertFalse(any(documents.mapped("unbook_reason")))
        said = " ".join(documents[0].message_ids.mapped("body"))
        self.assertIn("Įtraukimas neatšauktas", said)
        self.assertEqual(set((documents - documents[0]).mapped("state")), {"unbooked"})

    def test_without_the_scheduled_action(self):
        """Where it is switched off, one waits: nothing would be done later."""
        sales = self.make_days()
        self.cron.active = False
        self.assertIs(sales.action_book_now(), True)
        self.assertEqual(set(sales.mapped("state")), {"booked"})

    def test_only_managers(self):
        sales = self.make_days()
        with self.assertRaises(AccessError):
            sales.with_user(self.user).action_book_now()
        sales._book_now()
        documents = sales.trade_document_id.with_user(self.user)
        for action in documents.action_unbook, documents.action_retry:
            with self.assertRaises(AccessError):
                action()
        self.assertFalse(any(sales.trade_document_id.mapped("unbook_reason")))

    def test_freed_documents(self):
        """Assigning a product frees many SF: they are booked by the next run."""
        item = line("8880001")
        self.add(
            document(
                *(
                    receipt(
                        str(number),
                        item,
                        InvoiceNo=f"RSF-{number}",
                        PartnerCode="300000001",
                        PartnerName="UAB Pirkėjas",
                    )
                    for number in range(12)
                )
            ),
            data_type=1,
        )
        self.run_cron()
        sales = self.find_sales()
        self.assertEqual(set(sales.mapped("hold_cause")), {"white"})
        sales.line_ids.with_user(self.user).write({"product_id": self.coffee.id})
        sales.invalidate_recordset()
        self.assertEqual(
            set(sales.mapped("state")), {"matched"}, sales.mapped("hold_reason")
        )
        self.run_cron()
        sales.invalidate_recordset()
        self.assertEqual(set(sales.mapped("state")), {"booked"})
