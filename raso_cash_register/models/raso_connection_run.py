import logging
from collections import Counter

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from .told import speak

_logger = logging.getLogger(__name__)


class RasoConnection(models.Model):
    """The scheduled action: drives the steps, commits, holds no rules."""

    _inherit = "raso.connection"

    @api.model
    def _cron_run(self):
        """Fetch, read, match, book and report back until no time is left.

        Odoo calls again at once as long as it is told that something remains.
        """
        steps = (
            self._run_fetch,
            self._run_read,
            self._run_match,
            self._run_unbook,
            self._run_book,
            self._run_revenue,
            self._run_write_off,
            self._run_days,
            self._run_tell,
            self._run_report,
        )
        if all(step() for step in steps):
            self._end_steps()
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_fetch(self):
        domain = [
            ("state", "=", "confirmed"),
            "|",
            ("next_try_at", "=", False),
            ("next_try_at", "<=", fields.Datetime.now()),
        ]
        due = self.search(domain, order="next_try_at NULLS FIRST, id")
        return all(
            speak(connection, connection.company_id)._fetch() for connection in due
        )

    @api.model
    def _run_read(self):
        exchanges = self.env["raso.exchange"]
        exchanges = exchanges.search(exchanges._get_readable_domain(), order="id")
        self._start_step("read", Counter(one.company_id for one in exchanges))
        for exchange in exchanges:
            exchange = speak(exchange, exchange.company_id)
            try:
                exchange.with_company(exchange.company_id)._read(self._keep_progress)
                # here: what another worker changed meanwhile shows while it is caught
                self.env.flush_all()
            except (OperationalError, UniqueViolation):
                self.env.cr.rollback()
                _logger.info("Exchange %s is busy, the next run goes on", exchange.id)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Exchange %s failed unexpectedly", exchange.id)
                exchange._set_internal_error()
            if exchange.state != "received":
                self._count_done("read", exchange.company_id)
            if not self._keep_progress():
                return False
        return True

    @api.model
    def _run_match(self):
        for company in self._get_companies():
            connections = speak(self, company)
            try:
                connections.env["raso.cash.sale"]._match_late(company)
                is_time_left = connections._match_company(company)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info(
                    "Receipts of %s are busy, the next run goes on", company.id
                )
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Matching for company %s failed", company.id)
            else:
                if not is_time_left:
                    return False
        return True

    @api.model
    def _match_company(self, company):
        """Match all that is new, a batch at a time; return whether there is time."""
        sales = self.env["raso.cash.sale"]
        domain = [("state", "=", "new"), ("company_id", "=", company.id)]
        left = sales.search_count(domain)
        self._start_step("match", {company: left})
        while True:
            sales._match_open(company)
            before, left = left, sales.search_count(domain)
            self._count_done("match", company, max(before - left, 0))
            is_time_left = self._keep_progress()
            if not 0 < left < before:
                # held receipts were matched again: that may take all the time there
                # is, and must not keep booking from its turn
                return True
            if not is_time_left:
                return False

    @api.model
    def _run_book(self):
        documents = self.env["raso.trade.document"]
        groups = documents._find_ripe_groups(self._get_companies())
        tills = self.env["raso.register"].browse(group.register_id for group in groups)
        companies = {till.id: till.company_id for till in tills}
        self._start_step("book", Counter(companies[one.register_id] for one in groups))
        for group in groups:
            company = companies[group.register_id]
            documents = speak(documents, company)
            try:
                documents._book_group(group)
                self.env.flush_all()
                self._count_done("book", company)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("Group %s is busy, the next run books it", group.key)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Group %s failed unexpectedly", group.key)
                documents._fail_group(group)
                self._count_done("book", company)
            if not self._keep_progress():
                return False
        return True

    @api.model
    def _run_revenue(self):
        """Make the revenue entries of daily sheets, where their type says so."""
        documents = self.env["raso.trade.document"]
        documents = documents._find_revenue_to_make(self._get_companies())
        self._start_step("revenue", Counter(one.company_id for one in documents))
        for document in documents:
            document = speak(document, document.company_id)
            try:
                document._try_revenue()
                self.env.flush_all()
                self._count_done("revenue", document.company_id)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("Document %s is busy, the next run goes on", document.id)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Document %s failed unexpectedly", document.id)
                document._hold_revenue(document.env._("Internal error, see the log."))
            if not self._keep_progress():
                # those still held are tried last, and keep no other step from its turn
                return document.revenue_state == "held"
        return True

    @api.model
    def _run_write_off(self):
        """Goods whose money was booked before they had a product."""
        documents = self.env["raso.trade.document"]
        late = documents._find_write_offs(self._get_companies())
        self._start_step("write_off", Counter(one.company_id for one, _lines in late))
        for document, lines in late:
            document = speak(document, document.company_id)
            try:
                document._write_off(lines)
                self.env.flush_all()
                self._count_done("write_off", document.company_id)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("%s is busy, the next run goes on", document.name)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Write-off of %s failed", document.name)
                document._fail_write_off(
                    lines, document.env._("Internal error, see the log.")
                )
            if not self._keep_progress():
                return False
        return True

    @api.model
    def _run_report(self):
        # whose server is away waits for its next fetch
        domain = [("state", "=", "confirmed"), ("failure_count", "=", 0)]
        connections = self.search(domain).filtered(lambda c: c._find_unsent())
        totals = Counter()
        for connection in connections:
            totals[connection.company_id] += len(connection._find_unsent())
        self._set_step("report", totals)
        return all(connection._report() for connection in connections)

    @api.model
    def _get_companies(self):
        return self.with_context(active_test=False).search([]).company_id

    @api.model
    def _keep_progress(self):
        """Commit one more piece of work; return whether there is time for another."""
        return self.env["ir.cron"]._commit_progress(1, remaining=1) > 0
