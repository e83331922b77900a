from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError

from odoo.addons.raso_cash_register.models import raso_exchange_read

from .common import DAY, RasoCase, document, receipt

LINE = {"CODE": "4770001", "QTY": 1, "AMOUNT": "1.21", "VATSUM": "0.21"}


class TestRasoExchange(RasoCase):
    def take(self, text, data_type=0):
        """Have a document fetched and read; return its exchange."""
        row_id = self.add(text, data_type)
        self.run_cron()
        return self.find_exchange(row_id)

    def get_message(self, exchange):
        row = self.get_row(exchange.source_id)
        self.assertEqual(row["Status"], exchange.status_sent)
        self.assertLessEqual(len(row["StatusMsg"].encode()), 1024)
        return row["StatusMsg"]

    def check_refused(self, exchange, *texts):
        """Nothing was read, it says what, where and what to do, and others go on."""
        self.assertEqual(exchange.state, "error")
        self.assertEqual(exchange.error_kind, "payload")
        self.assertFalse(exchange.sale_ids)
        self.assertEqual(exchange.status_sent, 3)
        for text in texts:
            self.assertIn(text, exchange.error_text)
        self.assertIn("not read", self.get_message(exchange))
        after = self.take(document(receipt("999")))
        self.assertEqual(after.state, "read")

    def check_issue(self, exchange, *texts):
        """The second of three receipts can't be read, the others were."""
        self.assertEqual(exchange.state, "partial")
        self.assertEqual(exchange.sale_ids.sorted("id").mapped("number"), ["1", "3"])
        self.assertEqual(exchange.status_sent, 4)
        issue = exchange.issue_ids
        self.assertEqual(issue.position, 2)
        self.assertEqual(exchange.issue_count, 1)
        for text in texts:
            self.assertIn(text, f"{issue.place} {issue.reason} {issue.fragment}")
        self.assertIn("2 read, 1 not readable", self.get_message(exchange))
        self.assertIn(issue.place, self.get_message(exchange))

    def test_receipt_is_kept_as_it_came(self):
        exchange = self.take(
            document(
                receipt(
                    "101",
                    {
                        **{
                            "CODE": "477",
                            "VCODE": "A1",
                            "NAME": "Batai",
                            "QTY": "0.345",
                        },
                        **{"AMOUNT": "12.10", "VATSUM": "2.10", "DISCOUNT": "1.00"},
                        "COMMENT": "blue",
                    },
                    payments=[("0", "12.00"), ("7", "0.12"), ("1001", "-0.02")],
                )
            )
        )
        self.assertRecordValues(
            self.find_sales(),
            [
                {
                    "exchange_id": exchange.id,
                    "position": 1,
                    "company_id": self.company.id,
                    "kind": "sale",
                    "number": "101",
                    "sold_at": datetime(2026, 11, 22, 8),
                    "has_time": True,
                    "cashier": "7",
                    "invoice_no": False,
                    "amount_total": 12.10,
                    "amount_vat": 2.10,
                    "occurrence": 0,
                    "is_identity": True,
                }
            ],
        )
        sale = self.find_sales()
        self.assertEqual(str(sale.day), DAY)
        self.assertRecordValues(
            sale.line_ids,
            [
                {
                    **{
                        "code": "477",
                        "vcode": "A1",
                        "name": "Batai",
                        "comment": "blue",
                    },
                    **{"amount": 12.10, "vat": 2.10, "discount": 1, "number": "101"},
                    "day": sale.day,
                    "kind": "sale",
                    "shop_id": sale.shop_id.id,
                    "register_id": sale.register_id.id,
                    "company_id": self.company.id,
                    "state": "white",
                }
            ],
        )
        self.env.cr.execute("SELECT quantity FROM raso_cash_sale_line")
        self.assertEqual(str(self.env.cr.fetchone()[0]), "0.345")
        self.assertEqual(sale.payment_ids.mapped("code"), ["0", "7", "1001"])

    def test_receipt_without_time(self):
        self.take(document(receipt("101", SaleTime=None)))
        self.assertRecordValues(
            self.find_sales(),
            [{"has_time": False, "sold_at": datetime(2026, 11, 22, 21, 59, 59)}],
        )

    def test_shops_and_tills_are_made(self):
        exchange = self.take(
            document(
                receipt("1"), receipt("2", ShopNo="1"), receipt("3", PosNo=""), PosNo=""
            )
        )
        shops = self.env["raso.shop"].search([])
        self.assertEqual(shops.mapped("number"), ["01", "1"])
        self.assertEqual(
            exchange.sale_ids.register_id.sorted("id").mapped("display_name"),
            ["01 / Whole shop", "01 / 1", "1 / 1"],
        )
        self.take(document(receipt("4")))
        self.assertEqual(self.env["raso.shop"].search([]), shops)
        self.assertIn(exchange.display_name, shops[0].message_ids[0].body)

    def test_malformed(self):
        text = document(receipt("1")).replace("</Sale>", "</Sales>", 1)
        self.check_refused(
            self.take(text),
            "not well-formed",
            "Where: line 1, column",
            "export it again",
        )

    def test_cut(self):
        self.check_refused(
            self.take(document(receipt("1"), receipt("2"))[:-40]), "ends"
        )

    def test_empty(self):
        self.check_refused(self.take(""), "empty")

    def test_entity_bomb(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        text = document(receipt("&b;")).replace("<SalesSync>", f"{bomb}<SalesSync>")
        self.check_refused(self.take(text), "DOCTYPE")

    def test_wrong_root_with_nothing_in_it(self):
        self.check_refused(self.take("<Other/>"), "<Other>", "data provider")

    def test_wrong_root(self):
        self.check_refused(self.take("<Other><Sales/></Other>"), "<Other>", "SalesSync")

    def test_wrong_encoding(self):
        text = document(receipt("1", PartnerName="Žąsis"))
        row_id = self.add(text)
        self.fetch_only()
        exchange = self.find_exchange(row_id)
        exchange.attachment_id.raw = text.encode("windows-1257")
        self.run_cron()
        self.check_refused(exchange, "not written in the document's encoding")

    def test_huge_line(self):
        line = {**LINE, "NAME": "x" * (20 << 20)}
        exchange = self.take(document(receipt("1"), receipt("2", line), receipt("3")))
        self.check_issue(exchange, "NAME is too long (characters: 20971520")
        self.assertLess(len(exchange.issue_ids.fragment), 1000)

    def test_receipt_number_missing(self):
        exchange = self.take(document(receipt("1"), receipt(None), receipt("3")))
        self.check_issue(exchange, "ReceiptNo is missing", "receipt 2")

    def test_letters_in_number(self):
        line = {**LINE, "QTY": "abc"}
        exchange = self.take(document(receipt("1"), receipt("2", line), receipt("3")))
        self.check_issue(exchange, "QTY", "abc", "No 2", "line 1")

    def test_day_that_does_not_exist(self):
        wrong = receipt("2", SaleDate="2026-02-30")
        exchange = self.take(document(receipt("1"), wrong, receipt("3")))
        self.check_issue(exchange, "SaleDate", "2026-02-30")

    def test_nothing_readable(self):
        exchange = self.take(document(receipt(None), receipt(None)))
        self.assertRecordValues(
            exchange, [{"state": "error", "issue_count": 2, "status_sent": 3}]
        )
        self.assertIn("2 not readable", self.get_message(exchange))

    def test_long_message_is_cut(self):
        line = {**LINE, "QTY": "ąčęėįšųū" * 5}
        exchange = self.take(document(*(receipt(str(n), line) for n in range(50))))
        self.assertEqual(exchange.issue_count, 50)
        self.assertIn("50 not readable", self.get_message(exchange))

    def test_nothing_in_it(self):
        exchange = self.take(document())
        self.assertRecordValues(exchange, [{"state": "read", "status_sent": 1}])

    def test_read_what_can_be_read(self):
        text = document(receipt("1"), receipt("2"), receipt("3"))
        exchange = self.take(text[: text.index('ReceiptNo="3"')])
        self.assertEqual(exchange.state, "error")
        exchange.action_read_anyway()
        self.run_cron()
        self.assertEqual(exchange.state, "partial")
        self.assertEqual(exchange.sale_ids.sorted("id").mapped("number"), ["1", "2"])
        self.assertEqual(exchange.status_sent, 4)
        self.assertTrue(exchange.error_text)

    def test_read_again(self):
        exchange = self.take(document(receipt("1"), receipt(None)))
        exchange.action_read_again()
        with self.assertRaisesRegex(UserError, "waits to be read already"):
            exchange.action_read_again()
        self.run_cron()
        self.assertRecordValues(
            exchange,
            [{"state": "partial", "sale_count": 0, "known_count": 1, "issue_count": 1}],
        )
        self.assertEqual(
            exchange.issue_ids.sorted("id").mapped("is_solved"), [True, False]
        )
        self.assertEqual(len(self.find_sales()), 1)

    def test_totals_only_warn(self):
        exchange = self.take(
            document(receipt("1"), totals=[("0", "1.22"), ("2", "0.004")])
        )
        self.assertEqual(exchange.state, "read")
        self.assertEqual(
            exchange.note, "Payments “0” add up to 1.21, the document says 1.22."
        )
        exchange = self.take(document(receipt("2"), totals=[("0", "1.21")]))
        self.assertFalse(exchange.note)

    def test_totals_of_turned_returns(self):
        exchange = self.take(document(receipt("1"), totals=[("0", "1.21")]), 3)
        self.assertEqual(self.find_sales().kind, "return")
        self.assertFalse(exchange.note)

    def test_unknown_parts_are_told(self):
        exchange = self.take(document(receipt("1", Mood="good")))
        self.assertEqual(exchange.state, "read")
        self.assertEqual(exchange.note, "Not understood: SalesSync/Sales@Mood.")

    def test_exported_again(self):
        self.take(document(receipt("1"), receipt("2", LINE, LINE | {"CODE": "B"})))
        again = self.take(
            document(
                receipt("2", LINE | {"CODE": "B", "QTY": "1.000"}, LINE, UserId="8"),
                receipt("1"),
            )
        )
        self.assertRecordValues(
            again, [{"state": "read", "sale_count": 0, "known_count": 2}]
        )
        self.assertEqual(len(self.find_sales()), 2)
        self.assertIn("2 known already", self.get_message(again))

    def test_twice_in_one_document(self):
        exchange = self.take(document(receipt("1"), receipt("1")))
        self.assertRecordValues(exchange, [{"sale_count": 1, "known_count": 1}])
        exchange = self.take(document(receipt("2"), receipt("2", {**LINE, "QTY": 2})))
        self.assertRecordValues(exchange, [{"sale_count": 1, "conflict_count": 1}])
        first, second = self.find_sales("2")
        self.assertEqual(second.disputed_id, first)

    def test_same_number_elsewhere_is_another_receipt(self):
        self.take(
            document(
                receipt("1"),
                receipt("1", PosNo="2"),
                receipt("1", ShopNo="02"),
                receipt("1", SaleDate="2026-11-23"),
            )
        )
        self.assertEqual(len(self.find_sales()), 4)
        self.assertEqual(set(self.find_sales().mapped("is_identity")), {True})

    def test_slices_go_on_where_reading_stopped(self):
        numbers = [str(number) for number in range(1, 8)]
        receipts = [receipt(None if number == "4" else number) for number in numbers]
        row_id = self.add(document(*receipts, totals=[("0", "7.26")]))
        with patch.object(raso_exchange_read, "SLICE", 2):
            self.fetch_only()
            exchange = self.find_exchange(row_id)
            exchange._read(lambda: False)
            self.assertEqual(exchange.position_done, 2)
            exchange._read(lambda: False)
            self.assertEqual(exchange.position_done, 4)
            self.assertRecordValues(
                exchange, [{"state": "received", "sale_count": 3, "issue_count": 1}]
            )
            exchange._read(lambda: True)
        self.assertRecordValues(
            exchange,
            [
                {
                    **{"state": "partial", "position_done": 7, "note": False},
                    **{"sale_count": 6, "known_count": 0, "issue_count": 1},
                }
            ],
        )
        self.assertEqual(
            self.find_sales().mapped("number"), ["1", "2", "3", "5", "6", "7"]
        )

    def test_slices_through_the_scheduled_action(self):
        with patch.object(raso_exchange_read, "SLICE", 2):
            exchange = self.take(document(*(receipt(str(n)) for n in range(5))))
        self.assertRecordValues(
            exchange, [{"state": "read", "position_done": 5, "sale_count": 5}]
        )

    def test_another_worker_got_further(self):
        row_id = self.add(document(*(receipt(str(n)) for n in range(4))))
        self.fetch_only()
        exchange = self.find_exchange(row_id)

        def overtake():
            exchange.position_done = 4
            self.env.flush_all()
            return True

        with patch.object(raso_exchange_read, "SLICE", 2):
            exchange._read(overtake)
        self.assertEqual(exchange.state, "received")
        self.assertEqual(len(exchange.sale_ids), 2)

    def fetch_only(self):
        """Fetch, leaving what was fetched unread."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr))._fetch()

    def test_internal_error_stops_no_other(self):
        self.env.cr.execute("ALTER TABLE raso_cash_sale ADD CHECK (number != 'breaks')")
        broken_id = self.add(document(receipt("1"), receipt("breaks")))
        good_id = self.add(document(receipt("2")))
        with self.muted("raso_connection_run"):
            self.run_cron()
        broken = self.find_exchange(broken_id)
        self.assertEqual((broken.state, broken.error_kind), ("error", "internal"))
        self.assertFalse(broken.sale_ids)
        self.assertEqual(self.get_row(broken_id)["Status"], 3)
        self.assertEqual(self.find_exchange(good_id).state, "read")
        self.assertEqual(self.find_sales().mapped("number"), ["2"])

    def test_queries_do_not_grow(self):
        def count(first, size):
            row_id = self.add(document(*(receipt(str(first + n)) for n in range(size))))
            self.fetch_only()
            exchange = self.find_exchange(row_id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            exchange._read(lambda: True)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1, 1)  # makes shop and till
        few = count(1000, 10)
        self.assertEqual(count(2000, 300), few)
        self.assertLess(few, 30)
