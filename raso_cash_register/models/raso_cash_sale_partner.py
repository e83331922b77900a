from stdnum.eu import vat as eu_vat

from odoo import models
from odoo.tools import SQL

from .raso_shop_provider import IS_OTHER_PROVIDER


class RasoCashSalePartner(models.Model):
    """The step *match*, part two: the customers that SF name."""

    _inherit = "raso.cash.sale"

    def _match_partners(self, company, ids):
        """Tie each SF to its customer: by company code, VAT code, or made.

        Several partners with the code leave the SF held: a person decides.
        """
        customers = self._list_customers(ids)
        codes, vats = (
            self._find_partners_by(company, field, {row[place] for row in customers})
            for place, field in enumerate(("company_registry", "vat"))
        )
        none = self.env["res.partner"]
        for code, vat, name, address, sale_ids in customers:
            partners = code and codes.get(code) or vat and vats.get(vat)
            if not partners and not code and not vat:
                partners = self._find_earlier_partner(company, name, address)
            if not partners and (code or vat or name):
                partners = none.create(
                    self._prepare_partner_vals(company, code, vat, name, address)
                )
                # the next SF of the same batch finds it too
                codes.setdefault(code, partners)
                vats.setdefault(vat, partners)
            if partners and len(partners) == 1:
                self.env.cr.execute(
                    SQL(
                        "UPDATE raso_cash_sale SET partner_id = %s WHERE id = ANY(%s)",
                        partners.id,
                        sale_ids,
                    )
                )

    def _list_customers(self, ids):
        """Return company code, VAT code, name, address and receipts of new customers.

        What is never booked, being of a day before the start or of the other data
        provider, makes no partner.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(partner_code, ''), COALESCE(partner_vat, ''),
                       COALESCE(partner_name, ''), COALESCE(partner_address, ''),
                       array_agg(sale.id)
                  FROM raso_cash_sale sale
                  JOIN raso_shop shop ON shop.id = sale.shop_id
                  JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
                  JOIN raso_connection connection
                    ON connection.id = exchange.connection_id
                 WHERE sale.id = ANY(%s) AND sale.kind IN ('sf', 'sf_return')
                   AND sale.partner_id IS NULL
                   AND sale.day >= COALESCE(shop.book_from, connection.book_from)
                   AND NOT %s
              GROUP BY 1, 2, 3, 4
                """,
                ids,
                IS_OTHER_PROVIDER,
            )
        )

    def _find_partners_by(self, company, field, values):
        """Return ``{value: commercial partners}`` in one query."""
        companies = [False, *company.parent_ids.ids]
        return (
            self.env["res.partner"]
            .search(
                [
                    (field, "in", sorted(values - {""})),
                    ("parent_id", "=", False),
                    ("company_id", "in", companies),
                ]
            )
            .grouped(field)
        )

    def _find_earlier_partner(self, company, name, address):
        """Without codes only a customer that an earlier SF made is the same."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("partner_code", "in", (False, "")),
                ("partner_vat", "in", (False, "")),
                ("partner_name", "=", name),
                ("partner_address", "in", (address, address or False)),
                ("partner_id", "!=", False),
            ],
            limit=1,
        ).partner_id

    def _prepare_partner_vals(self, company, code, vat, name, address):
        """A VAT code that is wrong stays on the SF as text, not on the partner."""
        is_vat = bool(vat) and eu_vat.is_valid(vat)
        return {
            "name": name or code or vat,
            "is_company": bool(code or vat),
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
