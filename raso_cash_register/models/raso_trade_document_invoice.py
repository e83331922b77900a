from decimal import Decimal

from odoo import Command, models
from odoo.tools import SQL

from ..exceptions import SetupError


class RasoTradeDocumentInvoice(models.Model):
    """An SF as customer invoice, its return as credit note, equal to the till's."""

    _inherit = "raso.trade.document"

    def _make_invoice(self):
        """Create the invoice of the document's one SF, in draft.

        It bears RASO's number; amounts and VAT are the till's own, never computed
        again (``extra_tax_data``, notes part 4).
        """
        sale = self.sale_ids
        if not sale.line_ids:
            raise SetupError(
                self.env._(
                    "SF %(number)s has no items: nothing can be invoiced. Cancel it, "
                    "or have it corrected in RASO and exported again.",
                    number=sale.invoice_no or sale.number,
                )
            )
        sums = self._sum_lines()
        accounts = self._find_income_accounts(sums)
        return self.env["account.move"].create(
            {
                **self._prepare_invoice_vals(sale),
                "invoice_line_ids": [
                    Command.create(
                        self._prepare_invoice_line(
                            line, accounts[line.product_id.id or None]
                        )
                    )
                    for line in sale.line_ids
                ],
            }
        )

    def _prepare_invoice_vals(self, sale):
        number = self._find_number(sale)
        self._check_number(sale, number)
        return {
            "move_type": "out_refund" if self._is_credit_note(sale) else "out_invoice",
            "journal_id": self.transaction_type_id.journal_id.id,
            "name": number,
            "partner_id": sale.partner_id.id,
            "invoice_date": self.day,
            **self._prepare_term_vals(sale),
            "date": self.date,
            "ref": self.name,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            # the till decided taxes; a position would say otherwise on the invoice
            "fiscal_position_id": False,
            "raso_trade_document_id": self.id,
            "raso_part": "sale",
        }

    def _prepare_invoice_line(self, line, account):
        """One item; a credit note's quantities and money are positive in Odoo."""
        sign = -1 if self._is_credit_note(line.cash_sale_id) else 1
        quantity, amount, vat = (part * sign for part in self._read_exact(line))
        tax = line.tax_id
        net = amount - vat
        shown = amount if tax.price_include else net
        vals = {
            "product_id": line.product_id.id,
            "name": line.name or line.product_id.display_name,
            "account_id": account.id,
            "quantity": float(quantity) or 1.0,
            "product_uom_id": line.uom_id.id,
            "price_unit": float(shown / quantity) if quantity else float(shown),
            "discount": 0.0,
            "tax_ids": [Command.set(tax.ids)],
            "analytic_distribution": self._get_analytic(),
        }
        if tax:
            vals["extra_tax_data"] = self._prepare_extra_tax_data(vals, tax, net, vat)
        return vals

    def _read_exact(self, line):
        """Return quantity, amount and VAT as the database holds them."""
        rows = self.env.execute_query(
            SQL(
                "SELECT quantity::text, amount::text, vat::text "
                "FROM raso_cash_sale_line WHERE id = %s",
                line.id,
            )
        )
        return map(Decimal, rows[0])

    def _prepare_extra_tax_data(self, vals, tax, net, vat):
        money = {
            "tax_amount_currency": float(vat),
            "tax_amount": float(vat),
            "base_amount_currency": float(net),
            "base_amount": float(net),
        }
        return {
            "currency_id": self.currency_id.id,
            "price_unit": vals["price_unit"],
            "discount": vals["discount"],
            "quantity": vals["quantity"],
            "rate": 1.0,
            "manual_total_excluded_currency": float(net),
            "manual_total_excluded": float(net),
            "manual_tax_amounts": {str(tax.id): money},
        }
