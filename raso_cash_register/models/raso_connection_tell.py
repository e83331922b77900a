import logging

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class RasoConnection(models.Model):
    """The step *tell*: people hear of what goes wrong."""

    _inherit = "raso.connection"

    failing_since = fields.Datetime(
        readonly=True, copy=False, help="The first of the tries in a row that failed."
    )

    @api.model
    def _run_tell(self):
        alarms = self.env["raso.alarm"]
        try:
            changes, staff = alarms._find_changes()
            for _batch in alarms._follow(changes, staff):
                if not self._keep_progress():
                    return False
        except (OperationalError, UniqueViolation):
            self.env.cr.rollback()
            _logger.info("Activities are busy, the next run tells")
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Telling people failed")
        return True

    def _note_success(self, is_sweep):
        result = super()._note_success(is_sweep)
        self.failing_since = False
        return result

    def _note_failure(self, text):
        result = super()._note_failure(text)
        self.failing_since = self.failing_since or self.last_error_at
        return result
