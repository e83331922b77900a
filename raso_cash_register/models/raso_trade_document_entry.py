from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import Command, models
from odoo.tools import SQL

from ..exceptions import SetupError


class Sums(NamedTuple):
    """Money of one product and tax, as the tills counted it."""

    product_id: int | None
    tax_id: int | None
    amount: Decimal
    vat: Decimal

    @property
    def net(self):
        return self.amount - self.vat


class RasoTradeDocumentEntry(models.Model):
    """Revenue and VAT of a trade document as one journal entry."""

    _inherit = "raso.trade.document"

    def _sum_lines(self, products=None):
        """Return ``[Sums, …]`` of the document's lines."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.product_id, l.tax_id, sum(l.amount)::text, sum(l.vat)::text
                  FROM raso_cash_sale_line l
                  JOIN raso_cash_sale sale ON sale.id = l.cash_sale_id
                 WHERE sale.trade_document_id = %(document)s
                   AND (%(products)s::int[] IS NULL
                        OR l.product_id = ANY(%(products)s))
              GROUP BY l.product_id, l.tax_id ORDER BY l.product_id, l.tax_id
                """,
                document=self.id,
                products=products.ids if products is not None else None,
            )
        )
        # as text: Odoo's cursors turn SQL's exact numbers into floats
        return [
            Sums(product_id, tax_id, Decimal(amount), Decimal(vat))
            for product_id, tax_id, amount, vat in rows
        ]

    def _make_sale_entry(self, products=None):
        """Debit the receivable, credit revenue and VAT exactly as the till summed.

        The entry is left in draft.

        :raise SetupError: an account is missing
        """
        lines = self._prepare_sale_lines(products)
        if not lines:
            return self.env["account.move"]
        return self._make_entry(self.transaction_type_id.journal_id, lines, "sale")

    def _prepare_sale_lines(self, products=None):
        kind = self.transaction_type_id
        sums = self._sum_lines(products)
        lines = [
            *self._prepare_revenue_lines(sums),
            *self._prepare_tax_lines(sums),
        ]
        total = sum((part.amount for part in sums), Decimal(0))
        if total:
            lines.append(
                self._prepare_line(
                    kind.receivable_account_id, total, partner_id=kind.partner_id.id
                )
            )
        return lines

    def _enter_revenue(self, products):
        """Make and post the sale entry of these products alone."""
        self._post(self._make_sale_entry(products))

    def _make_entry(self, journal, lines, part, day=None):
        """Create an entry of the accounting date, or of another ``day``, in draft.

        :param part: what of the document it books, a key of ``raso_part``
        """
        if not journal:
            raise SetupError(
                self.env._(
                    "Transaction type %(type)s has no journal. Choose one in "
                    "Configuration ▸ RASO ▸ Transaction Types.",
                    type=self.transaction_type_id.name,
                )
            )
        return (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day or self.date,
                    "ref": self.name,
                    "company_id": self.company_id.id,
                    "raso_trade_document_id": self.id,
                    "raso_part": part,
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
        )

    def _post(self, moves, day=None):
        moves._post(soft=False)
        self._check_dates(moves, day)

    def _check_dates(self, moves, day=None):
        """Odoo moves what falls in a locked period to another day, silently."""
        for move in moves:
            if move.date != (day or self.date):
                raise SetupError(
                    self.env._(
                        "%(day)s is locked: the entry would be dated %(date)s. Open "
                        "the period, then try again.",
                        day=day or self.date,
                        date=move.date,
                    )
                )

    def _prepare_line(self, account, balance, **vals):
        """``balance``: debit positive, EUR."""
        if not account:
            raise SetupError(
                self.env._(
                    "Transaction type %(type)s lacks an account. Choose its "
                    "receivable and revenue accounts in Configuration ▸ RASO ▸ "
                    "Transaction Types.",
                    type=self.transaction_type_id.name,
                )
            )
        return {
            "name": self.name,
            "account_id": account.id,
            "balance": float(balance),
            "currency_id": self.currency_id.id,
            "amount_currency": float(balance),
            **vals,
        }

    def _prepare_revenue_lines(self, sums):
        by_account = defaultdict(Decimal)
        accounts = self._find_income_accounts(sums)
        for part in sums:
            by_account[accounts[part.product_id], part.tax_id] += part.net
        taxes = self.env["account.tax"]
        for (account, tax_id), net in by_account.items():
            tax = taxes.browse(tax_id or ())
            if net:
                yield self._prepare_line(
                    account,
                    -net,
                    display_type="product",
                    analytic_distribution=self._get_analytic(),
                    tax_ids=[Command.set(tax.ids)],
                    tax_tag_ids=[
                        Command.set(tax.get_tax_tags(self._is_refund(), "base").ids)
                    ]
                    if tax
                    else [],
                )

    def _prepare_tax_lines(self, sums):
        """VAT is never computed again: the till's sum, on the tax's own accounts."""
        by_tax = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for part in sums:
            if part.tax_id:
                by_tax[part.tax_id][0] += part.net
                by_tax[part.tax_id][1] += part.vat
        for tax_id, (net, vat) in by_tax.items():
            tax = self.env["account.tax"].browse(tax_id)
            for repartition, share in self._share_vat(tax, vat):
                yield self._prepare_line(
                    self._find_tax_account(tax, repartition),
                    -share,
                    display_type="tax",
                    tax_repartition_line_id=repartition.id,
                    tax_tag_ids=[Command.set(repartition.tag_ids.ids)],
                    tax_base_amount=float(-net),
                )

    def _get_analytic(self):
        account = self.shop_id.analytic_account_id
        return {str(account.id): 100} if account else False

    def _is_refund(self):
        return self.kind in ("return", "sf_return", "sheet_return")

    def _share_vat(self, tax, vat):
        """Split ``vat`` by the tax's repartition; the last line takes the rest."""
        lines = (
            tax.refund_repartition_line_ids
            if self._is_refund()
            else tax.invoice_repartition_line_ids
        ).filtered(lambda line: line.repartition_type == "tax" and line.factor)
        rest = vat
        for line in lines[:-1]:
            share = round(vat * Decimal(repr(line.factor)), 2)
            rest -= share
            if share:
                yield line, share
        if lines and rest:
            yield lines[-1], rest

    def _find_tax_account(self, tax, repartition):
        if not repartition.account_id:
            raise SetupError(
                self.env._(
                    "Tax %(tax)s has no account for its VAT. Set it on the tax.",
                    tax=tax.name,
                )
            )
        return repartition.account_id

    def _find_income_accounts(self, sums):
        """Return ``{product id: account}``.

        The type's account if *always*; else the product's own, the type's, the
        category's, the company's. A chart sets a company-wide default for
        categories, so the type comes before them. What the product or its category
        says comes before all of that where it is no income account: gift vouchers
        and deposits are owed, not earned.
        """
        kind = self.transaction_type_id
        fallback = kind.income_account_id
        products = self.env["product.product"].browse(
            part.product_id for part in sums if part.product_id
        )
        accounts = {None: fallback}
        for product in products:
            own = product.property_account_income_id
            found = product._get_product_accounts()["income"]
            if found and found.internal_group != "income":
                accounts[product.id] = found
            elif kind.income_policy == "always" and fallback:
                accounts[product.id] = fallback
            else:
                accounts[product.id] = own or fallback or found
        return accounts

    def _sum_booked(self):
        """Return what the document's entries say: gross and VAT, signed as the till."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-sum(line.balance), 0),
                       COALESCE(-sum(line.balance)
                                FILTER (WHERE line.tax_line_id IS NOT NULL), 0)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE move.raso_trade_document_id = %s
                   AND move.raso_part = 'sale' AND move.state = 'posted'
                   AND line.raso_is_payment IS NOT TRUE
                   AND (line.display_type IN ('product', 'tax')
                        AND line.account_id != %s)
                """,
                self.id,
                self.transaction_type_id.receivable_account_id.id or 0,
            )
        )
        return rows[0]
