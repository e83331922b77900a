from ..models.raso_register_day_reason import TARGETS
from .booking import BOOK, COFFEE, line
from .common import receipt
from .z_common import DayCase, coffees, z_report

UNKNOWN = line("4779999", NAME="Stranger")


class TestRegisterDayReason(DayCase):
    """Each finding opens the records that are its cause, and no others."""

    def find(self, code, day=None):
        day = day or self.get_day()
        day.invalidate_recordset()
        self.env["raso.register.day.reason"].invalidate_model()
        return day.finding_ids.filtered(lambda finding: finding.code == code)

    def open(self, code, user=None):
        """Return the records that the button of the only such finding shows."""
        finding = self.find(code).with_user(user or self.user)
        finding.ensure_one()
        action = finding.action_open()
        records = self.env[action["res_model"]]
        if action.get("res_id"):
            return records.browse(action["res_id"])
        return records.search(action["domain"])

    def test_rows(self):
        """The rows are the day's reasons and notes, in words."""
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN), receipt("4", UNKNOWN))
        self.take_z(z_report(**coffees(2)))
        self.find_sales("4").action_cancel()
        self.run_cron()
        day = self.get_day()
        self.find("held")
        self.assertEqual(
            [[row.code, row.severity, row.is_note] for row in day.finding_ids],
            [
                *(
                    [code, "differs" if code == "z_differs" else "open", False]
                    for code in self.codes(day)
                ),
                *([code, "note", True] for code, _values in day.notes),
            ],
        )
        self.assertEqual(
            "\n".join(day.finding_ids.mapped("text")),
            "\n".join(filter(None, (day.reason, day.note))),
        )

    def test_complete(self):
        self.take(receipt("1", COFFEE))
        self.take_z(z_report(**coffees(1)))
        day = self.get_day()
        self.assertEqual(day.state, "complete")
        self.assertFalse(day.finding_ids)
        self.assertRecordValues(
            day,
            [
                {
                    "trouble": False,
                    "calendar_color": 10,
                    "gap_z": 0,
                    "gap_booked": 0,
                    "gap_ledger": 0,
                }
            ],
        )
        self.assertIn("✓ 01 / Till 1: ", day.calendar_title)

    def test_held(self):
        self.take(
            receipt("1", COFFEE),
            receipt("2", UNKNOWN),
            receipt("3", COFFEE, payments=[("0", "5.00")]),
        )
        day = self.get_day()
        held = self.find("held")
        self.assertEqual(len(held), 2)
        for finding in held:
            action = finding.with_user(self.user).action_open()
            sale = self.env["raso.cash.sale"].browse(action["res_id"])
            self.assertEqual(sale.hold_cause, finding.values["cause"])
        self.assertIn("Held: 2", day.trouble)
        self.assertEqual(day.trouble.count("Held"), 1)
        self.assertEqual(day.gap_booked, 2.42)

    def test_conflict(self):
        """Both contents are shown."""
        self.take(receipt("1", COFFEE), receipt("2", COFFEE))
        self.take(receipt("1", BOOK))
        sales = self.open("conflict")
        self.assertEqual(sales, self.find_sales("1"))
        self.assertEqual(len(sales), 2)
        self.assertIn("✗", self.get_day().calendar_title)

    def test_unreported(self):
        self.take(receipt("1", COFFEE), receipt("2", COFFEE))
        self.take_z(z_report(ReceiptNo=1, ZReportDate="2026-11-22T09:00:00"))
        self.assertEqual(
            self.open("unreported"),
            self.find_sales().filtered(lambda sale: not sale.z_report_id),
        )

    def test_missing(self):
        """The receipts around each gap, of the day before as well."""
        self.take(receipt("1", COFFEE, SaleDate="2026-11-21"))
        self.take(receipt("3", COFFEE), receipt("4", COFFEE), receipt("7", COFFEE))
        self.assertEqual(self.open("missing"), self.find_sales("1", "3", "4", "7"))
        self.take(receipt("5", COFFEE), receipt("2", COFFEE, SaleTime="09:00:00"))
        self.assertEqual(self.open("missing"), self.find_sales("5", "7"))

    def test_z_report(self):
        self.take(receipt("1", COFFEE))
        self.take_z(
            z_report("16", **coffees(0), ZReportDate="2026-11-22T08:00:00"),
            z_report(**coffees(2)),
        )
        self.assertEqual(self.open("z_differs"), self.find_z("17"))

    def test_prepared(self):
        self.env["raso.transaction.type"].search([]).is_draft = True
        self.take(receipt("1", COFFEE))
        documents = self.open("prepared")
        self.assertEqual(documents, self.find_documents(state="prepared"))

    def test_white(self):
        self.env["raso.transaction.type"].search([]).white_policy = "money"
        self.take(receipt("1", COFFEE, UNKNOWN))
        self.assertEqual(self.open("white").mapped("code"), ["4779999"])

    def test_waiting(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        self.take(receipt("1", COFFEE))
        self.assertEqual(self.open("waiting"), self.find_sales("1"))

    def test_cancelled(self):
        self.take(receipt("1", COFFEE), receipt("2", UNKNOWN))
        self.find_sales("2").action_cancel()
        self.run_cron()
        self.assertEqual(self.open("cancelled"), self.find_sales("2"))

    def break_entry(self, document):
        """What no button does: an entry is changed past Odoo's checks."""
        entry = document.move_ids.filtered(lambda move: move.raso_part == "sale")
        lines = entry.line_ids.filtered(
            lambda item: item.account_id.account_type.startswith("income")
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance - 1 WHERE id = %s",
            [lines[:1].id],
        )
        self.env.invalidate_all()

    def test_books(self):
        """Of two documents the one whose entry was changed."""
        self.take(receipt("1", COFFEE))
        self.take(receipt("2", COFFEE))
        first, second = self.find_documents()
        self.break_entry(second)
        self.get_day().action_check()
        self.assertEqual(self.open("net"), second)
        self.break_entry(first)
        self.get_day().action_check()
        self.assertEqual(self.open("net"), first | second)

    def test_stock(self):
        """The moves of the product that differs; without the right, its document."""
        self.take(receipt("1", COFFEE, BOOK))
        self.take(receipt("2", COFFEE))
        first, _second = self.find_documents()
        move = first.picking_ids.move_ids.filtered(
            lambda item: item.product_id == self.book_item
        )
        self.env.cr.execute(
            "UPDATE stock_move SET quantity = quantity + 1 WHERE id = %s", [move.id]
        )
        self.env.invalidate_all()
        self.get_day().action_check()
        self.assertEqual(self.open("stock", self.env.user), move)
        self.assertEqual(self.open("stock"), first)

    def test_every_finding(self):
        """Whatever a check can say has words, few and many, and a way on."""
        model = self.env["raso.register.day"]
        words = {
            name.removeprefix("_explain_")
            for name in dir(model)
            if name.startswith("_explain_") and name != "_explain_all"
        }
        self.assertEqual(words - {"internal"}, set(TARGETS))
        for target in TARGETS.values():
            self.assertTrue(
                hasattr(self.env["raso.register.day.reason"], f"_open_{target}")
            )
        for code in words - {"cancelled", "other_day"}:
            self.assertTrue(model._label_finding(code, {}), code)
