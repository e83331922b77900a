from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.partners import read_vat


class RasoCashSaleHold(models.Model):
    """Why a receipt waits, in words, and the ways on."""

    _inherit = "raso.cash.sale"

    hold_reason = fields.Text(compute="_compute_hold_reason")
    has_wrong_vat = fields.Boolean(string="Wrong VAT", compute="_compute_has_wrong_vat")

    @api.depends("hold_cause", "hold_text")
    @api.depends_context("lang")
    def _compute_hold_reason(self):
        for sale in self:
            cause = sale.hold_cause
            explain = getattr(self, f"_explain_{cause}", None) if cause else None
            if explain:
                sale.hold_reason = explain(sale)
            else:
                sale.hold_reason = sale.hold_text or False

    @api.depends("partner_vat", "company_id.account_fiscal_country_id")
    def _compute_has_wrong_vat(self):
        for sale in self:
            country = sale.company_id.account_fiscal_country_id.code
            sale.has_wrong_vat = bool(
                sale.partner_vat and not read_vat(sale.partner_vat, country)
            )

    def _explain_future(self, sale):
        return self.env._(
            "The receipt is dated %(day)s. Check the till's clock; the receipt is "
            "booked when that day comes.",
            day=sale.day,
        )

    def _explain_shop(self, sale):
        return self.env._(
            "Shop %(shop)s has no warehouse. Choose one in Configuration ▸ RASO ▸ "
            "Shops and Tills.",
            shop=sale.shop_id.number,
        )

    def _explain_till(self, sale):
        return self.env._(
            "Till %(till)s took cash and has no cash journal. Choose one on the till "
            "or on its shop.",
            till=sale.register_id.display_name,
        )

    def _explain_white(self, sale):
        white = sale.line_ids.filtered(lambda line: line.state == "white")
        return self.env._(
            "No single product has the code of: %(items)s. Press Assign Item and "
            "choose the product, give the product this barcode, or exclude the item.",
            items=", ".join(
                f"{line.name or '?'} [{line.code or line.vcode or '–'}]"
                for line in white
            ),
        )

    def _explain_vat(self, sale):
        without_tax = sale.line_ids.filtered(
            lambda line: line.vat_percent and not line.tax_id
        )
        lines = sale.line_ids.filtered(lambda line: not line.vat_rate_id)
        texts = [rate._explain_missing() for rate in without_tax.vat_rate_id]
        if lines:
            items = ", ".join(
                self.env._(
                    "%(item)s: VAT %(vat)s in %(amount)s",
                    item=line.name,
                    vat=sale.currency_id.format(line.vat),
                    amount=sale.currency_id.format(line.amount),
                )
                for line in lines
            )
            texts.append(
                self.env._(
                    "No VAT rate fits: %(items)s. Check Configuration ▸ RASO ▸ VAT "
                    "Rates for %(day)s.",
                    items=items,
                    day=sale.day,
                )
            )
        return "\n".join(texts)

    def _explain_payment_kind(self, sale):
        codes = sorted({pay.code or "–" for pay in sale.payment_ids if not pay.kind_id})
        return self.env._(
            "Payment code %(codes)s is not set up. Add it in Configuration ▸ RASO ▸ "
            "Payment Kinds.",
            codes=", ".join(codes),
        )

    def _explain_payment_sum(self, sale):
        return self.env._(
            "The lines add up to %(lines)s, the payments to %(paid)s. Compare with "
            "the till's journal; cancel the receipt if the till is wrong.",
            lines=sale.currency_id.format(sale.amount_total),
            paid=sale.currency_id.format(sale.amount_paid),
        )

    def _explain_on_account(self, sale):
        return self.env._(
            "The receipt was sold on account, but names no customer. Only an SF can "
            "stay open: book its payment kind otherwise."
        )

    def _explain_partner(self, sale):
        # a person who reads receipts need not see every contact
        rivals = sale.sudo()._find_rival_partners()
        known = {
            "names": ", ".join(rivals.mapped("display_name")),
            "code": sale.partner_code or "–",
            "vat": sale.partner_vat or "–",
        }
        if not rivals:
            return self.env._(
                "The SF names no customer: neither a code nor a name. Have it "
                "corrected in RASO and exported again."
            )
        if len(rivals) > 1:
            return self.env._(
                "Several customers have company code %(code)s or VAT code %(vat)s: "
                "%(names)s. Leave the code on one of them only, or merge them.",
                **known,
            )
        return self.env._(
            "Customer %(names)s has company code %(code)s or VAT code %(vat)s and is "
            "archived. Unarchive it, or take the code off it.",
            **known,
        )

    def _explain_quantity(self, sale):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return self.env._(
            "A quantity has more than %(digits)s decimals, and Odoo would round it. "
            "Set the decimal accuracy of Product Unit to 3 in the RASO set-up.",
            digits=digits,
        )

    def _explain_month(self, sale):
        return self.env._(
            "The sheet sums up sales of %(first)s to %(last)s, and these days belong "
            "to different months, or are not all to be booked from here. Have RASO "
            "export a sheet for each day (a Z report a day) and cancel this one; or "
            "cancel it and book it by hand.",
            first=sale.first_day,
            last=sale.day,
        )

    def _explain_type(self, sale):
        if sale.kind == "tara":
            return self.env._(
                "No transaction type books Tara. Run the set-up in Configuration ▸ "
                "RASO and choose the Tara Account there."
            )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "No transaction type books %(kind)s. Make one in Configuration ▸ RASO ▸ "
            "Transaction Types, or run the set-up.",
            kind=kinds[sale.kind],
        )

    def _explain_locked(self, sale):
        return self.env._(
            "%(day)s is locked: %(lock)s. Open the period, and the receipt is booked.",
            day=sale.day,
            lock=sale.transaction_type_id._find_lock(sale.day),
        )

    def _explain_unbooked(self, sale):
        return self.env._(
            "%(text)s Press Book Now to book it again.", text=sale.hold_text or ""
        )

    def _hold_for_booking(self, text):
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale SET state = 'held', hold_cause = 'booking', "
                "hold_text = %s WHERE id = ANY(%s)",
                text,
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _hold_for_lots(self, texts):
        """:param texts: ``{sale id: what is missing}``"""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE raso_cash_sale sale SET state = 'held', hold_cause = 'lot', "
                "hold_text = v.text FROM unnest(%s::int[], %s::text[]) AS v(id, text) "
                "WHERE sale.id = v.id",
                list(texts),
                list(texts.values()),
            )
        )
        self.invalidate_recordset()

    def action_match_again(self):
        """Look for products, rates and kinds again, now."""
        self.check_access("read")
        for company, sales in self.grouped("company_id").items():
            sales = sales.filtered(lambda sale: sale.state in ("new", "held"))
            sales = sales.sudo()
            sales._match(company)
            sales._book_freed(company)
        return True

    def action_book_now(self):
        """Book the receipts without waiting for the Z report or the day's end."""
        self.env["raso.trade.document"]._check_manager()
        self.check_access("read")
        self.action_match_again()
        return self.sudo()._book_or_leave()

    def _book_now(self):
        documents = self.env["raso.trade.document"]
        sales = self.filtered(lambda sale: sale.state == "matched")
        for group in documents._find_ripe_groups(sales.company_id, sales):
            documents |= documents._book_group(group)
        return documents
