from .booking import BookingCase, line
from .common import document, receipt
from .z_common import coffees, z_document, z_report


class TestBudget(BookingCase):
    """Work is done in sets: queries don't grow with receipts."""

    def count(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def make_day(self, day, receipts):
        """A day of receipts of the same three items, read and waiting."""
        parts = (
            line(),
            line("4770002", 1, "1.05", "0.05"),
            line("4770003", "0.345", "2.42", "0.42"),
        )
        self.add(
            document(
                *(
                    receipt(str(number), *parts, SaleDate=day)
                    for number in range(1, receipts + 1)
                )
            )
        )
        self.run_cron()
        return self.env["raso.cash.sale"].search([("day", "=", day)])

    def test_match(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        counts = []
        for day, receipts in (("2026-11-20", 5), ("2026-11-21", 50)):
            sales = self.make_day(day, receipts)
            self.assertEqual(len(sales), receipts)
            counts.append(self.count(lambda sales=sales: sales._match(self.company)))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 30)

    def test_book(self):
        self.env["raso.transaction.type"].search([]).ripe = "z"
        counts = []
        for day, receipts in (("2026-11-19", 1), ("2026-11-20", 5), ("2026-11-21", 50)):
            sales = self.make_day(day, receipts)
            counts.append(self.count(sales._book_now))
            self.assertEqual(set(sales.mapped("state")), {"booked"})
        # the first day also fills caches
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 250)

    def make_white(self, code, receipts):
        """Receipts that wait for a product of ``code``, read and held."""
        item = line(code, 1, "1.21", "0.21")
        self.add(
            document(*(receipt(f"{code}-{number}", item) for number in range(receipts)))
        )
        self.run_cron()
        lines = self.env["raso.cash.sale.line"].search([("code", "=", code)])
        self.assertEqual(len(lines), receipts)
        return lines

    def test_assign(self):
        """A remembered code reaches its other items in sets, not one by one."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        counts = []
        for code, receipts in (("8880001", 2), ("8880002", 2), ("8880003", 50)):
            lines = self.make_white(code, receipts)
            action = lines[0].with_user(self.user).action_assign()
            wizard = self.env["raso.assign"].browse(action["res_id"])
            wizard = wizard.with_user(self.user)
            wizard.line_ids.product_id = self.coffee
            counts.append(self.count(wizard.action_assign))
            self.assertEqual(set(lines.mapped("state")), {"ready"})
        # the first code also fills caches
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 100)

    def test_assign_many(self):
        """So it is with items chosen by hand, and with excluding them."""
        self.env["raso.transaction.type"].search([]).ripe = "z"
        counts = []
        for code, receipts in (("8880001", 2), ("8880002", 2), ("8880003", 50)):
            lines = self.make_white(code, receipts)
            mine = lines.with_user(self.user)
            exclude = self.env["raso.exclude"].create(
                {"line_ids": lines.ids, "reason": "Test"}
            )
            counts.append(
                (
                    self.count(lambda mine=mine: mine.write({"product_id": False})),
                    self.count(exclude.action_exclude),
                    self.count(mine.action_take_in),
                )
            )
        self.assertEqual(counts[1], counts[2])
        self.assertLess(max(counts[2]), 100)

    def test_days(self):
        """Checking a till's day costs the same as checking twenty."""
        for number in range(2, 21):
            self.env["raso.register"].create(
                {"shop_id": self.shop.id, "number": str(number), "name": str(number)}
            )
        self.add(
            document(
                *(
                    receipt(f"{number}0", line(), PosNo=str(number))
                    for number in range(1, 21)
                ),
                *(
                    receipt(f"{number}2", line(), PosNo=str(number))
                    for number in range(1, 21)
                ),
            )
        )
        self.run_cron()
        self.add(
            z_document(
                *(
                    z_report(
                        **coffees(3),
                        FiscalNo=f"LT{number}",
                        PosNo=str(number),
                    )
                    for number in range(1, 21)
                )
            ),
            data_type=5,
        )
        self.run_cron()
        days = self.env["raso.register.day"].search([])
        self.assertEqual(days.mapped("state"), ["differs"] * 20)
        days._check()  # fills caches
        counts = []
        for some in (days[:1], days):
            # each check finds what it didn't know
            self.env.cr.execute("UPDATE raso_z_report SET amount_difference = 0")
            counts.append(self.count(some._check))
        self.assertEqual(days.mapped("is_stale"), [False] * 20)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 40)
