import logging
from collections import Counter

from psycopg2 import OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)


class RasoConnection(models.Model):
    _inherit = "raso.connection"

    @api.model
    def _run_days(self):
        """Check the tills' days that something changed on; return if time is left."""
        days = self.env["raso.register.day"]
        companies = self._get_companies()
        self._start_step("days", days._count_stale(companies))
        while True:
            try:
                stale = days._find_stale(companies)
                if not stale:
                    return True
                # now: a day that holds nothing any more goes with its check
                counts = Counter(day.company_id for day in stale)
                stale._check_each()
                self.env.flush_all()
                for company, count in counts.items():
                    self._count_done("days", company, count)
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("Till days are busy, the next run checks them")
                return True
            if not self._keep_progress():
                return False
