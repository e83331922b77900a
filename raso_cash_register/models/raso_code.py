from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class Match(NamedTuple):
    """What a pair of codes means.

    ``unit_id`` is the unit that the till's quantity counts, ``factor`` how many of
    the product's own unit it holds. ``warning`` is a key of the line's warnings.
    """

    product_id: int | None = None
    unit_id: int | None = None
    factor: Decimal = Decimal(1)
    warning: str | None = None


class RasoCode(models.Model):
    """A code of the tills that a person tied to a product."""

    _name = "raso.code"
    _description = "RASO Remembered Code"
    _inherit = ["raso.wakes"]
    _order = "company_id, code"
    _rec_name = "code"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    code = fields.Char(
        required=True,
        help="CODE or VCODE as RASO sends it. Every item with it gets the "
        "product beside it, whatever the barcodes of products say.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        check_company=True,
        help="What is moved and sold for items with this code. Changing it "
        "changes what isn't booked yet.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "This code is already tied to a product."
    )

    @api.model
    def _find_products(self, company, pairs):
        """Return a ``Match`` for every ``(code, vcode)`` of ``pairs``.

        A handful of queries whatever the number of pairs. The order is the
        interface page's (part 6): a remembered code, then VCODE = internal
        reference, then CODE as barcode, without leading zeros, as a packaging's
        barcode, by the barcode nomenclature.
        """
        pairs = list(pairs)
        codes = sorted({code for code, _vcode in pairs if code})
        vcodes = sorted({vcode for _code, vcode in pairs if vcode})
        remembered = self._find_remembered(company, codes + vcodes)
        by_reference = self._find_by("default_code", company, vcodes)
        by_code = self._find_by_barcode(company, codes)
        return {
            pair: self._choose(pair, remembered, by_reference, by_code)
            for pair in pairs
        }

    @api.model
    def _remember(self, company, products):
        """Tie codes to products.

        :param products: ``{code: product}``
        """
        known = self.search(
            [("company_id", "=", company.id), ("code", "in", list(products))]
        )
        for record in known:
            if record.product_id != products[record.code]:
                record.product_id = products[record.code]
        new = products.keys() - set(known.mapped("code"))
        if new:
            self.create(
                [
                    {
                        "company_id": company.id,
                        "code": code,
                        "product_id": products[code].id,
                    }
                    for code in sorted(new)
                ]
            )

    def _find_remembered(self, company, codes):
        records = self.search([("company_id", "=", company.id), ("code", "in", codes)])
        return {
            record.code: [Match(record.product_id.id, record.product_id.uom_id.id)]
            for record in records
        }

    def _find_by(self, field, company, values):
        """Return ``{value: [Match, …]}``, active products before archived ones."""
        products = self._find_candidates(company, [(field, "in", values)])
        return self._matches((product[field], product) for product in products)

    def _find_candidates(self, company, domain):
        """Products that ``company`` can sell, archived ones too."""
        companies = [False, *company.parent_ids.ids]
        return (
            self.env["product.product"]
            .with_context(active_test=False)
            .search([*domain, ("company_id", "in", companies)], order="id")
        )

    def _matches(self, pairs):
        """Group ``(key, product)``; archived products count where no other is."""
        found = {}
        for key, product in pairs:
            found.setdefault(key, []).append(product)
        return {
            key: [
                Match(
                    product.id, product.uom_id.id, warning=self._warn_archived(product)
                )
                for product in ([p for p in products if p.active] or products)
            ]
            for key, products in found.items()
        }

    def _warn_archived(self, product):
        return None if product.active else "archived"

    def _find_by_barcode(self, company, codes):
        """Try the ways a barcode can name a product; the first that finds wins."""
        found = {}
        for find in (
            lambda rest: self._find_by("barcode", company, rest),
            lambda rest: self._find_unpadded(company, rest),
            lambda rest: self._find_packagings(company, rest),
            lambda rest: self._find_by_nomenclature(company, rest),
        ):
            rest = [code for code in codes if code not in found]
            if not rest:
                break
            found.update(find(rest))
        return found

    def _find_unpadded(self, company, codes):
        """Compare without leading zeros, on either side."""
        wanted = {}
        for code in codes:
            wanted.setdefault(code.lstrip("0"), []).append(code)
        wanted.pop("", None)
        self.env["product.product"].flush_model(["barcode"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, ltrim(barcode, '0') FROM product_product "
                "WHERE ltrim(barcode, '0') = ANY(%s)",
                list(wanted),
            )
        )
        products = self._find_candidates(
            company, [("id", "in", [row[0] for row in rows])]
        )
        return self._matches(
            (code, product)
            for product in products
            for code in wanted[product.barcode.lstrip("0")]
        )

    def _find_packagings(self, company, codes):
        packagings = self.env["product.uom"].search([("barcode", "in", codes)])
        allowed = self._find_candidates(
            company, [("id", "in", packagings.product_id.ids)]
        )
        return {
            packaging.barcode: [self._match_packaging(packaging)]
            for packaging in packagings
            if packaging.product_id in allowed
        }

    def _match_packaging(self, packaging):
        product = packaging.product_id
        factor = packaging.uom_id._compute_quantity(1.0, product.uom_id, round=False)
        return Match(
            product.id,
            packaging.uom_id.id,
            Decimal(repr(factor)),
            self._warn_archived(product),
        )

    def _find_by_nomenclature(self, company, codes):
        """Weight and price barcodes: the base code names the product, no more."""
        bases = {}
        nomenclature = company.nomenclature_id
        if not nomenclature or nomenclature.is_gs1_nomenclature:
            return bases
        for code in codes:
            parsed = nomenclature.parse_barcode(code)
            if parsed["type"] in ("weight", "price"):
                bases.setdefault(parsed["base_code"], []).append(code)
        found = self._find_by("barcode", company, list(bases))
        return {
            code: matches for base, matches in found.items() for code in bases[base]
        }

    def _choose(self, pair, remembered, by_reference, by_code):
        code, vcode = pair
        by_barcode = by_code.get(code, [])
        ways = (
            remembered.get(code) or remembered.get(vcode) or [],
            by_reference.get(vcode, []),
            by_barcode,
        )
        candidates = next((way for way in ways if way), [])
        if not candidates:
            return Match()
        if len(candidates) > 1:
            return Match(warning="several")
        match = candidates[0]
        disagrees = (
            candidates is ways[1]
            and by_barcode
            and match.product_id not in {other.product_id for other in by_barcode}
        )
        if disagrees:
            return match._replace(warning="codes")
        if candidates is ways[1] and len(by_barcode) == 1:
            # the barcode says the unit: QTY counts packs with a packaging's barcode
            return by_barcode[0]
        return match
