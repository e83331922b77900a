from odoo import api, fields, models

from .booking_group import make_key


class RasoCashSaleWhy(models.Model):
    """*Why?*: which rules a receipt falls under, in words."""

    _inherit = "raso.cash.sale"

    # as superuser: it names journals and accounts to those who may not open them
    why = fields.Text(string="Why?", compute="_compute_why", compute_sudo=True)

    @api.depends("state", "hold_cause", "transaction_type_id", "z_report_id")
    @api.depends_context("lang")
    def _compute_why(self):
        for sale in self:
            parts = [sale._explain_state()]
            if sale.transaction_type_id:
                parts += [
                    sale._explain_type_rule(),
                    sale._explain_grouping(),
                    sale._explain_ripe(),
                    sale._explain_stock(),
                    sale._explain_trade(),
                    sale._explain_policies(),
                ]
            parts += [sale._explain_customer(), sale._explain_warnings()]
            sale.why = "\n".join(filter(None, parts))

    def _get_group_key(self):
        """Return the key of the group that the receipt is booked with."""
        kind = self.transaction_type_id
        is_single = kind.grouping == "document" or kind.trade == "invoice"
        is_by_z = kind.grouping == "z" and not is_single
        return make_key(
            self.register_id.id,
            self.day,
            self.z_report_id.id if is_by_z else None,
            self.id if is_single else None,
        )

    def _get_group_keys(self):
        """Return the keys of all groups that it may have been booked with.

        A Z report may have come, or its type's grouping may have changed since.
        """
        till, day = self.register_id.id, self.day
        z_id = self.z_report_id.id
        return {
            make_key(till, day, None, None),
            make_key(till, day, z_id, None),
            make_key(till, day, None, self.id),
        }

    def _explain_state(self):
        label = dict(self._fields["state"]._description_selection(self.env))
        if self.state == "held":
            return self.env._("Held: %(reason)s", reason=self.hold_reason or "")
        if self.state == "booked":
            document = self.trade_document_id
            if document.state == "prepared":
                return self.env._(
                    "Prepared as drafts by %(document)s: nothing is booked until that "
                    "document is confirmed.",
                    document=document.name,
                )
            return self.env._("Booked by %(document)s.", document=document.name)
        if self.state == "before_start":
            return self.env._(
                "Sold before %(day)s, from which the shop is booked.",
                day=self.shop_id.book_from or self.exchange_id.connection_id.book_from,
            )
        if self.state == "not_booked":
            return self._explain_not_booked()
        return self.env._("State: %(state)s.", state=label[self.state])

    def _explain_not_booked(self):
        if self.kind == "tara_cash":
            return self.env._(
                "Tara paid in cash may repeat the tara documents: it is kept and "
                "shown, never booked."
            )
        labels = dict(self._fields["provider"]._description_selection(self.env))
        return self.env._(
            "Came from %(provider)s, and shop %(shop)s is booked from the other data "
            "provider on that day. Shop ▸ Booked From decides.",
            provider=labels[self.provider],
            shop=self.shop_id.number,
        )

    def _explain_type_rule(self):
        kind = self.transaction_type_id
        others = self.env["raso.transaction.type"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("id", "!=", kind.id),
            ]
        )
        if kind.register_id:
            scope = self.env._("till %(till)s", till=kind.register_id.display_name)
        elif kind.shop_id:
            scope = self.env._("shop %(shop)s", shop=kind.shop_id.number)
        else:
            scope = self.env._("every shop")
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "Transaction type %(code)s: it books “%(kind)s” of %(scope)s. Other types "
            "for it: %(count)s; the till's own goes before the shop's, that before "
            "the company's, then the lower sequence.",
            code=kind.code,
            kind=labels[self.kind],
            scope=scope,
            count=others,
        )

    def _explain_grouping(self):
        kind = self.transaction_type_id
        if kind.grouping == "document" or kind.trade == "invoice":
            return self.env._("Booked by itself, as a document of its own.")
        if kind.grouping == "z" and self.z_report_id:
            return self.env._(
                "Booked together with the other receipts of Z report %(number)s.",
                number=self.z_report_id.number,
            )
        return self.env._("Booked together with its till's other receipts of the day.")

    def _explain_ripe(self):
        if self.state != "matched":
            return ""
        ripe = self.transaction_type_id.ripe
        if ripe == "now":
            return self.env._("Booked in the next run: its type books at once.")
        if self.z_report_id and ripe in ("z", "z_or_day"):
            return self.env._(
                "Booked in the next run: Z report %(number)s covers it.",
                number=self.z_report_id.number,
            )
        if ripe == "z":
            return self.env._("Waits for the till's Z report. Book Now doesn't wait.")
        return self.env._(
            "Waits for %(what)s. Book Now doesn't wait.",
            what=self.env._("the day's end at 04:00")
            if ripe == "day"
            else self.env._("the till's Z report, or the day's end at 04:00"),
        )

    def _explain_stock(self):
        kind = self.transaction_type_id
        if not kind.is_stock:
            return self.env._("Goods: left alone, as the type says.")
        return self.env._(
            "Goods: between %(location)s and customers.",
            location=self.shop_id.warehouse_id.lot_stock_id.display_name or "–",
        )

    def _explain_trade(self):
        kind = self.transaction_type_id
        labels = dict(kind._fields["trade"]._description_selection(self.env))
        if kind.trade == "none":
            return self.env._("Revenue: not booked, as the type says.")
        policy = dict(kind._fields["income_policy"]._description_selection(self.env))
        return self.env._(
            "Revenue: %(trade)s in journal %(journal)s; the type's account "
            "%(account)s counts: %(policy)s.",
            trade=labels[kind.trade],
            journal=kind.journal_id.name or "–",
            account=kind.income_account_id.code or "–",
            policy=policy[kind.income_policy],
        )

    def _explain_policies(self):
        kind = self.transaction_type_id
        texts = [self.env._("Transfers and entries stay drafts until confirmed.")]
        texts = texts if kind.is_draft else []
        document = self.trade_document_id
        if document and document.date != document.day:
            texts.append(
                self.env._(
                    "Its period was locked: booked on the first open day, %(date)s.",
                    date=document.date,
                )
            )
        return "\n".join(texts)

    def _explain_customer(self):
        partner = self.partner_id
        if not partner:
            return ""
        if self.partner_code and partner.company_registry == self.partner_code:
            how = self.env._("by company code %(code)s", code=self.partner_code)
        elif self.partner_vat and partner.vat == self.partner_vat:
            how = self.env._("by VAT code %(code)s", code=self.partner_vat)
        else:
            how = self.env._("by name and address")
        return self.env._(
            "Customer: %(name)s, %(how)s.", name=partner.display_name, how=how
        )

    def _explain_warnings(self):
        labels = dict(self.line_ids._fields["warning"]._description_selection(self.env))
        return "\n".join(
            f"{line.name or line.code or '–'}: {labels[line.warning]}."
            for line in self.line_ids
            if line.warning
        )
