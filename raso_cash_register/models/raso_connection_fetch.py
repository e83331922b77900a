import logging
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.tools import SQL

from ..exceptions import SetupError, TransportError
from ..texts import _lt
from ..tools.days import VILNIUS, from_server
from .lease import Lease, LeaseLost
from .told import tell

_logger = logging.getLogger(__name__)

NEW, TAKEN = 0, 2
# their DataProvider means nothing (interface page, part 2)
TYPES_WITHOUT_PROVIDER = (4, 5)
# RASO purges rows after 10 to 14 days
SWEEP_DAYS = 15
SWEEP_EVERY = timedelta(days=1)
LEASE_SLACK = 60
LONGEST_WAIT = 60


class RasoConnection(models.Model):
    """The steps *fetch* and *report back* (design, part 1)."""

    _inherit = "raso.connection"

    def _fetch(self):
        """Take the documents that we don't have; return whether there is time left."""
        self.last_try_at = fields.Datetime.now()
        return self._converse(self._take_documents)

    def _report(self):
        """Tell RASO what became of the documents; return whether there is time left."""
        return self._converse(self._send_statuses)

    def _converse(self, talk):
        """Call ``talk(session, lease, troubles)``, unless others hold the lease.

        What goes wrong ends on the connection, said once; what was committed stays.
        """
        lease = Lease(self, self._get_lease_seconds())
        if not lease.take():
            return True
        is_time_left, troubles = True, []
        try:
            with self._get_client()._open(self) as session:
                is_time_left = talk(session, lease, troubles)
            if is_time_left and troubles:
                raise troubles[0]
        except (TransportError, SetupError) as err:
            self.env.cr.rollback()
            self._note_failure(err.text)
        except (LeaseLost, OperationalError):
            self.env.cr.rollback()
            _logger.info("Connection %s is busy, the next run goes on", self.id)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Connection %s failed unexpectedly", self.id)
            self._note_failure(_lt("Internal error, see the log."))
        finally:
            lease.release()
        return is_time_left

    def _get_lease_seconds(self):
        # between two renewals lie a login or two answers at most
        return self.login_timeout + 2 * self.query_timeout + LEASE_SLACK

    def _take_documents(self, session, lease, troubles):
        is_sweep = self._is_sweep_due()
        missing = self._sort_out(self._list_rows(session, lease, is_sweep))
        self._set_step("fetch", {self.company_id: len(missing)})
        lease.renew()
        if not self._send_statuses(session, lease, troubles):
            return False
        for row in missing:
            with _gathered(troubles):
                self._take_row(session, lease, row)
            self._count_done("fetch", self.company_id)
            if not self._keep_progress():
                return False
        if not troubles:
            self._note_success(is_sweep)
        return True

    def _is_sweep_due(self):
        """A day after the last one: so also after a gap in runs, and at the start."""
        now = fields.Datetime.now()
        return not self.swept_at or now - self.swept_at >= SWEEP_EVERY

    def _list_rows(self, session, lease, is_sweep):
        """Return the server's new rows, in a sweep those of the last days, by id."""
        asked = [{"status": NEW}]
        if is_sweep:
            asked.append(self._get_sweep_days())
        kinds = [{"provider": self._get_provider()._get_data_provider()}]
        kinds += [{"data_type": data_type} for data_type in TYPES_WITHOUT_PROVIDER]
        rows = {}
        for ask in asked:
            for kind in kinds:
                lease.renew()
                rows |= {row.source_id: row for row in session.list_rows(**ask, **kind)}
        return [row for _id, row in sorted(rows.items()) if self._is_ours(row)]

    def _get_sweep_days(self):
        """A day more at both ends, as RASO may compare with either of its dates."""
        now = fields.Datetime.now().replace(tzinfo=ZoneInfo("UTC"))
        local = now.astimezone(ZoneInfo(VILNIUS)).replace(tzinfo=None)
        return {
            "date_from": local - timedelta(days=SWEEP_DAYS + 1),
            "date_to": local + timedelta(days=1),
        }

    def _is_ours(self, row):
        if self.is_all_shops or not row.shop_no:
            return True
        return row.shop_no in self.shop_ids.mapped("number")

    def _sort_out(self, rows):
        """Return the rows that we don't have.

        A row that we have and that is new again gets its status once more. A row
        that RASO, made anew, has put in place of one of ours isn't told of ours.
        """
        exchanges = self.env["raso.exchange"].search(
            [
                ("connection_id", "=", self.id),
                ("source_id", "in", [row.source_id for row in rows]),
            ]
        )
        known = {
            (exchange.source_id, exchange.source_date or None): exchange
            for exchange in exchanges
        }
        missing = [row for row in rows if _identity(row) not in known]
        again = self.env["raso.exchange"].union(
            *(
                known[_identity(row)]
                for row in rows
                if row.status == NEW and _identity(row) in known
            )
        )
        again._ask_for_status()
        replaced = {row.source_id for row in missing}
        exchanges.filtered(lambda old: old.source_id in replaced)._forget_status()
        return missing

    def _take_row(self, session, lease, row):
        """Store the row, commit, and only then tell RASO that it is taken."""
        whole = session.read_row(row.source_id)
        if whole is None or _identity(whole) != _identity(row):
            self._note_gone(row)
            return
        exchange = self.env["raso.exchange"]._store(self, whole)
        lease.renew()
        if not exchange.is_taken_by_other:
            exchange._send_status(session)

    def _send_statuses(self, session, lease, troubles):
        """Send the statuses that RASO doesn't have; return whether there is time."""
        for exchange in self._find_unsent():
            with _gathered(troubles):
                exchange._send_status(session)
            self._count_done("report", self.company_id)
            lease.renew()
            if not self._keep_progress():
                return False
        return True

    def _find_unsent(self):
        self.env["raso.exchange"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM raso_exchange WHERE connection_id = %s "
                "AND status_wanted != status_sent ORDER BY id",
                self.id,
            )
        )
        return self.env["raso.exchange"].browse(row[0] for row in rows)

    def _note_gone(self, row):
        text = self.env._(
            "Row %(id)s (DataType %(type)s, shop %(shop)s, %(date)s) was listed and "
            "gone before it could be read. Have RASO export that day again.",
            id=row.source_id,
            type=row.data_type,
            shop=row.shop_no or "-",
            date=row.rec_date,
        )
        self.message_post(body=text)
        _logger.warning("Connection %s: row %s is gone", self.id, row.source_id)

    def _note_success(self, is_sweep):
        now = fields.Datetime.now()
        if self.failure_count:
            self.message_post(body=self.env._("The server answers again."))
            _logger.info("Connection %s works again", self.id)
        self.write(
            {
                "last_success_at": now,
                "failure_count": 0,
                "next_try_at": now + timedelta(minutes=self.interval),
                **({"swept_at": now} if is_sweep else {}),
            }
        )

    def _note_failure(self, text):
        """Keep what is wrong and wait longer each time; tell of it only at first."""
        now = fields.Datetime.now()
        longest = max(self.interval, LONGEST_WAIT)
        wait = min(self.interval * 2 ** min(self.failure_count, 10), longest)
        if not self.failure_count:
            self.message_post(
                body=tell(self.env, _lt("%(trouble)s It is tried again.", trouble=text))
            )
            _logger.warning("Connection %s: %s", self.id, text)
        self.write(
            {
                "last_error_at": now,
                "last_error": text,
                "failure_count": self.failure_count + 1,
                "next_try_at": now + timedelta(minutes=wait),
            }
        )


def _identity(row):
    """Return a row's number and, in UTC, the moment that RASO made it."""
    date = row.rec_date and from_server(row.rec_date.replace(microsecond=0))
    return row.source_id, date


@contextmanager
def _gathered(troubles):
    """Let other rows go on when the server complains about one of them."""
    try:
        yield
    except TransportError as err:
        if err.kind != "server":
            raise
        troubles.append(err)
