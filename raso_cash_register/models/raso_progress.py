from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .raso_connection import CRON

# a run that has kept nothing for so long was killed: no piece of work takes longer
STALE_AFTER = timedelta(minutes=10)
END = {"step": "end", "counts": {}}


class IrCronProgress(models.Model):
    """How far a run of the scheduled action is, kept with each commit that it makes.

    Each run has a row of its own: two of them never wait for each other.
    """

    _inherit = "ir.cron.progress"

    # {"step": name, "counts": {company id: [done, total]}}
    raso_progress = fields.Json()


class RasoConnection(models.Model):
    """*n of m*: steps say how much they have to do, and count what they did."""

    _inherit = "raso.connection"

    def _get_progress_row(self):
        """Return the row of this run; none outside the scheduled action."""
        row_id = self.env.context.get("ir_cron_progress_id")
        return self.env["ir.cron.progress"].sudo().browse(row_id)

    @api.model
    def _start_step(self, step, totals):
        """Say how much there is to do, and commit: nothing of the step is done yet.

        A step that the run before had no time to end goes on counting from there.

        :param totals: ``{company: count}``
        """
        if any(totals.values()):
            self._set_step(step, totals)
            self.env["ir.cron"]._commit_progress(remaining=1)

    def _set_step(self, step, totals):
        row = self._get_progress_row()
        if not row or not any(totals.values()):
            return  # not the scheduled action, or nothing to do
        before = self._find_progress(row)
        counts = before["counts"] if before["step"] == step else {}
        row.raso_progress = {
            "step": step,
            "counts": {
                str(company.id): [done, done + total]
                for company, total in totals.items()
                for done in [counts.get(str(company.id), [0])[0]]
            },
        }

    def _find_progress(self, row):
        """Return what the run before ``row`` had to do when its time was over."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT raso_progress FROM ir_cron_progress
                 WHERE cron_id = %s AND id < %s AND raso_progress IS NOT NULL
                   AND write_date > %s
              ORDER BY id DESC LIMIT 1
                """,
                row.cron_id.id,
                row.id,
                self._get_stale_moment(),
            )
        )
        return rows[0][0] if rows else END

    def _get_stale_moment(self):
        return fields.Datetime.now() - STALE_AFTER

    @api.model
    def _count_done(self, step, company, count=1):
        """Count pieces as done; kept by the commit that keeps them."""
        row = self._get_progress_row()
        progress = row.raso_progress or END
        if progress["step"] != step:
            return
        if counts := progress["counts"].get(str(company.id)):
            done, total = counts
            row.raso_progress = {
                **progress,
                "counts": {
                    **progress["counts"],
                    str(company.id): [done + count, max(done + count, total)],
                },
            }

    @api.model
    def _end_steps(self):
        """Say that nothing is left to do; kept by the commit that ends the run."""
        if row := self._get_progress_row():
            row.raso_progress = END

    @api.model
    @api.readonly
    def get_progress(self):
        """Return how far the scheduled action is with the user's companies.

        :return: ``run``, which tells one run from the next, and its ``state``: running
            or stopped, with the ``text`` that says it, or False: nothing is done now
        """
        if not self.has_access("read"):
            raise AccessError(self.env._("Only RASO users see how fetching goes."))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, raso_progress, write_date < %s
                  FROM ir_cron_progress
                 WHERE cron_id = %s AND raso_progress IS NOT NULL
              ORDER BY id DESC LIMIT 1
                """,
                self._get_stale_moment(),
                self.env.ref(CRON).id,
            )
        )
        run, progress, is_stale = rows[0] if rows else (0, END, False)
        counts = progress["counts"]
        ours = [
            counts[str(one.id)] for one in self.env.companies if str(one.id) in counts
        ]
        done, total = (
            (sum(column) for column in zip(*ours, strict=True)) if ours else (0, 0)
        )
        if not total:
            return {"run": run, "state": False}
        text = self._describe_progress(progress["step"], done, total)
        if is_stale:
            text = self.env._(
                "%(text)s. It stopped, and will go on by itself.", text=text
            )
        state = "stopped" if is_stale else "running"
        return {"run": run, "state": state, "text": text, "done": done, "total": total}

    def _describe_progress(self, step, done, total):
        texts = {
            "fetch": self.env._("Fetching: %(done)s of %(total)s documents"),
            "read": self.env._("Reading: %(done)s of %(total)s documents"),
            "match": self.env._("Matching: %(done)s of %(total)s receipts"),
            "unbook": self.env._("Unbooking: %(done)s of %(total)s documents"),
            "book": self.env._("Booking: %(done)s of %(total)s groups of receipts"),
            "revenue": self.env._("Making revenue entries: %(done)s of %(total)s"),
            "write_off": self.env._("Writing off: %(done)s of %(total)s documents"),
            "days": self.env._("Checking till days: %(done)s of %(total)s"),
            "report": self.env._("Reporting to RASO: %(done)s of %(total)s documents"),
        }
        return texts[step] % {"done": done, "total": total}
