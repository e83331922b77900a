from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..tools.partners import SEPARATORS, clean_code, read_vat, vat_country
from .raso_shop_provider import IS_OTHER_PROVIDER


class Customer(NamedTuple):
    """A customer as SF name it: ``vat`` is '' where ``vat_text`` is no valid number."""

    code: str
    vat: str
    vat_text: str
    name: str
    address: str
    sale_ids: list[int]

    @property
    def vat_key(self):
        """What its number is compared by: a wrong one may stand on a partner too."""
        return self.vat or clean_code(self.vat_text)

    @property
    def signature(self):
        """What stands for a customer that has no code."""
        return self.name, self.address, self.vat_text


class RasoCashSalePartner(models.Model):
    """The step *match*, part two: the customers that SF name."""

    _inherit = "raso.cash.sale"

    def _match_partners(self, company, ids):
        """Tie each SF to its customer: by company code, VAT code, or made.

        Several partners with the code leave the SF held, and so does one that a
        person archived: to take it, or to make its double, is for a person.
        """
        customers = self._list_customers(company, ids)
        if not customers:
            return
        codes, vats, earlier = self._find_customers(company, customers)
        # each number was checked already: one that Odoo doubts must not stop the rest
        partners = self.env["res.partner"].with_context(no_vat_validation=True)
        for customer in customers:
            found = (
                codes.get(customer.code)
                or vats.get(customer.vat_key)
                or earlier.get(customer.signature)
            )
            if not found and (customer.code or customer.vat or customer.name):
                found = partners.create(self._prepare_partner_vals(company, customer))
                # the next SF of the same batch finds it too
                if customer.code:
                    codes[customer.code] = found
                if customer.vat:
                    vats[customer.vat] = found
            if found and len(found) == 1 and found.active:
                self.env.cr.execute(
                    SQL(
                        "UPDATE raso_cash_sale SET partner_id = %s WHERE id = ANY(%s)",
                        found.id,
                        customer.sale_ids,
                    )
                )

    def _list_customers(self, company, ids):
        """Return the customers of SF that have no partner yet.

        What is never booked, being of a day before the start or of the other data
        provider, makes no partner.
        Those with both codes come first: a partner made of one is found by either.
        """
        rows = self.env.execute_query(
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
        customers = [self._read_customer(company, *row) for row in rows]
        customers.sort(key=lambda one: (not (one.code and one.vat), not one.code, one))
        return customers

    def _read_customer(self, company, code, vat, *rest):
        country = company.account_fiscal_country_id.code
        return Customer(clean_code(code), read_vat(vat, country), vat or "", *rest)

    def _find_customers(self, company, customers):
        """Return the partners known by company code, by VAT code and by name."""
        return (
            self._find_by_code(company, {one.code for one in customers} - {""}),
            self._find_by_vat(company, {one.vat_key for one in customers} - {""}),
            self._find_earlier(
                company, [one for one in customers if not (one.code or one.vat)]
            ),
        )

    def _find_by_code(self, company, codes):
        """Return ``{company code: partners}``."""
        rows = self._find_coded(company, "company_registry", sorted(codes))
        return self._group_partners(
            (code, partner_id) for code, partner_id, _country in rows
        )

    def _find_by_vat(self, company, numbers):
        """Return ``{VAT number: partners}``; people leave the own country's prefix out.

        Only on partners of that country, or of none: elsewhere the same digits are
        somebody else's.
        """
        own = company.account_fiscal_country_id.code
        bare = {number[2:]: number for number in numbers if vat_country(number) == own}
        rows = self._find_coded(company, "vat", sorted(numbers | bare.keys()))
        return self._group_partners(
            (bare.get(code, code), partner_id)
            for code, partner_id, country in rows
            if code in numbers or country in (own, None)
        )

    def _find_coded(self, company, field, codes):
        """Return code, id and country of the commercial partners that bear ``codes``.

        One query over all partners of the company, archived ones too.
        """
        if not codes:
            return []
        self.env["res.partner"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT coded.code, coded.id, country.code
                  FROM (SELECT *, upper(translate(%(field)s, %(strip)s, '')) AS code
                          FROM res_partner) AS coded
             LEFT JOIN res_country country ON country.id = coded.country_id
                 WHERE coded.code = ANY(%(codes)s)
                   AND coded.commercial_partner_id = coded.id
                   AND (coded.company_id IS NULL
                        OR coded.company_id = ANY(%(companies)s))
              ORDER BY coded.id
                """,
                field=SQL.identifier(field),
                strip=SEPARATORS,
                codes=codes,
                companies=company.parent_ids.ids,
            )
        )

    def _group_partners(self, pairs):
        """Return ``{key: partners}``; archived ones count where no other is."""
        found = {}
        for key, partner_id in pairs:
            found.setdefault(key, []).append(partner_id)
        partners = self.env["res.partner"]
        groups = {key: partners.browse(ids) for key, ids in found.items()}
        return {key: group.filtered("active") or group for key, group in groups.items()}

    def _find_earlier(self, company, customers):
        """Without codes only a customer that an earlier SF made is the same."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT name, address, vat, sale.partner_id
                  FROM unnest(%s::text[], %s::text[], %s::text[])
                       AS wanted(name, address, vat)
                  JOIN raso_cash_sale sale
                    ON sale.company_id = %s AND sale.partner_id IS NOT NULL
                   AND COALESCE(sale.partner_code, '') = ''
                   AND COALESCE(sale.partner_vat, '') = vat
                   AND sale.partner_name = name
                   AND COALESCE(sale.partner_address, '') = address
                """,
                [one.name for one in customers],
                [one.address for one in customers],
                [one.vat_text for one in customers],
                company.id,
            )
        )
        return self._group_partners((tuple(key), pid) for *key, pid in rows)

    def _prepare_partner_vals(self, company, customer):
        """A VAT code that is wrong stays on the SF as text, not on the partner."""
        is_company = bool(customer.code or customer.vat_text)
        return {
            "name": customer.name or customer.code or customer.vat,
            "is_company": is_company,
            "company_registry": customer.code or False,
            "vat": customer.vat or False,
            "street": customer.address or False,
            "country_id": self._find_country(company, customer.vat).id,
        }

    def _find_country(self, company, vat):
        """The country that a valid VAT code names, else the company's own."""
        return (
            self.env["res.country"].search([("code", "=", vat_country(vat))], limit=1)
            or company.account_fiscal_country_id
        )

    def _find_rival_partners(self):
        """Return the partners that leave it open who this SF's customer is."""
        self.ensure_one()
        customer = self._read_customer(
            self.company_id,
            self.partner_code,
            self.partner_vat,
            self.partner_name or "",
            self.partner_address or "",
            self.ids,
        )
        codes, vats, earlier = self._find_customers(self.company_id, [customer])
        return (
            codes.get(customer.code)
            or vats.get(customer.vat_key)
            or earlier.get(customer.signature)
            or self.env["res.partner"]
        )
