from collections import defaultdict
from dataclasses import dataclass
from datetime import time

from odoo import api, models
from odoo.tools import SQL

from ..tools.days import to_utc
from ..tools.records import Receipt
from .bulk import bulk_insert, new_ids

# a receipt without a time was sold by the end of its day
LAST_MOMENT = time(23, 59, 59)

SALE_COLUMNS = (
    *("id", "exchange_id", "position", "company_id", "shop_id", "register_id"),
    *("kind", "number", "day", "sold_at", "has_time", "cashier", "invoice_no"),
    *("partner_code", "partner_name", "partner_vat", "partner_address"),
    *("amount_total", "amount_vat", "fingerprint", "occurrence"),
    *("is_identity", "disputed_id", "state", "provider", "series", "z_no"),
    "first_day",
)
LINE_COLUMNS = (
    *("cash_sale_id", "company_id", "shop_id", "register_id", "day", "kind"),
    *("number", "code", "vcode", "name", "comment", "quantity", "amount", "vat"),
    *("discount", "state", "vat_roundings", "cashier"),
)
PAYMENT_COLUMNS = ("cash_sale_id", "company_id", "code", "amount")


@dataclass(frozen=True, slots=True)
class Rival:
    """A receipt that has the same identity as another one."""

    id: int
    fingerprint: str
    is_identity: bool


@dataclass(frozen=True, slots=True)
class Fresh:
    """A receipt to store, and the one it disputes."""

    id: int
    receipt: Receipt
    fingerprint: str
    register_id: int
    shop_id: int
    disputed_id: int | None


