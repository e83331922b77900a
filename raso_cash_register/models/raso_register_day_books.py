from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.compare import NOTHING
from ..tools.till_day import Books, Finding

# where a payment stands in the comparison: cash of whatever journal took it
CASH = 0


class RasoRegisterDay(models.Model):
    """Entries against the receipts they book."""

    _inherit = "raso.register.day"

    def _compare_books(self):
        """Return ``{day id: Books}`` of days with booked documents.

        Unbooked documents don't count: what they made is answered or removed.
        """
        documents = self._select_documents()
        amounts, vats = defaultdict(Decimal), defaultdict(Decimal)
        findings = defaultdict(list)
        sold, ledger = self._sum_sold(documents), self._sum_ledger(documents)
        for (day_id, is_tara, _tax_id), (net, vat) in ledger.items():
            if not is_tara:
                amounts[day_id] += net + vat
                vats[day_id] += vat
        # a document of a Z report may book two days: each has its own receipts, and
        # what the document is off by
        for day_id, amount, vat in self._sum_other_days(documents):
            amounts[day_id] -= Decimal(amount)
            vats[day_id] -= Decimal(vat)
        for day_id, finding in self._compare_taxes(sold, ledger):
            findings[day_id].append(finding)
        for day_id, finding in self._compare_payments(documents):
            findings[day_id].append(finding)
        stock_counts = {}
        for day_id, count, finding in self._compare_stock(documents):
            stock_counts[day_id] = count
            findings[day_id].append(finding)
        return {
            day_id: Books(
                amounts[day_id],
                vats[day_id],
                findings[day_id],
                stock_counts.get(day_id, 0),
            )
            for day_id in amounts.keys() | findings.keys()
        }

    def _select_documents(self):
        """Return the query of the days' booked documents and what to expect of each.

        Where payment accounts were debited directly, the sale entry holds what
        otherwise stands in the payments' own: its lines say so, as the type may have
        changed since.
        """
        return SQL(
            """
            SELECT tied.day_id, day.day, document.id, document.company_id,
                   document.kind LIKE 'tara%%' AS is_tara, type.is_stock,
                   type.trade != 'none' AND (document.revenue_state IS NULL
                       OR document.revenue_state = 'done') AS is_revenue,
                   type.is_split OR direct.is_direct AS is_paid, direct.is_direct,
                   type.receivable_account_id,
                   COALESCE(own.default_account_id, shared.default_account_id)
                       AS cash_account_id
              FROM (%s) AS tied
              JOIN raso_register_day day ON day.id = tied.day_id
              JOIN raso_trade_document document
                ON document.id = tied.document_id AND document.state = 'booked'
              JOIN raso_transaction_type type
                ON type.id = document.transaction_type_id
              JOIN raso_register till ON till.id = day.register_id
              JOIN raso_shop shop ON shop.id = day.shop_id
        CROSS JOIN LATERAL (
                SELECT EXISTS (
                    SELECT 1 FROM account_move move
                      JOIN account_move_line line ON line.move_id = move.id
                     WHERE move.raso_trade_document_id = document.id
                       AND line.raso_is_payment) AS is_direct) direct
         LEFT JOIN account_journal own ON own.id = till.cash_journal_id
         LEFT JOIN account_journal shared ON shared.id = shop.cash_journal_id
            """,
            self._select_tied(),
        )

    def _sum_other_days(self, documents):
        """Return what these documents book of other days than the one asked about."""
        return self.env.execute_query(
            SQL(
                """
                SELECT document.day_id, sum(s.amount_total)::text,
                       sum(s.amount_vat)::text
                  FROM (%s) AS document
                  JOIN raso_cash_sale s ON s.trade_document_id = document.id
                   AND s.day != document.day
                 WHERE document.is_revenue AND NOT document.is_tara GROUP BY 1
                """,
                documents,
            )
        )

    def _sum_sold(self, documents):
        """Return ``{(day id, is tara, tax id): (net, VAT)}`` as the receipts say."""
        return self._read_sums(
            SQL(
                """
                SELECT document.day_id, document.is_tara, part.tax_id,
                       sum(part.net)::text, sum(part.vat)::text
                  FROM (%s) AS document
                  JOIN raso_cash_sale s ON s.trade_document_id = document.id
            CROSS JOIN LATERAL (
                    SELECT l.tax_id, sum(l.amount - l.vat) AS net, sum(l.vat) AS vat
                      FROM raso_cash_sale_line l
                     WHERE l.cash_sale_id = s.id GROUP BY 1) part
                 WHERE document.is_revenue
              GROUP BY 1, 2, 3
                """,
                documents,
            )
        )

    def _sum_ledger(self, documents):
        """Return the same as the posted sale entries say.

        Of an entry that debits payment accounts directly their lines are left out.
        """
        return self._read_sums(
            SQL(
                """
                SELECT document.day_id, document.is_tara,
                       COALESCE(line.tax_line_id, base.tax_id) AS tax_id,
                       COALESCE(-sum(line.balance) FILTER (
                           WHERE line.tax_line_id IS NULL), 0)::text,
                       COALESCE(-sum(line.balance) FILTER (
                           WHERE line.tax_line_id IS NOT NULL), 0)::text
                  FROM (%(documents)s) AS document
                  JOIN account_move move
                    ON move.raso_trade_document_id = document.id
                   AND move.raso_part = 'sale' AND move.state = 'posted'
                  JOIN account_move_line line ON line.move_id = move.id
                   AND line.display_type IN ('product', 'tax')
                  JOIN account_account account ON account.id = line.account_id
             LEFT JOIN LATERAL (
                    SELECT min(rel.account_tax_id) AS tax_id
                      FROM account_move_line_account_tax_rel rel
                     WHERE rel.account_move_line_id = line.id) base ON TRUE
                 WHERE document.is_revenue
                   AND account.account_type != 'asset_receivable'
                   AND line.account_id
                       IS DISTINCT FROM document.receivable_account_id
                   AND line.raso_is_payment IS NOT TRUE
              GROUP BY 1, 2, 3
                """,
                documents=documents,
            )
        )

    def _select_kind_accounts(self):
        return SQL(
            """
            SELECT account.id
              FROM raso_payment_kind kind
        CROSS JOIN UNNEST(ARRAY[kind.account_id, kind.gain_account_id]) AS account(id)
             WHERE kind.company_id = document.company_id AND account.id IS NOT NULL
            """
        )

    def _read_sums(self, query):
        return {
            tuple(key): (Decimal(net), Decimal(vat))
            for *key, net, vat in self.env.execute_query(query)
        }

    def _compare_taxes(self, sold, ledger):
        """Yield day id and finding for each tax whose base or VAT differs."""
        taxes = self.env["account.tax"]
        nothing = (NOTHING, NOTHING)
        for key in sorted(sold.keys() | ledger.keys(), key=str):
            day_id, _is_tara, tax_id = key
            ours, theirs = sold.get(key, nothing), ledger.get(key, nothing)
            name = taxes.browse(tax_id).name if tax_id else ""
            for code, place in (("net", 0), ("vat", 1)):
                if ours[place] != theirs[place]:
                    yield (
                        day_id,
                        Finding(
                            code,
                            {
                                "tax": name,
                                "receipts": str(ours[place]),
                                "ledger": str(theirs[place]),
                            },
                        ),
                    )

    def _compare_payments(self, documents):
        """Yield day id and finding for each payment account that differs."""
        paid, ledger = self._sum_paid(documents), self._sum_paid_ledger(documents)
        accounts = self.env["account.account"]
        for key in sorted(paid.keys() | ledger.keys()):
            day_id, account_id = key
            ours, theirs = paid.get(key, NOTHING), ledger.get(key, NOTHING)
            if ours != theirs:
                account = accounts.browse(account_id)
                name = account.display_name if account_id else ""
                yield (
                    day_id,
                    Finding(
                        "payment",
                        {
                            "account": name,
                            "receipts": str(ours),
                            "ledger": str(theirs),
                        },
                    ),
                )

    def _sum_paid(self, documents):
        """Return ``{(day id, account id or CASH): amount}`` as the receipts say.

        Rounding is what the payments miss of the goods; a sheet names loss and gain
        itself (interface page, part 6).
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH document AS (%(documents)s), paid AS (
                    SELECT document.day_id, document.company_id, part.*
                      FROM document
                      JOIN raso_cash_sale s ON s.trade_document_id = document.id
                CROSS JOIN LATERAL (
                        SELECT CASE WHEN kind.usage = 'cash' THEN %(cash)s
                                    ELSE kind.account_id END AS account_id,
                               sum(p.amount) FILTER (
                                   WHERE kind.usage IN ('cash', 'clearing', 'voucher')
                               ) AS amount,
                               abs(sum(p.amount) FILTER (
                                   WHERE s.kind IN ('sheet', 'sheet_return', 'tara')
                                     AND kind.usage = 'rounding'
                                     AND kind.is_gain IS NOT TRUE)) AS loss,
                               abs(sum(p.amount) FILTER (
                                   WHERE s.kind IN ('sheet', 'sheet_return', 'tara')
                                     AND kind.usage = 'rounding'
                                     AND kind.is_gain)) AS gain
                          FROM raso_cash_sale_payment p
                     LEFT JOIN raso_payment_kind kind ON kind.id = p.kind_id
                         WHERE p.cash_sale_id = s.id
                      GROUP BY 1
                         UNION ALL
                        SELECT NULL, NULL, greatest(gap, 0), greatest(-gap, 0)
                          FROM (SELECT s.amount_total - s.amount_paid AS gap) rounding
                         WHERE s.kind NOT IN ('sheet', 'sheet_return', 'tara')
                           AND EXISTS (SELECT 1 FROM raso_cash_sale_payment p
                                        WHERE p.cash_sale_id = s.id)) part
                     WHERE document.is_revenue AND document.is_paid
                )
                SELECT day_id, account_id, sum(amount)::text FROM (
                    SELECT day_id, account_id, amount FROM paid
                     UNION ALL
                    SELECT paid.day_id, rounding.account_id, paid.loss
                      FROM paid JOIN LATERAL (%(rounding)s) rounding ON TRUE
                     UNION ALL
                    SELECT paid.day_id, rounding.gain_account_id, -paid.gain
                      FROM paid JOIN LATERAL (%(rounding)s) rounding ON TRUE
                ) AS sums
                 WHERE account_id IS NOT NULL AND amount != 0 GROUP BY 1, 2
                """,
                documents=documents,
                cash=CASH,
                rounding=SQL(
                    """
                    SELECT kind.account_id, kind.gain_account_id
                      FROM raso_payment_kind kind
                     WHERE kind.company_id = paid.company_id
                       AND kind.usage = 'rounding' AND kind.active
                  ORDER BY kind.code LIMIT 1
                    """
                ),
            )
        )
        return {(day, account): Decimal(amount) for day, account, amount in rows}

    def _sum_paid_ledger(self, documents):
        """Return the same as the posted payments say."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document.day_id, target.account_id, sum(line.balance)::text
                  FROM (%(documents)s) AS document
                  JOIN account_move move
                    ON move.raso_trade_document_id = document.id
                   AND move.state = 'posted'
                   AND move.raso_part = CASE WHEN document.is_direct THEN 'sale'
                                             ELSE 'payment' END
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN account_account account ON account.id = line.account_id
                  JOIN account_journal journal ON journal.id = move.journal_id
            CROSS JOIN LATERAL (
                    SELECT CASE
                        WHEN document.is_direct
                             AND line.account_id = document.cash_account_id
                          OR move.statement_line_id IS NOT NULL
                             AND line.account_id = journal.default_account_id
                        THEN %(cash)s ELSE line.account_id END AS account_id,
                           line.account_id IN (%(kinds)s) AS is_kind) target
                 WHERE document.is_revenue
                   AND line.account_id
                       IS DISTINCT FROM document.receivable_account_id
                   AND CASE WHEN document.is_direct THEN line.raso_is_payment
                            ELSE account.account_type != 'asset_receivable'
                              OR target.is_kind END
              GROUP BY 1, 2
                """,
                documents=documents,
                cash=CASH,
                kinds=self._select_kind_accounts(),
            )
        )
        return {
            (day, account): Decimal(amount)
            for day, account, amount in rows
            if Decimal(amount)
        }
