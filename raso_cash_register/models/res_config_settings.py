from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .raso_connection import LOGIN_TIMEOUT, QUERY_TIMEOUT


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    raso_login_timeout = fields.Integer(
        string="Login Timeout",
        default=LOGIN_TIMEOUT,
        config_parameter="raso_cash_register.login_timeout",
        help="How long fetching waits for RASO's server to accept the login. Shorter: "
        "a server that is away holds up the other connections less.",
    )
    raso_query_timeout = fields.Integer(
        string="Answer Timeout",
        default=QUERY_TIMEOUT,
        config_parameter="raso_cash_register.query_timeout",
        help="How long fetching waits for an answer. Too short: large documents of a "
        "slow server never come through.",
    )

    @api.constrains("raso_login_timeout", "raso_query_timeout")
    def _check_raso_timeouts(self):
        for settings in self:
            if min(settings.raso_login_timeout, settings.raso_query_timeout) <= 0:
                raise ValidationError(
                    self.env._("A timeout must be one second or more.")
                )

    def action_raso_checklist(self):
        """Open the company's checklist."""
        return self.env["raso.checklist"].action_open()
