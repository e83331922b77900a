import logging
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import SetupError
from .raso_trade_document_culprit import _Undo

_logger = logging.getLogger(__name__)


class GroupKey(NamedTuple):
    """What a supplement's number is counted by."""

    type_id: int
    key: str


class RasoTradeDocumentWriteOff(models.Model):
    """Goods of items that got their product after their money was booked.

    Only with the policy *book the money, write off later*. Such an item is *late*
    until its goods are written off, by a supplement that moves stock alone.
    """

    _inherit = "raso.trade.document"

    origin_id = fields.Many2one(
        "raso.trade.document",
        string="Writes Off For",
        readonly=True,
        index="btree_not_null",
        help="The document that booked the money of the items written off here.",
    )
    write_off_ids = fields.One2many(
        "raso.trade.document", "origin_id", string="Later Write-offs"
    )

    @api.model
    def _find_write_offs(self, companies, sales=None):
        """Return ``[(document, its late items that have a product), …]``.

        :param sales: only documents that booked one of these receipts
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sale.trade_document_id, array_agg(l.id ORDER BY l.id)
                  FROM raso_cash_sale_line l
                  JOIN raso_cash_sale sale ON sale.id = l.cash_sale_id
                  JOIN raso_trade_document document
                    ON document.id = sale.trade_document_id
                 WHERE l.is_late AND l.company_id = ANY(%(companies)s)
                   AND l.state = 'ready' AND l.write_off_id IS NULL
                   AND document.state = 'booked'
                   AND (%(sales)s::int[] IS NULL OR document.id IN (
                        SELECT trade_document_id FROM raso_cash_sale
                         WHERE id = ANY(%(sales)s)))
              GROUP BY 1 ORDER BY 1
                """,
                companies=companies.ids,
                sales=sales.ids if sales is not None else None,
            )
        )
        lines = self.env["raso.cash.sale.line"]
        return [(self.browse(row[0]), lines.browse(row[1])) for row in rows]

    def _write_off(self, lines):
        """Write off the goods of ``lines``, late items of this document.

        A failure is written on a failed document, never raised; a product that
        can't be moved doesn't stop the others.

        :return: the documents made
        """
        register = self.register_id.try_lock_for_update(allow_referencing=True)
        if not register:  # another worker has the till
            return self.browse()
        self = self.with_company(self.company_id)
        lines.invalidate_recordset()
        lines = lines.filtered(lambda line: line.is_late and line.state == "ready")
        goods = lines.filtered(lambda line: line.product_id.type == "consu")
        if not self.transaction_type_id.is_stock:
            goods = goods.browse()
        (lines - goods)._set_written_off(self.browse())
        date = goods and self._find_write_off_date()
        if not date:
            return self.browse()
        try:
            return self._try_write_off(goods, date)
        except (UserError, SetupError) as err:
            stuck, text = self._find_stuck(goods, date, str(err))
        documents = self._fail_write_off(stuck, text)
        if goods - stuck:
            try:
                documents |= self._try_write_off(goods - stuck, date)
            except (UserError, SetupError) as err:
                documents |= self._fail_write_off(goods, str(err))
        return documents

    def _try_write_off(self, lines, date):
        with self.env.cr.savepoint():
            document = self.create(self._prepare_write_off_vals(date))
            pickings = document._move_late(lines)
            lines._set_written_off(document)
            if not pickings:  # what was sold came back in the same receipt
                document.unlink()
                return self.browse()
        self.error_text = False
        _logger.info("%s written off, %s items", document.name, len(lines))
        return document

    def _move_late(self, lines):
        """Move the goods of ``lines``, and their cost where it is perpetual."""
        lines._set_write_off(self)
        pickings = self._make_pickings()
        self._finish_pickings(pickings)
        return pickings

    def _prepare_write_off_vals(self, date):
        kind = self.transaction_type_id
        supplement = self._next_supplement(GroupKey(kind.id, self.group_key))
        name = self.name.removesuffix(f"/+{self.supplement}")
        return {
            "name": f"{name}/+{supplement}",
            "transaction_type_id": kind.id,
            "kind": self.kind,
            "company_id": self.company_id.id,
            "shop_id": self.shop_id.id,
            "register_id": self.register_id.id,
            "day": self.day,
            "date": date,
            "group_key": self.group_key,
            "supplement": supplement,
            "partner_id": self.partner_id.id,
            "origin_id": self.id,
            "is_write_off": True,
            "state": "booked",
        }

    def _find_write_off_date(self):
        """Return the day of the goods' moves, or None if its period is locked.

        VAT is booked already, so only locks of stock and cost count. A lock is said
        once, on this document; the goods are moved when the period is open again.
        """
        kind = self.transaction_type_id
        date = self.date
        while locks := self.company_id._get_violated_lock_dates(
            date, False, kind.payment_journal_id
        ):
            if kind.lock_policy == "hold":
                self._tell_locked(locks)
                return None
            date = max(lock for lock, _field in locks) + timedelta(days=1)
        return date

    def _tell_locked(self, locks):
        text = self.env._(
            "Goods of items that got their product later can't be written off: "
            "%(day)s is locked: %(lock)s. They will be once the period is open again.",
            day=self.date,
            lock=self.company_id._format_lock_dates(locks),
        )
        if self.error_text != text:
            self.error_text = text
            self.message_post(body=text)

    def _find_stuck(self, lines, date, text):
        """Return the items whose product can't be moved, and what stops them.

        Tries product by product, keeping nothing. Where none fails by itself, it is
        all of them.
        """
        stuck = lines.browse()
        texts = []
        for product, part in lines.grouped("product_id").items():
            trouble = self._probe_write_off(part, date)
            if trouble:
                stuck |= part
                texts.append(self._name_culprit(product, trouble))
        return (stuck, "\n".join(texts)) if stuck else (lines, text)

    def _probe_write_off(self, lines, date):
        """Try to move ``lines`` and undo it; return the trouble or ''."""
        try:
            with self.env.cr.savepoint():
                self.create(self._prepare_write_off_vals(date))._move_late(lines)
                raise _Undo
        except _Undo:
            return ""
        except (UserError, SetupError) as err:
            return str(err)
        finally:
            lines.invalidate_recordset()

    def _fail_write_off(self, lines, text):
        """Keep one failed document: the trouble stays in sight, the items wait."""
        failed = self.write_off_ids.filtered(lambda part: part.state == "failed")
        if not failed:
            vals = self._prepare_write_off_vals(self.date)
            failed = self.create({**vals, "state": "failed"})
        failed.error_text = text
        lines._set_write_off(failed)
        return failed

    def action_retry(self):
        """Write goods off again that failed, or that a person unbooked."""
        self._check_manager()
        write_offs = self.filtered("is_write_off").sudo()
        for document in write_offs:
            lines = document._find_waiting_lines()
            if not lines:
                raise UserError(
                    self.env._(
                        "No item of %(name)s waits to be written off.",
                        name=document.name,
                    )
                )
            lines._set_write_off(self.browse())
            origin = document.origin_id
            if document.state == "failed":
                document.unlink()
            origin._write_off(lines)
        return super(RasoTradeDocumentWriteOff, self - write_offs).action_retry()

    def _find_waiting_lines(self):
        """Items that wait, on this failed or unbooked document, for a person."""
        return self.env["raso.cash.sale.line"].search(
            [("write_off_id", "=", self.id), ("state", "=", "ready")]
        )

    def _mark_lines(self):
        result = super()._mark_lines()
        if self.transaction_type_id.white_policy == "money":
            self.env.cr.execute(
                SQL(
                    "UPDATE raso_cash_sale_line SET is_late = TRUE "
                    "WHERE state = 'white' AND cash_sale_id IN "
                    "(SELECT id FROM raso_cash_sale WHERE trade_document_id = %s)",
                    self.id,
                )
            )
            self.env["raso.cash.sale.line"].invalidate_model(["is_late"])
        return result

    def _unbook(self, reason, wait=False):
        """The goods that were written off later come back first."""
        with self.env.cr.savepoint():
            for document in self.write_off_ids:
                if document.state == "booked":
                    document._unbook(reason, wait)
            return super()._unbook(reason, wait)

    def _release_sales(self, hold_text):
        if self.is_write_off:
            return self._release_late(hold_text)
        self._forget_late()
        return super()._release_sales(hold_text)

    def _release_late(self, hold_text):
        """Late again: ``write_off_id`` stays where they wait for a person."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET state = 'ready', is_late = TRUE, "
                "write_off_id = %s WHERE write_off_id = %s",
                self.id if hold_text else None,
                self.id,
            )
        )
        self.env.invalidate_all(flush=False)

    def _forget_late(self):
        """The receipts are open again: all their goods go with them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET is_late = FALSE, write_off_id = NULL "
                "WHERE cash_sale_id = ANY(%s) "
                "AND (is_late OR write_off_id IS NOT NULL)",
                self.sale_ids.ids,
            )
        )
        self.write_off_ids.filtered(lambda part: part.state == "failed").unlink()

    def _find_last_moment(self):
        """A write-off has no receipts of its own: those of its items count."""
        if not self.is_write_off:
            return super()._find_last_moment()
        lines = self.env["raso.cash.sale.line"].search([("write_off_id", "=", self.id)])
        moments = [
            sold_at for sold_at in lines.cash_sale_id.mapped("sold_at") if sold_at
        ]
        midnight = fields.Datetime.to_datetime(self.date)
        if self.date != self.day:
            return midnight
        # a receipt of 00:30 was sold on the day before by the server's clock
        return max([*moments, midnight])

    def action_view_write_off_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        return action | {"domain": [("write_off_id", "=", self.id)]}


class RasoCashSaleLine(models.Model):
    _inherit = "raso.cash.sale.line"

    def _set_write_off(self, document):
        """Tie the late items to the document that moves, or could not move, them."""
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET write_off_id = %s WHERE id = ANY(%s)",
                document.id or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["write_off_id"])

    def _set_written_off(self, document):
        """Grey: by ``document``, or at once where there is nothing to move."""
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale_line SET state = 'grey', is_late = FALSE, "
                "write_off_id = %s WHERE id = ANY(%s)",
                document.id or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["state", "is_late", "write_off_id"])
