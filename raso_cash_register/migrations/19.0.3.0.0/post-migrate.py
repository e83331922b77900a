"""Columns that lists and the analysis read, for what is here already."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Tell lines their cashier and cost; a document taken back booked nothing."""
    cr.execute(
        """
        UPDATE raso_cash_sale_line line
           SET cashier = sale.cashier
          FROM raso_cash_sale sale
         WHERE sale.id = line.cash_sale_id AND sale.cashier IS NOT NULL
        """
    )
    cr.execute(
        """
        UPDATE raso_trade_document
           SET sale_count = 0, amount_received = 0, vat_received = 0,
               amount_booked = 0, vat_booked = 0
         WHERE state = 'unbooked' AND is_write_off IS NOT TRUE
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["raso.trade.document"].search([("state", "=", "booked")])._keep_costs()
