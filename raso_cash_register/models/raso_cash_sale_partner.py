from stdnum.eu import vat as eu_vat

from odoo import models
from odoo.tools import SQL


class RasoCashSalePartner(models.Model):
    """The step *match*, part two: the customers that SF name."""

    _inherit = "raso.cash.sale"

    def _match_partners(self, company, ids):
        """Tie each SF to its customer: by company code, VAT code, or made.

        Several partners with the code leave the SF held: a person decides.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(partner_code, ''), COALESCE(partner_vat, ''),
                       COALESCE(partner_name, ''), COALESCE(partner_address, ''),
                       array_agg(id)
                  FROM raso_cash_sale
                 WHERE id = ANY(%s) AND kind IN ('sf', 'sf_return')
                   AND partner_id IS NULL
              GROUP BY 1, 2, 3, 4
                """,
                ids,
            )
        )
        for code, vat, name, address, sale_ids in rows:
            partners = self._find_partners(company, code, vat, name, address)
            if not partners and (code or vat or name):
                partners = self.env["res.partner"].create(
                    self._prepare_partner_vals(company, code, vat, name, address)
                )
            if len(partners) == 1:
                self.env.cr.execute(
                    SQL(
                        "UPDATE raso_cash_sale SET partner_id = %s WHERE id = ANY(%s)",
                        partners.id,
                        sale_ids,
                    )
                )

    def _find_partners(self, company, code, vat, name, address):
        """Return the commercial partners that the receipt's data name."""
        partners = self.env["res.partner"]
        companies = [False, *company.parent_ids.ids]
        base = [("parent_id", "=", False), ("company_id", "in", companies)]
        if code:
            partners = partners.search([*base, ("company_registry", "=", code)])
        if not partners and vat:
            partners = partners.search([*base, ("vat", "=", vat)])
        if not partners and not code and not vat:
            # without codes only a customer that an earlier SF made is the same
            earlier = self.search(
                [
                    ("company_id", "=", company.id),
                    ("partner_code", "in", (False, "")),
                    ("partner_vat", "in", (False, "")),
                    ("partner_name", "=", name),
                    ("partner_address", "in", (address, address or False)),
                    ("partner_id", "!=", False),
                ],
                limit=1,
            )
            partners = earlier.partner_id
        return partners

    def _prepare_partner_vals(self, company, code, vat, name, address):
        """A VAT code that is wrong stays on the SF as text, not on the partner."""
        is_vat = bool(vat) and eu_vat.is_valid(vat)
        return {
            "name": name or code or vat,
            "is_company": True,
            "company_registry": code or False,
            "vat": vat if is_vat else False,
            "street": address or False,
            "country_id": self._find_country(company, vat if is_vat else "").id,
        }

    def _find_country(self, company, vat):
        """The country that a valid VAT code names, else the company's own."""
        return (
            self.env["res.country"].search([("code", "=", vat[:2].upper())])
            or company.account_fiscal_country_id
        )
