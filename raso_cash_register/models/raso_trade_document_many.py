import logging
from collections import Counter

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from .raso_cash_sale_free import DOCUMENTS_AT_ONCE
from .raso_connection import CRON
from .told import speak

_logger = logging.getLogger(__name__)


class RasoTradeDocument(models.Model):
    """Many documents are left to the scheduled action: nobody waits, none is lost."""

    _inherit = "raso.trade.document"

    unbook_reason = fields.Char(
        readonly=True,
        copy=False,
        help="Who asked to unbook it: the scheduled action does.",
    )
    _to_unbook_idx = models.Index("(company_id) WHERE unbook_reason IS NOT NULL")

    @api.model
    def _is_left_to_run(self, count):
        """Tell whether ``count`` documents are too many for a person to wait for."""
        return count > DOCUMENTS_AT_ONCE and self.env.ref(CRON).sudo().active

    @api.model
    def _leave_to_run(self, text):
        connections = self.env["raso.connection"]
        connections._trigger_run()
        return connections._notify(text, is_watched=True)

    def action_unbook(self):
        """Have many documents unbooked by the scheduled action, each by itself."""
        if not self._is_left_to_run(len(self)):
            return super().action_unbook()
        self._check_manager()
        reason = self.env._("Unbooked by %(user)s.", user=self.env.user.name)
        documents = self.sudo().filtered(
            lambda one: one.state in ("booked", "prepared")
        )
        documents.unbook_reason = reason
        return self._leave_to_run(
            self.env._(
                "Documents to unbook: %(count)s. This goes on by itself, and the top "
                "bar says how far it is. What can't be unbooked says why in its log.",
                count=len(documents),
            )
        )

    def action_retry(self):
        """Have many documents booked again by the scheduled action."""
        if not self._is_left_to_run(len(self)):
            return super().action_retry()
        self._check_manager()
        write_offs = self.filtered("is_write_off")
        super(RasoTradeDocument, write_offs).action_retry()
        sales = self.env["raso.cash.sale"].sudo()
        for document in (self - write_offs).sudo():
            sales |= document._find_held()
        for company, ours in sales.grouped("company_id").items():
            ours._match(company)
        return sales._book_or_leave()

    def _unbook_as_asked(self):
        """Unbook the document; what stops it is said on it, never raised.

        :return: whether it is settled; else the next run tries it
        """
        try:
            self._unbook(self.unbook_reason, wait=True)
        except LockError:  # its till is being booked right now
            return False
        except UserError as err:
            self._say_not_unbooked(str(err))
        self.unbook_reason = False
        return True

    def _say_not_unbooked(self, trouble):
        self.unbook_reason = False
        self.message_post(
            body=self.env._("It was not unbooked: %(trouble)s", trouble=trouble)
        )


class RasoCashSale(models.Model):
    _inherit = "raso.cash.sale"

    is_book_now = fields.Boolean(
        readonly=True,
        help="A person asked for it to be booked without waiting: the scheduled "
        "action does.",
    )

    def _book_or_leave(self):
        """Book the matched ones of these receipts; leave many to the next run."""
        documents = self.env["raso.trade.document"]
        sales = self.filtered(lambda sale: sale.state == "matched")
        groups = documents._find_ripe_groups(sales.company_id, sales)
        if not documents._is_left_to_run(len(groups)):
            sales._book_now()
            return True
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale SET is_book_now = TRUE WHERE id = ANY(%s)",
                sales.ids,
            )
        )
        sales.invalidate_recordset(["is_book_now"])
        return documents._leave_to_run(
            self.env._(
                "Receipts to book: %(count)s. This goes on by itself, and the top bar "
                "says how far it is.",
                count=len(sales),
            )
        )


class RasoConnection(models.Model):
    _inherit = "raso.connection"

    @api.model
    def _run_unbook(self):
        """Unbook the documents that a person asked for; return if time is left."""
        documents = self.env["raso.trade.document"].search(
            [
                ("unbook_reason", "!=", False),
                ("company_id", "in", self._get_companies().ids),
            ]
        )
        self._start_step("unbook", Counter(one.company_id for one in documents))
        for document in documents:
            document = speak(document, document.company_id)
            try:
                is_settled = document._unbook_as_asked()
                self.env.flush_all()
                if is_settled:
                    self._count_done("unbook", document.company_id)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("Document %s is busy, the next run goes on", document.id)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Unbooking %s failed unexpectedly", document.id)
                document._say_not_unbooked(
                    document.env._("Internal error, see the log.")
                )
            if not self._keep_progress():
                return False
        return True
