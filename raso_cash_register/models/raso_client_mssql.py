from odoo import api, models

from ..clients.mssql import ExchangeDatabase, ServerSettings


class RasoClientMssql(models.AbstractModel):
    """RASO's exchange database on a SQL Server."""

    _name = "raso.client.mssql"
    _inherit = "raso.client"
    _description = "RASO Client: SQL Server"

    @api.model
    def _open(self, connection):
        # user and password are for system administrators, fetching is for managers
        secrets = connection.sudo()
        return ExchangeDatabase(
            ServerSettings(
                server=connection.server,
                port=connection.port,
                database=connection.database,
                user=secrets.login,
                password=secrets.password or "",
                encryption=connection.encryption,
                login_timeout=connection.login_timeout,
                timeout=connection.query_timeout,
            )
        )
