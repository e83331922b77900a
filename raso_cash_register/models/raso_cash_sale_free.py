from odoo import api, models
from odoo.tools import SQL

from .raso_cash_sale_line import OPEN_STATES

# how many receipts and documents are booked while a person waits; more are left to the
# scheduled action, which is told to run at once
AT_ONCE = 200
DOCUMENTS_AT_ONCE = 10


class RasoCashSaleFree(models.Model):
    """What waited is booked at once when its cause is gone."""

    _inherit = "raso.cash.sale"

    def _go_on(self):
        """Match receipts whose items were changed, and book what is ripe.

        To be called as superuser: whoever may assign items may have them booked.
        """
        for company, sales in self.grouped("company_id").items():
            sales._rematch(company)
            sales._book_freed(company)

    def _rematch(self, company):
        """Match the open receipts, and the late items of booked ones.

        What a person unbooked is matched and goes on waiting for that person.
        """
        unbooked = self.filtered(lambda sale: sale.hold_cause == "unbooked")
        booked = self.filtered(lambda sale: sale.state == "booked")
        others = self.filtered(lambda sale: sale.state in OPEN_STATES) - unbooked
        others._match(company)
        rest = (unbooked | booked).ids
        if rest:
            self.env.flush_all()
            self._match_products(company, rest)
            self._match_vat(company, unbooked.ids)
            self.env.invalidate_all(flush=False)

    def _book_freed(self, company):
        """Book the ripe groups of these receipts whole: a supplement each."""
        documents = self.env["raso.trade.document"].with_company(company)
        ids = set(self.ids)
        groups = [
            group
            for group in documents._find_ripe_groups(company)
            if not ids.isdisjoint(group.sale_ids)
        ]
        late = documents._find_write_offs(company, self)
        count = sum(len(group.sale_ids) for group in groups)
        count += sum(len(lines) for _document, lines in late)
        if count > AT_ONCE or len(groups) + len(late) > DOCUMENTS_AT_ONCE:
            self.env["raso.connection"]._trigger()
            return
        for group in groups:
            documents._book_group(group)
        for document, lines in late:
            document._write_off(lines)
        # a till that is being booked right now is left to the next run
        ripe = self.browse(sale_id for group in groups for sale_id in group.sale_ids)
        ripe.invalidate_recordset(["state"])
        is_busy = any(sale.state == "matched" for sale in ripe)
        if is_busy or late and documents._find_write_offs(company, self):
            self.env["raso.connection"]._trigger()

    @api.model
    def _match_late(self, company):
        """Find products of items whose money was booked before they had one."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT cash_sale_id FROM raso_cash_sale_line "
                "WHERE company_id = %s AND is_late AND state = 'white'",
                company.id,
            )
        )
        if rows:
            self._match_products(company, [row[0] for row in rows])
            self.env.invalidate_all(flush=False)

    def action_assign(self):
        """Choose the products of the receipts' white items."""
        self.check_access("read")
        white = self.line_ids.filtered(lambda line: line.state == "white")
        return white.action_assign()
