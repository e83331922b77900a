from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.days import VILNIUS
from .raso_shop_provider import IS_OF_BOTH_PROVIDERS, IS_OTHER_PROVIDER

# how many receipts one call takes, so that a million don't make one transaction
BATCH = 20_000


class RasoCashSaleMatch(models.Model):
    """The step *match*: products, VAT rates, payment kinds, types, all in sets."""

    _inherit = "raso.cash.sale"

    @api.model
    def _local_now(self):
        """Return the time on the tills' clocks, aware."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=VILNIUS), fields.Datetime.now()
        )

    @api.model
    def _match_open(self, companies):
        """Match new and held receipts of ``companies``; return how many wait still.

        Receipts whose booking failed or was undone wait for a person.
        """
        left = 0
        for company in companies:
            self.flush_model()
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM raso_cash_sale WHERE company_id = %s "
                    "AND (state = 'new' OR state = 'held' "
                    "AND hold_cause NOT IN ('booking', 'unbooked')) "
                    "ORDER BY state DESC, id",
                    company.id,
                )
            )
            ids = [row[0] for row in rows]
            # held receipts come last: they never starve new ones
            self.browse(ids[:BATCH])._match(company)
            self.env["raso.vat.rate"]._tell_missing_taxes(company)
            left += max(len(ids) - BATCH, 0)
        return left

    def _match(self, company):
        """Find what the receipts' codes mean and say for each: matched, or why not."""
        if not self:
            return
        self.env.flush_all()
        ids = self.ids
        self._match_products(company, ids)
        self._match_vat(company, ids)
        self._match_payments(company, ids)
        self._match_types(ids)
        self._match_partners(company, ids)
        self._set_states(company, ids)
        self.env.invalidate_all(flush=False)

    def _match_products(self, company, ids):
        pairs = self.env.execute_query(
            SQL(
                "SELECT DISTINCT COALESCE(code, ''), COALESCE(vcode, '') "
                "FROM raso_cash_sale_line WHERE cash_sale_id = ANY(%s) "
                "AND state = 'white'",
                ids,
            )
        )
        matches = self.env["raso.code"]._find_products(company, pairs)
        columns = list(
            zip(*((*pair, *match) for pair, match in matches.items()), strict=True)
        )
        if not columns:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale_line l
                   SET product_id = v.product_id,
                       uom_id = v.uom_id,
                       product_quantity = l.quantity * v.factor,
                       warning = v.warning,
                       state = CASE WHEN v.product_id IS NULL THEN 'white'
                                    ELSE 'ready' END
                  FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[],
                              %s::numeric[], %s::text[])
                       AS v(code, vcode, product_id, uom_id, factor, warning)
                 WHERE l.cash_sale_id = ANY(%s) AND l.state = 'white'
                   AND COALESCE(l.code, '') = v.code
                   AND COALESCE(l.vcode, '') = v.vcode
                """,
                *map(list, columns),
                ids,
            )
        )

    # These queries look up by index, line by line: written with joins of subqueries
    # they run for minutes where the planner has no statistics yet.

    def _match_vat(self, company, ids):
        """Tell each line's rate from its money (interface page, part 6).

        A line's VAT may miss its rate's by half a cent for each rounding in it. Of
        the rates that fit on the day the product's own wins, else the nearest.
        The tax is the product's own of that rate, else the rate's; an item without
        taxes at rate 0 (a deposit, a voucher) bears none, nor does tara. A group of
        taxes has no rate of its own: the rate's tax is taken, the disagreement shown.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale_line l
                   SET vat_rate_id = found.rate_id,
                       vat_percent = found.percent,
                       tax_id = CASE
                           WHEN found.own_tax_id IS NOT NULL THEN found.own_tax_id
                           WHEN found.percent = 0 AND l.product_id IS NOT NULL
                                AND found.is_untaxed THEN NULL
                           ELSE found.rate_tax_id END,
                       warning = CASE
                           WHEN l.warning IS NULL OR l.warning = 'vat' THEN
                                CASE WHEN found.own_tax_id IS NULL
                                      AND NOT found.is_untaxed THEN 'vat' END
                           ELSE l.warning END
                  FROM (
                    SELECT line.id, fit.*
                      FROM raso_cash_sale_line line
                 LEFT JOIN LATERAL (
                        SELECT rate.id AS rate_id, rate.percent,
                               rate.tax_id AS rate_tax_id,
                               own.tax_id AS own_tax_id, own.is_untaxed
                          FROM raso_vat_rate rate
                    CROSS JOIN LATERAL (
                            SELECT count(*) = 0 AS is_untaxed,
                                   min(tax.id) FILTER (
                                       WHERE tax.amount_type = 'percent'
                                         AND tax.amount = rate.percent) AS tax_id
                              FROM product_product product
                              JOIN product_taxes_rel rel
                                ON rel.prod_id = product.product_tmpl_id
                              JOIN account_tax tax ON tax.id = rel.tax_id
                             WHERE product.id = line.product_id
                               AND tax.company_id = ANY(%(companies)s)
                               AND tax.type_tax_use = 'sale' AND tax.active) own
                         WHERE rate.company_id = %(company)s
                           AND rate.date_from <= line.day
                           AND (rate.date_to IS NULL OR rate.date_to >= line.day)
                           AND abs(line.vat * (100 + rate.percent)
                                   - line.amount * rate.percent)
                               <= 0.005 * line.vat_roundings * (100 + rate.percent)
                      ORDER BY own.tax_id IS NULL,
                               abs(line.vat - line.amount * rate.percent
                                   / (100 + rate.percent)),
                               rate.percent DESC
                         LIMIT 1) fit ON line.kind NOT IN ('tara', 'tara_cash')
                     WHERE line.cash_sale_id = ANY(%(ids)s)
                  ) found
                 WHERE found.id = l.id
                """,
                ids=ids,
                company=company.id,
                companies=company.parent_ids.ids,
            )
        )

    def _match_payments(self, company, ids):
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale_payment p
                   SET kind_id = (SELECT kind.id FROM raso_payment_kind kind
                                   WHERE kind.company_id = %s AND kind.active
                                     AND kind.code = COALESCE(p.code, ''))
                 WHERE p.cash_sale_id = ANY(%s)
                """,
                company.id,
                ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale sale
                   SET amount_paid = COALESCE((
                       SELECT sum(p.amount) FROM raso_cash_sale_payment p
                    LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
                        WHERE p.cash_sale_id = sale.id
                          AND kind.usage IS DISTINCT FROM 'rounding'), 0)
                 WHERE sale.id = ANY(%s)
                """,
                ids,
            )
        )

    def _match_types(self, ids):
        """The most specific type of the receipt's kind: till, shop, company."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale sale
                   SET transaction_type_id = (
                       SELECT type.id FROM raso_transaction_type type
                        WHERE type.company_id = sale.company_id
                          AND type.kind = sale.kind AND type.active
                          AND (type.shop_id IS NULL OR type.shop_id = sale.shop_id)
                          AND (type.register_id IS NULL
                               OR type.register_id = sale.register_id)
                     ORDER BY type.register_id IS NULL, type.shop_id IS NULL,
                              type.sequence, type.id
                        LIMIT 1)
                 WHERE sale.id = ANY(%s)
                """,
                ids,
            )
        )

    def _set_states(self, company, ids):
        """Say of each receipt whether it is booked, and what holds it.

        A sheet's rounding is its kinds' own: loss less gain, whatever their signs;
        a receipt's is of either sign. What a sheet that only writes off goods was
        paid with is its revenue entry's business.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH cause AS (
                    SELECT sale.id, CASE
                        WHEN sale.day < COALESCE(shop.book_from, conn.book_from)
                            THEN 'before_start'
                        WHEN sale.kind = 'tara_cash'
                             OR %(is_other)s AND NOT %(is_of_both)s THEN 'not_booked'
                        WHEN sale.day > %(today)s + 1 THEN 'future'
                        WHEN shop.warehouse_id IS NULL THEN 'shop'
                        WHEN type.id IS NULL THEN 'type'
                        WHEN line.is_white AND type.white_policy = 'hold'
                            THEN 'white'
                        WHEN line.no_vat THEN 'vat'
                        WHEN payment.no_kind AND NOT is_later THEN 'payment_kind'
                        WHEN is_sheet AND NOT payment.no_kind
                             AND abs(gap - loss + gain) > 0.005 THEN 'payment_sum'
                        WHEN NOT is_sheet AND NOT (is_sf AND payment.is_missing)
                             AND abs(gap - rounding) > 0.005
                             AND abs(gap + rounding) > 0.005 THEN 'payment_sum'
                        WHEN payment.on_account AND NOT is_sf AND NOT is_later
                            THEN 'on_account'
                        WHEN payment.has_cash AND type.is_split
                             AND type.trade IN ('entry', 'invoice')
                             AND till.cash_journal_id IS NULL
                             AND shop.cash_journal_id IS NULL THEN 'till'
                        WHEN is_sf AND sale.partner_id IS NULL
                             AND type.trade = 'invoice' THEN 'partner'
                        WHEN type.is_stock AND line.too_fine THEN 'quantity'
                        WHEN sale.first_day < date_trunc('month', sale.day)::date
                             OR sale.first_day < COALESCE(shop.book_from,
                                                          conn.book_from)
                             OR %(is_of_both)s THEN 'month'
                        WHEN (type.id, sale.day) IN (
                             SELECT * FROM unnest(%(locked_types)s::int[],
                                                  %(locked_days)s::date[]))
                            THEN 'locked'
                        END AS cause
                      FROM raso_cash_sale sale
                      JOIN raso_shop shop ON shop.id = sale.shop_id
                      JOIN raso_register till ON till.id = sale.register_id
                      JOIN raso_exchange ex ON ex.id = sale.exchange_id
                      JOIN raso_connection conn ON conn.id = ex.connection_id
                 LEFT JOIN raso_transaction_type type
                        ON type.id = sale.transaction_type_id
                CROSS JOIN LATERAL (
                        SELECT sale.kind IN ('sf', 'sf_return') AS is_sf,
                               sale.kind IN ('sheet', 'sheet_return', 'tara')
                                   AS is_sheet,
                               sale.kind IN ('sheet', 'sheet_return', 'tara')
                                   AND type.trade IN ('later', 'none') AS is_later,
                               sale.amount_total - sale.amount_paid AS gap) calc
                CROSS JOIN LATERAL (
                        SELECT bool_or(l.state = 'white') AS is_white,
                               bool_or(l.vat_rate_id IS NULL OR l.vat_percent != 0
                                       AND l.tax_id IS NULL)
                                   AND sale.kind != 'tara' AS no_vat,
                               bool_or(l.state = 'ready' AND l.product_quantity
                                       != round(l.product_quantity, %(digits)s))
                                   AS too_fine
                          FROM raso_cash_sale_line l
                         WHERE l.cash_sale_id = sale.id) line
                CROSS JOIN LATERAL (
                        SELECT count(*) = 0 AS is_missing,
                               COALESCE(bool_or(kind.id IS NULL), false) AS no_kind,
                               bool_or(kind.usage = 'cash') AS has_cash,
                               bool_or(kind.usage = 'on_account') AS on_account,
                               COALESCE(sum(p.amount) FILTER (
                                   WHERE kind.usage = 'rounding'), 0) AS rounding,
                               COALESCE(abs(sum(p.amount) FILTER (
                                   WHERE kind.usage = 'rounding'
                                     AND kind.is_gain IS NOT TRUE)), 0) AS loss,
                               COALESCE(abs(sum(p.amount) FILTER (
                                   WHERE kind.usage = 'rounding'
                                     AND kind.is_gain)), 0) AS gain
                          FROM raso_cash_sale_payment p
                     LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
                         WHERE p.cash_sale_id = sale.id) payment
                     WHERE sale.id = ANY(%(ids)s)
                )
                UPDATE raso_cash_sale sale
                   SET state = CASE WHEN cause IS NULL THEN 'matched'
                                    WHEN cause IN ('before_start', 'not_booked')
                                    THEN cause ELSE 'held' END,
                       hold_cause = CASE WHEN cause NOT IN (
                           'before_start', 'not_booked') THEN cause END,
                       hold_text = NULL
                  FROM cause WHERE cause.id = sale.id
                """,
                ids=ids,
                digits=self.env["decimal.precision"].precision_get("Product Unit"),
                today=self._local_now().date(),
                is_other=IS_OTHER_PROVIDER,
                is_of_both=IS_OF_BOTH_PROVIDERS,
                **self._find_locked(ids),
            )
        )

    def _find_locked(self, ids):
        """Return the type and day pairs whose entries would fall in a locked period."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT transaction_type_id, day FROM raso_cash_sale "
                "WHERE id = ANY(%s) AND transaction_type_id IS NOT NULL",
                ids,
            )
        )
        types = self.env["raso.transaction.type"]
        locked = [
            (type_id, day)
            for type_id, day in rows
            if types.browse(type_id).lock_policy == "hold"
            and types.browse(type_id)._find_lock(day)
        ]
        return {
            "locked_types": [type_id for type_id, _day in locked],
            "locked_days": [day for _type, day in locked],
        }
