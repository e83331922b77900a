import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import SetupError
from .booking_group import Group

_logger = logging.getLogger(__name__)

# a document must fit one run of the scheduled action (design, part 4)
MAX_RECEIPTS = 20_000
MAX_PRODUCTS = 1_500


class RasoTradeDocumentBook(models.Model):
    """The step *book*: one document per ripe group, all or nothing."""

    _inherit = "raso.trade.document"

    @api.model
    def _find_ripe_groups(self, companies, sales=None):
        """Return the groups that may be booked now, oldest first.

        :param sales: only groups of these receipts, ripe or not (*Book now*)
        """
        # a shop's day lasts until 04:00
        today = (self.env["raso.cash.sale"]._local_now() - timedelta(hours=4)).date()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.transaction_type_id, sale.register_id,
                       max(sale.day) AS last_day, part.z_id, part.sale_id,
                       array_agg(sale.id ORDER BY sale.sold_at, sale.id)
                  FROM raso_cash_sale sale
                  JOIN raso_transaction_type type ON type.id = sale.transaction_type_id
            CROSS JOIN LATERAL (SELECT
                       CASE WHEN type.grouping = 'document' OR type.trade = 'invoice'
                            THEN sale.id END AS sale_id,
                       CASE WHEN type.grouping = 'z' AND type.trade != 'invoice'
                            THEN sale.z_report_id END AS z_id) part
                 WHERE sale.state = 'matched' AND sale.company_id = ANY(%(companies)s)
                   AND (%(sales)s::int[] IS NOT NULL AND sale.id = ANY(%(sales)s)
                     OR %(sales)s::int[] IS NULL AND (
                        type.ripe = 'now' OR sale.is_book_now
                     OR type.ripe IN ('day', 'z_or_day') AND sale.day < %(today)s
                     OR type.ripe IN ('z', 'z_or_day')
                        AND sale.z_report_id IS NOT NULL))
              GROUP BY sale.transaction_type_id, sale.register_id, part.z_id,
                       part.sale_id, type.sequence,
                       CASE WHEN part.z_id IS NULL THEN sale.day
                            ELSE date_trunc('month', sale.day)::date END
              ORDER BY last_day, sale.register_id, type.sequence, sale_id
                """,
                companies=companies.ids,
                sales=sales.ids if sales is not None else None,
                today=today,
            )
        )
        return [Group(*row) for row in rows]

    @api.model
    def _book_group(self, group):
        """Book ``group``'s receipts; write a failure on them, never raise it.

        :return: the documents made
        """
        register = self.env["raso.register"].browse(group.register_id)
        register = register.try_lock_for_update(allow_referencing=True)
        documents = self.browse()
        if not register:  # another worker has the till
            return documents
        self = self.with_company(register.company_id)
        sales = self.env["raso.cash.sale"].browse(group.sale_ids)
        sales.invalidate_recordset(["state"])
        todo = sales.filtered(lambda sale: sale.state == "matched")
        todo = self._hold_lotless(todo)
        while todo:
            batch = todo[: self._count_fitting(todo)]
            documents |= self._book_batch(group, batch)
            todo -= batch
        return documents

    def _count_fitting(self, sales):
        """Return how many of ``sales``, from the first, fit one document."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(place) FROM (
                    SELECT place, sum(is_first) OVER (ORDER BY place) AS products FROM (
                        SELECT place, (row_number() OVER (PARTITION BY l.product_id
                               ORDER BY place) = 1)::int AS is_first
                          FROM unnest(%s::int[]) WITH ORDINALITY AS sale(id, place)
                     LEFT JOIN raso_cash_sale_line l ON l.cash_sale_id = sale.id
                    ) AS line
                ) AS counted WHERE products <= %s AND place <= %s
                """,
                sales.ids,
                MAX_PRODUCTS,
                MAX_RECEIPTS,
            )
        )
        return rows[0][0] or 1

    def _book_batch(self, group, sales):
        """Book ``sales`` as one document; leave out, once, those that stop it."""
        try:
            return self._try_book(group, sales)
        except (UserError, SetupError) as err:
            culprits, text = self._find_culprits(group, sales, err)
            culprits._hold_for_booking(text)
            rest = sales - culprits
            if not rest:
                return self._make_failed(group, sales, text)
        try:
            return self._try_book(group, rest)
        except (UserError, SetupError) as err:
            rest._hold_for_booking(str(err))
            return self._make_failed(group, rest, str(err))

    def _try_book(self, group, sales):
        with self.env.cr.savepoint():
            document = self.create(self._prepare_document_vals(group, sales))
            document._book(sales)
            self._find_failed(group).unlink()
            document._find_failed_of_till()._drop_settled()
        _logger.info("Trade document %s booked, %s receipts", document.name, len(sales))
        return document

    @api.model
    def _fail_group(self, group):
        """Hold a group that a fault of ours stopped: a person tries it again."""
        sales = self.env["raso.cash.sale"].browse(group.sale_ids)
        text = self.env._("Internal error, see the log. Then press Try Again.")
        sales._hold_for_booking(text)
        return self._make_failed(group, sales, text)

    def _find_failed(self, group):
        return self.search(
            [
                ("transaction_type_id", "=", group.type_id),
                ("group_key", "=", group.key),
                ("state", "=", "failed"),
                ("is_write_off", "=", False),
            ]
        )

    def _find_failed_of_till(self):
        return self.search(
            [("register_id", "=", self.register_id.id), ("state", "=", "failed")]
        )

    def _make_failed(self, group, sales, text):
        """Keep one failed document per group: the trouble stays in sight."""
        vals = self._prepare_document_vals(group, sales)
        vals.update(state="failed", error_text=text)
        failed = self._find_failed(group)
        if failed:
            failed.write({"error_text": text, "sale_count": len(sales)})
            return failed
        return self.create(vals)

    def _prepare_document_vals(self, group, sales):
        sale = sales[:1]
        supplement = self._next_supplement(group)
        kind = sale.transaction_type_id
        parts = [kind.code, sale.shop_id.number, sale.register_id.number, sale.day]
        if group.sale_id:
            parts.append(sale.invoice_no or sale.number)
        if group.z_id:
            parts.append(f"Z{sale.z_report_id.number}")
        if supplement:
            parts.append(f"+{supplement}")
        return {
            "name": "/".join(str(part) for part in parts if part),
            "transaction_type_id": kind.id,
            "kind": kind.kind,
            "company_id": sale.company_id.id,
            "shop_id": sale.shop_id.id,
            "register_id": group.register_id,
            "day": group.day,
            "date": kind._find_booking_day(group.day),
            "group_key": group.key,
            "supplement": supplement,
            "partner_id": (sale.partner_id or kind.partner_id).id
            if group.sale_id
            else kind.partner_id.id,
            "state": "booked",
            "sale_count": len(sales),
        }

    def _next_supplement(self, group):
        """Numbered under the till's row lock: 0, 1, 2 …"""
        last = self.search(
            [
                ("transaction_type_id", "=", group.type_id),
                ("group_key", "=", group.key),
                ("state", "!=", "failed"),
            ],
            order="supplement desc",
            limit=1,
        )
        return last.supplement + 1 if last else 0

    def _book(self, sales):
        """Make what the document's type says of ``sales``.

        :raise SetupError, UserError: with what stopped it; the caller rolls back
        """
        kind = self.transaction_type_id
        self._check_open()
        self._take_sales(sales)
        if kind.is_stock:
            self._make_pickings()
        if kind.trade == "entry":
            self._make_sale_entry()
        elif kind.trade == "invoice":
            self._make_invoice()
        elif kind.trade == "later":
            self.revenue_state = "todo"
        if kind.is_draft:
            self.state = "prepared"
        else:
            self._finish()

    def _check_open(self):
        """:raise SetupError: the accounting date is locked, the currency not EUR"""
        if trouble := self.env["raso.connection"]._explain_currency(self.company_id):
            raise SetupError(trouble)  # it may have changed since it was confirmed
        lock = self.transaction_type_id._find_lock(self.date)
        if lock:
            raise SetupError(
                self.env._(
                    "%(day)s is locked: %(lock)s. Open the period, or let an "
                    "accountant decide.",
                    day=self.date,
                    lock=lock,
                )
            )

    def _finish(self):
        """Move the goods with their cost, post what is in draft, book payments.

        Statement lines are posted as they are made: payments have no drafts.
        """
        kind = self.transaction_type_id
        self._finish_pickings(self.picking_ids)
        self._post(self.move_ids.filtered(lambda move: move.state == "draft"))
        if kind.trade == "invoice":
            self._tie_credit_notes()
        if kind.trade in ("entry", "invoice") and kind.is_split:
            self._make_payments()
        self._check_booked()
        self._mark_lines()

    def _take_sales(self, sales):
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale SET state = 'booked', trade_document_id = %s, "
                "hold_cause = NULL, hold_text = NULL, is_book_now = NULL "
                "WHERE id = ANY(%s)",
                self.id,
                sales.ids,
            )
        )
        sales.invalidate_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT COALESCE(sum(l.amount), 0), COALESCE(sum(l.vat), 0) "
                "FROM raso_cash_sale_line l WHERE l.cash_sale_id = ANY(%s)",
                sales.ids,
            )
        )
        self.amount_received, self.vat_received = rows[0]

    def _mark_lines(self):
        """Grey: written off. The receipts' lines now say so."""
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET state = 'grey' WHERE state = 'ready' "
                "AND cash_sale_id IN "
                "(SELECT id FROM raso_cash_sale WHERE trade_document_id = %s)",
                self.id,
            )
        )
        self.env["raso.cash.sale.line"].invalidate_model(["state"])

    def _check_booked(self):
        """Books equal the till to the cent, or nothing is booked."""
        if self.transaction_type_id.trade == "none" or self.revenue_state == "todo":
            return
        currency = self.currency_id
        self.amount_booked, self.vat_booked = self._sum_booked()
        for received, booked in (
            (self.amount_received, self.amount_booked),
            (self.vat_received, self.vat_booked),
        ):
            if currency.compare_amounts(received, booked):
                raise SetupError(
                    self.env._(
                        "The till says %(received)s, the entry would say %(booked)s. "
                        "Check the taxes and accounts of the products.",
                        received=currency.format(received),
                        booked=currency.format(booked),
                    )
                )
