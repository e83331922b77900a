"""What later steps find out as they go, for what is here already."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Tell rounding up from down, tie receipts to Z reports, have the days checked."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    kinds = env["raso.payment.kind"].with_context(active_test=False)
    kinds.search([("usage", "=", "rounding"), ("code", "=", "1002")]).is_gain = True
    reports = env["raso.z.report"].search([])
    pairs = reports._link_sales()
    reports._mark_days(pairs)
    cr.execute("SELECT DISTINCT register_id, day FROM raso_cash_sale WHERE is_identity")
    env["raso.register.day"]._mark_days(set(cr.fetchall()))