class RasoCashSale(models.Model):
    """Storing what was read, a slice at a time, in a handful of queries."""

    _inherit = "raso.cash.sale"

    # what is known under an identity without standing for it: disputed contents
    _disputed_idx = models.Index("(register_id, number, day) WHERE NOT is_identity")

    @api.model
    def _store_receipts(self, exchange, receipts):
        """Store the receipts that aren't known yet.

        :param receipts: `tools.records.Receipt`, of one document
        :return: how many are new, known already, and in conflict
        """
        if not receipts:
            return 0, 0, 0
        names = {(receipt.shop, receipt.till) for receipt in receipts}
        registers = self.env["raso.register"]._get_registers(exchange, names)
        fresh = self._sort_receipts(exchange, registers, receipts)
        self._insert_sales(exchange, fresh)
        self._insert_lines(exchange, fresh)
        self._insert_payments(exchange, fresh)
        disputed = [sale.id for sale in fresh if sale.disputed_id]
        if disputed:
            # a person compares both contents: show what the codes mean
            self._match_products(exchange.company_id, disputed)
            self._match_payments(exchange.company_id, disputed)
        self.env.invalidate_all()
        conflicts = len(disputed)
        return len(fresh) - conflicts, len(receipts) - len(fresh), conflicts

    def _sort_receipts(self, exchange, registers, receipts):
        """Return those receipts whose content isn't known under their identity."""
        rivals = self._find_rivals_of(exchange, registers, receipts)
        ids = new_ids(self, len(receipts))
        fresh = []
        for receipt, new_id in zip(receipts, ids, strict=True):
            register_id, shop_id = registers[receipt.shop, receipt.till]
            keys = _identities(register_id, receipt)
            known = [rival for key in keys for rival in rivals[key]]
            fingerprint = receipt.fingerprint()
            # returns of one SF may bear its number, and be alike
            same = rivals[keys[0]] if receipt.kind == "sf_return" else known
            if any(rival.fingerprint == fingerprint for rival in same):
                continue
            holders = [rival.id for rival in known if rival.is_identity]
            disputed_id = holders[0] if holders else None
            rival = Rival(new_id, fingerprint, disputed_id is None)
            for key in keys:
                rivals[key].append(rival)
            fresh.append(
                Fresh(new_id, receipt, fingerprint, register_id, shop_id, disputed_id)
            )
        return fresh

    def _find_rivals_of(self, exchange, registers, receipts):
        """Return, by identity, what is stored under the receipts' identities.

        What the other data provider sends of the same sales is no rival.
        """
        self.flush_model()
        tills = [registers[receipt.shop, receipt.till][0] for receipt in receipts]
        invoices = [receipt for receipt in receipts if receipt.invoice_no]
        rows = self.env.execute_query(
            SQL(
                """
                WITH receipt AS (
                    SELECT * FROM unnest(%(tills)s::int[], %(numbers)s::text[],
                                         %(days)s::date[], %(series)s::text[])
                                  AS r(till, number, day, series)
                ), invoice AS (
                    SELECT * FROM unnest(%(invoice_numbers)s::text[],
                                         %(kinds)s::text[]) AS i(invoice_no, kind)
                )
                SELECT s.register_id, s.number, s.day, s.series, s.invoice_no,
                       s.kind, s.id, s.fingerprint, s.is_identity
                  FROM raso_cash_sale s
                 WHERE s.id IN (
                    SELECT same.id FROM receipt r JOIN raso_cash_sale same
                        ON same.register_id = r.till AND same.number = r.number
                       AND same.day = r.day AND same.provider = %(provider)s
                       AND same.series = r.series AND same.is_identity
                    UNION ALL
                    SELECT same.id FROM receipt r JOIN raso_cash_sale same
                        ON same.register_id = r.till AND same.number = r.number
                       AND same.day = r.day AND same.provider = %(provider)s
                       AND same.series = r.series AND NOT same.is_identity
                    UNION ALL
                    SELECT same.id FROM invoice i JOIN raso_cash_sale same
                        ON same.company_id = %(company)s
                       AND same.provider = %(provider)s
                       AND same.invoice_no = i.invoice_no AND same.kind = i.kind
                       AND same.is_identity AND same.invoice_no != '')
                 ORDER BY s.occurrence, s.id
                """,
                tills=tills,
                numbers=[receipt.number for receipt in receipts],
                days=[receipt.day for receipt in receipts],
                series=[receipt.series for receipt in receipts],
                invoice_numbers=[receipt.invoice_no for receipt in invoices],
                kinds=[receipt.kind for receipt in invoices],
                company=exchange.company_id.id,
                provider=exchange.connection_id.provider,
            )
        )
        rivals = defaultdict(list)
        for till, number, day, series, invoice_no, kind, *rival in rows:
            rivals[till, number, day, series].append(Rival(*rival))
            if invoice_no:
                rivals[invoice_no, kind].append(Rival(*rival))
        return rivals

    def _insert_sales(self, exchange, fresh):
        company_id = exchange.company_id.id
        rows = []
        for sale in fresh:
            receipt = sale.receipt
            rows.append(
                (
                    sale.id,
                    exchange.id,
                    receipt.position,
                    company_id,
                    sale.shop_id,
                    sale.register_id,
                    receipt.kind,
                    receipt.number,
                    receipt.day,
                    to_utc(receipt.day, receipt.time or LAST_MOMENT),
                    receipt.time is not None,
                    receipt.cashier,
                    receipt.invoice_no,
                    receipt.partner_code,
                    receipt.partner_name,
                    receipt.partner_vat,
                    receipt.partner_address,
                    receipt.amount,
                    receipt.vat,
                    sale.fingerprint,
                    0,
                    sale.disputed_id is None,
                    sale.disputed_id,
                    "conflict" if sale.disputed_id else "new",
                    exchange.connection_id.provider,
                    receipt.series,
                    receipt.z_number,
                    receipt.first_day,
                )
            )
        bulk_insert(self, SALE_COLUMNS, rows)

    def _insert_lines(self, exchange, fresh):
        company_id = exchange.company_id.id
        rows = (
            (
                sale.id,
                company_id,
                sale.shop_id,
                sale.register_id,
                sale.receipt.day,
                sale.receipt.kind,
                sale.receipt.number,
                line.code,
                line.vcode,
                line.name,
                line.comment,
                line.quantity,
                line.amount,
                line.vat,
                line.discount,
                "white",
                line.vat_roundings,
                sale.receipt.cashier,
            )
            for sale in fresh
            for line in sale.receipt.lines
        )
        bulk_insert(self.env["raso.cash.sale.line"], LINE_COLUMNS, rows)

    def _insert_payments(self, exchange, fresh):
        company_id = exchange.company_id.id
        rows = (
            (sale.id, company_id, payment.code, payment.amount)
            for sale in fresh
            for payment in sale.receipt.payments
        )
        bulk_insert(self.env["raso.cash.sale.payment"], PAYMENT_COLUMNS, rows)


def _identities(register_id, receipt):
    """Return what tells a receipt from others: its own number, an SF's as well."""
    keys = [(register_id, receipt.number, receipt.day, receipt.series)]
    if receipt.invoice_no:
        keys.append((receipt.invoice_no, receipt.kind))
    return keys
