from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..exceptions import SetupError, TransportError
from .rights import ensure_manager
from .told import Told, tell

CRON = "raso_cash_register.raso_connection_cron_run"
# seconds; one value for all connections, as the driver has one for the whole process
LOGIN_TIMEOUT = 15
QUERY_TIMEOUT = 60


class RasoConnection(models.Model):
    """A RASO set-up of a company: where its documents come from, and how it goes."""

    _name = "raso.connection"
    _description = "RASO Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        default=lambda self: self._default_name(),
        tracking=True,
        help="What the connection is called in lists and messages, e.g. “Vilnius "
        "shops”.",
    )
    active = fields.Boolean(
        default=True,
        help="Archived: nothing is fetched any more. Documents that are here "
        "stay, and are still read and booked.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company whose stock and accounts the tills' sales are booked "
        "in. It must keep its books in EUR.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Gets the activities when documents of this connection need a "
        "person. Empty: nobody is asked, troubles are only shown.",
    )
    provider = fields.Selection(
        [("kvitas", "KVITAS (receipts)"), ("rivile", "RIVILĖ (daily sheets)")],
        required=True,
        default="kvitas",
        tracking=True,
        help="What RASO is set up to export. KVITAS: every receipt with its "
        "lines. RIVILĖ: the day's sums of a till. It can't be changed once "
        "documents of it are here.",
    )
    client = fields.Selection(
        [("mssql", "SQL Server exchange database")],
        required=True,
        default="mssql",
        help="How documents reach Odoo. SQL Server: they are read from RASO's "
        "exchange database and marked there as taken.",
    )
    server = fields.Char(
        tracking=True,
        help="Name or IP address of the machine with RASO's exchange database, "
        "e.g. 192.168.1.10. Odoo's own server must be able to reach it.",
    )
    port = fields.Integer(
        default=1433,
        tracking=True,
        help="1433 unless RASO's administrator chose another one.",
    )
    database = fields.Char(
        tracking=True,
        help="The exchange database on that server. Its name often looks like "
        "MS3_…_IMG.",
    )
    login = fields.Char(
        string="User",
        tracking=True,
        groups="base.group_system",
        help="SQL Server user. It needs the right to run RASO's exchange "
        "procedures, no other.",
    )
    password = fields.Char(
        groups="base.group_system",
        copy=False,
        help="Password of that user. Only administrators see this field; a copy "
        "of the connection doesn't get it.",
    )
    encryption = fields.Selection(
        [("off", "Off"), ("request", "If the server can"), ("require", "Required")],
        required=True,
        default="request",
        help="Required: nothing is fetched if the server can't encrypt. If the "
        "server can: the password and receipts go unencrypted over the "
        "network if it can't. The server's certificate is not checked in "
        "any case.",
    )
    # entered in the settings of Inventory
    login_timeout = fields.Integer(
        compute="_compute_timeouts",
        help="Seconds to wait for a login, e.g. 15. After that the server counts "
        "as away and is tried again later. All connections share this "
        "setting.",
    )
    query_timeout = fields.Integer(
        compute="_compute_timeouts",
        help="Seconds to wait for an answer, e.g. 60: more on slow lines. After "
        "that the fetch is broken off and tried again later. All "
        "connections share this setting.",
    )
    interval = fields.Integer(
        required=True,
        default=10,
        tracking=True,
        help="Minutes between two fetches; after a failure each wait is twice as long "
        "as the one before, up to an hour.",
    )
    is_all_shops = fields.Boolean(
        string="All Shops",
        default=True,
        tracking=True,
        help="On: documents of every shop on the server are taken, and new shops "
        "appear by themselves. Off: only those of the chosen shops; rows "
        "of others are left untouched for other programs.",
    )
    shop_ids = fields.Many2many(
        "raso.shop",
        string="Shops",
        check_company=True,
        help="The only shops whose documents are taken.",
    )
    book_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Receipts of earlier days are fetched and shown, and never booked. "
        "Choose the first day that isn't in your books yet. A shop can have "
        "its own day.",
    )
    state = fields.Selection(
        [("draft", "To confirm"), ("confirmed", "Confirmed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        help="To confirm: nothing is fetched. Confirmed: documents are fetched "
        "by themselves.",
    )
    tested_at = fields.Datetime(
        string="Last Tested",
        readonly=True,
        copy=False,
        help="When Test Connection last found the server and its procedures in order.",
    )
    last_try_at = fields.Datetime(string="Last Try", readonly=True, copy=False)
    last_success_at = fields.Datetime(
        string="Last Fetch",
        readonly=True,
        copy=False,
        help="When documents were last fetched without any trouble.",
    )
    last_error_at = fields.Datetime(readonly=True, copy=False)
    last_error = Told(
        readonly=True,
        copy=False,
        help="What was wrong at the last failed try, and the way out.",
    )
    failure_count = fields.Integer(
        readonly=True,
        copy=False,
        help="Tries in a row that failed: the wait doubles with each, up to an hour.",
    )
    next_try_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Nothing is fetched before then. Fetch Now doesn't wait.",
    )
    swept_at = fields.Datetime(
        string="Last Check for Missing",
        readonly=True,
        copy=False,
        help="Once a day all rows of the last 15 days are compared with what is "
        "here, so that none is missed.",
    )
    lease_until = fields.Datetime(readonly=True, copy=False)
    exchange_ids = fields.One2many("raso.exchange", "connection_id")

    _all_shops_uniq = models.UniqueIndex(
        "(lower(server), port, lower(database), provider) "
        "WHERE is_all_shops AND active AND state = 'confirmed'",
        "Another connection already takes all shops of this server.",
    )

    _positive_interval = models.Constraint(
        "CHECK (interval > 0)", "The minutes between two fetches must be 1 or more."
    )

    @api.model
    def _default_name(self):
        return self.env._("RASO %(company)s", company=self.env.company.name)

    def _compute_timeouts(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        for connection in self:
            connection.login_timeout = int(
                get_param("raso_cash_register.login_timeout", LOGIN_TIMEOUT)
            )
            connection.query_timeout = int(
                get_param("raso_cash_register.query_timeout", QUERY_TIMEOUT)
            )

    @api.constrains("company_id")
    def _check_currency(self):
        for connection in self:
            if trouble := self._explain_currency(connection.company_id):
                raise ValidationError(trouble)

    @api.model
    def _explain_currency(self, company):
        """Say why ``company`` can't book what tills count, or ''."""
        currency = company.currency_id
        if currency.name == "EUR":
            return ""
        return self.env._(
            "RASO tills count in EUR, but %(company)s keeps its books in "
            "%(currency)s. Choose a company whose currency is EUR.",
            company=company.name,
            currency=currency.name,
        )

    @api.constrains("provider")
    def _check_provider(self):
        """Documents are read in the dialect that they came in."""
        for connection in self:
            provider = connection._get_provider()
            other = self.env["raso.exchange"].search(
                [
                    ("connection_id", "=", connection.id),
                    ("content", "in", provider._get_contents()),
                    ("provider", "!=", False),
                    "!",
                    ("provider", "=ilike", provider._get_data_provider()),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "Connection %(name)s has documents of %(provider)s already: "
                        "make a connection of its own for the other data provider.",
                        name=connection.name,
                        provider=other.provider,
                    )
                )

    @api.constrains("state", "is_all_shops", "shop_ids")
    def _check_shops(self):
        for connection in self:
            if (
                connection.state == "confirmed"
                and not connection.is_all_shops
                and not connection.shop_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Connection %(name)s takes no shop at all: choose its shops, "
                        "or All Shops.",
                        name=connection.name,
                    )
                )

    @api.constrains("state", "server", "database")
    def _check_settings(self):
        for connection in self:
            secrets = connection.sudo()
            if connection.state == "confirmed" and not (
                connection.server and connection.database and secrets.login
            ):
                raise ValidationError(
                    self.env._(
                        "Connection %(name)s: enter the server, the database and the "
                        "user first; an administrator can.",
                        name=connection.name,
                    )
                )

    def action_test(self):
        """Try all that fetching needs; change nothing on the server."""
        self.ensure_one()
        ensure_manager(self.env)
        try:
            with self._get_client()._open(self) as session:
                session.check()
        except (TransportError, SetupError) as err:
            raise UserError(tell(self.env, err.text)) from err
        self.tested_at = fields.Datetime.now()
        return self._notify(
            self.env._(
                "The server %(server)s answers and RASO's procedures may be run.",
                server=self.server,
            )
        )

    def action_confirm(self):
        self.ensure_one()
        ensure_manager(self.env)
        self.write({"state": "confirmed", "next_try_at": False})
        self.flush_recordset()
        self.env.ref(CRON).sudo().toggle(self._name, [("state", "=", "confirmed")])
        self._trigger_run()
        return {"type": "ir.actions.client", "tag": "raso_watch_progress"}

    def action_set_draft(self):
        self.ensure_one()
        ensure_manager(self.env)
        self.state = "draft"
        return True

    def action_fetch_now(self):
        """Fetch within a minute, even while waiting after a failure."""
        self.ensure_one()
        ensure_manager(self.env)
        if self.state != "confirmed":
            raise UserError(
                self.env._("Confirm connection %(name)s first.", name=self.name)
            )
        cron = self.env.ref(CRON).sudo()
        if not cron.active:
            raise UserError(
                self.env._(
                    "The scheduled action “%(cron)s” is switched off. Have an "
                    "administrator switch it on under Settings, Technical, "
                    "Scheduled Actions.",
                    cron=cron.name,
                )
            )
        self.next_try_at = False
        self._trigger_run()
        return self._notify(
            self.env._(
                "%(name)s is being fetched, read and booked within a minute: the top "
                "bar says how it goes.",
                name=self.name,
            ),
            is_watched=True,
        )

    def action_check_missing(self):
        """Look through all rows of the last days for what we don't have."""
        self.ensure_one()
        ensure_manager(self.env)
        self.swept_at = False
        return self.action_fetch_now()

    def action_view_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_exchange_action"
        )
        return action | {"domain": [("connection_id", "=", self.id)]}

    def action_view_sales(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_action"
        )
        return action | {"domain": [("exchange_id.connection_id", "=", self.id)]}

    @api.model
    def _trigger_run(self):
        self.env.ref(CRON).sudo()._trigger()

    def _get_client(self):
        return self.env[f"raso.client.{self.client}"]

    def _get_provider(self):
        return self.env[f"raso.provider.{self.provider}"]

    @api.model
    def _notify(self, message, is_watched=False):
        """:param is_watched: have the top bar show how the scheduled action goes"""
        params = {
            "message": message,
            "type": "success",
            # the button's view is loaded anew
            "next": {"type": "ir.actions.act_window_close"},
        }
        if is_watched:
            params["next"] = {"type": "ir.actions.client", "tag": "raso_watch_progress"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": params,
        }
