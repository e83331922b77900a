"""A lease on a record: the right to work with it for a while, seen by all processes."""

from psycopg2 import OperationalError

from odoo.tools import SQL


class LeaseLost(Exception):
    """The lease ran out and another process took it: stop, it goes on there."""


class Lease:
    """A lease on the record's row, kept in its column ``lease_until``.

    Every method commits: no row lock is held while its holder waits for a network.
    A holder that was killed blocks nobody for longer than ``seconds``.
    """

    def __init__(self, record, seconds):
        self._cr = record.env.cr
        self._table = SQL.identifier(record._table)
        self._id = record.id
        self._seconds = seconds
        self._until = None

    def take(self):
        """Return whether the lease was free, or over, and is ours now."""
        # the moment itself, to the microsecond, tells our lease from another's
        return self._set(
            SQL(
                "lease_until IS NULL OR lease_until < clock_timestamp() AT TIME ZONE "
                "'UTC'"
            ),
        )

    def renew(self):
        """Commit what was done so far and hold the lease for ``seconds`` from now.

        :raise LeaseLost: another process has it; what was done is rolled back
        """
        if not self._set(SQL("lease_until = %s", self._until)):
            raise LeaseLost

    def release(self):
        """Give the lease back, if it is still ours."""
        self._cr.execute(
            SQL(
                "UPDATE %s SET lease_until = NULL WHERE id = %s AND lease_until = %s",
                self._table,
                self._id,
                self._until,
            )
        )
        self._commit()

    def _set(self, condition):
        query = SQL(
            "UPDATE %(table)s SET lease_until = clock_timestamp() AT TIME ZONE 'UTC' "
            "+ make_interval(secs => %(seconds)s) WHERE id = ("
            "SELECT id FROM %(table)s WHERE id = %(id)s AND (%(condition)s) "
            "FOR NO KEY UPDATE SKIP LOCKED) RETURNING lease_until",
            table=self._table,
            seconds=self._seconds,
            id=self._id,
            condition=condition,
        )
        try:
            self._cr.execute(query, log_exceptions=False)
            row = self._cr.fetchone()
        except OperationalError:
            row = None
        if not row:
            self._cr.rollback()
            return False
        self._until = row[0]
        self._commit()
        return True

    def _commit(self):
        # others must see the lease before the network is touched
        self._cr.commit()  # pylint: disable=invalid-commit
