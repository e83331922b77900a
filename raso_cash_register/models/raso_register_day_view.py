from decimal import Decimal

from odoo import api, fields, models

from .window import open_records


class RasoRegisterDay(models.Model):
    """The check's findings in words, and the ways on."""

    _inherit = "raso.register.day"

    reason = fields.Text(
        compute="_compute_reason", help="Why the day isn't complete, and the way out."
    )
    note = fields.Text(
        string="Notes",
        compute="_compute_reason",
        help="What is worth knowing and keeps nothing from being complete.",
    )

    @api.depends("register_id", "day")
    def _compute_display_name(self):
        for day in self:
            day.display_name = f"{day.register_id.display_name} / {day.day}"

    @api.depends("reasons", "notes")
    @api.depends_context("lang")
    def _compute_reason(self):
        for day in self:
            day.reason = day._explain_all(day.reasons)
            day.note = day._explain_all(day.notes)

    def _explain_all(self, findings):
        return (
            "\n".join(
                getattr(self, f"_explain_{code}")(**values)
                for code, values in findings or []
            )
            or False
        )

    def _money(self, text):
        return self.currency_id.format(float(Decimal(text)))

    def _explain_internal(self):
        return self.env._("Internal error, see the log. Then press Check Again.")

    def _explain_waiting(self, count):
        return self.env._(
            "Receipts that wait to be booked: %(count)s. They are when the Z report is "
            "here or the day is over; Book Now doesn't wait.",
            count=count,
        )

    def _explain_held(self, cause, count, numbers):
        causes = self.env["raso.cash.sale"]._fields["hold_cause"]
        label = dict(causes._description_selection(self.env))[cause]
        return self.env._(
            "Receipts held (%(cause)s): %(count)s, numbers %(numbers)s. Open Receipts: "
            "each says what to do.",
            count=count,
            cause=label,
            numbers=numbers,
        )

    def _explain_conflict(self, count, numbers):
        return self.env._(
            "Receipts that came again with another content: %(count)s, numbers "
            "%(numbers)s. Open Receipts and decide which one is right.",
            count=count,
            numbers=numbers,
        )

    def _explain_prepared(self, count):
        return self.env._(
            "Trade documents with drafts: %(count)s. Open Trade Documents and confirm "
            "what they hold.",
            count=count,
        )

    def _explain_revenue(self, count):
        return self.env._(
            "Daily sheets without a revenue entry: %(count)s. Open Trade Documents and "
            "make it.",
            count=count,
        )

    def _explain_white(self, count):
        return self.env._(
            "Items of booked receipts that are not written off: %(count)s. Open "
            "Receipts: choose the products they lack; the rest waits for an open "
            "period.",
            count=count,
        )

    def _explain_unreported(self, count):
        return self.env._(
            "Receipts without a Z report yet: %(count)s. It comes when the till is "
            "closed and RASO has exported it; if it doesn't, press Check for Missing "
            "on the connection.",
            count=count,
        )

    def _explain_uncompared(self, numbers):
        return self.env._(
            "Z report %(numbers)s is not compared yet. Press Check Again.",
            numbers=numbers,
        )

    def _explain_missing(self, count, numbers):
        return self.env._(
            "Receipt numbers that did not come: %(numbers)s (%(count)s in all). They "
            "may be no receipts, or missing: press Check for Missing on the "
            "connection.",
            count=count,
            numbers=numbers,
        )

    def _explain_z_differs(self, number, amount, causes):
        return self.env._(
            "Z report %(number)s differs by %(amount)s. %(causes)s",
            number=number,
            amount=self._money(amount),
            causes=" ".join(
                self.env["raso.z.report"]._explain_causes(causes, self.currency_id)
            ),
        )

    def _explain_z_nothing(self, number, amount, causes):
        return self.env._(
            "Z report %(number)s counts sales, and no receipts of it came: "
            "%(amount)s. Press Check for Missing on the connection, or have RASO "
            "export them again.",
            number=number,
            amount=self._money(amount),
        )

    def _explain_net(self, tax, receipts, ledger):
        return self.env._(
            "Revenue with tax %(tax)s: receipts %(receipts)s, entries %(ledger)s. "
            "Open Trade Documents: unbook what was changed, and book again.",
            tax=tax or "–",
            receipts=self._money(receipts),
            ledger=self._money(ledger),
        )

    def _explain_vat(self, tax, receipts, ledger):
        return self.env._(
            "VAT of tax %(tax)s: receipts %(receipts)s, entries %(ledger)s. Open "
            "Trade Documents: unbook what was changed, and book again.",
            tax=tax or "–",
            receipts=self._money(receipts),
            ledger=self._money(ledger),
        )

    def _explain_payment(self, account, receipts, ledger):
        return self.env._(
            "Payments on %(account)s: receipts %(receipts)s, entries %(ledger)s. Open "
            "Trade Documents: unbook what was changed, and book again.",
            account=account or self.env._("the cash account"),
            receipts=self._money(receipts),
            ledger=self._money(ledger),
        )

    def _explain_stock(self, count, products):
        return self.env._(
            "Products moved in other quantities than sold: %(count)s (%(products)s). "
            "Open Trade Documents and look at their transfers.",
            count=count,
            products=", ".join(
                self.env._(
                    "%(product)s sold %(sold)s, moved %(moved)s",
                    product=name,
                    sold=sold,
                    moved=moved,
                )
                for name, sold, moved in products
            )
            + (" …" if count > len(products) else ""),
        )

    def _explain_cancelled(self, count):
        return self.env._("Receipts cancelled here: %(count)s.", count=count)

    def _explain_other_day(self, number, day):
        return self.env._(
            "Z report %(number)s was printed in the day of %(day)s: receipts of both "
            "days are in it.",
            number=number,
            day=day,
        )

    def action_check(self):
        """Check the day now, from what is stored."""
        self.check_access("read")
        self.sudo()._check()
        return True

    def action_view_sales(self):
        """The day's receipts, those first that wait for a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_action"
        )
        waits = self.held_count or self.conflict_count or self.waiting_count
        return action | {
            "domain": [
                ("register_id", "=", self.register_id.id),
                ("day", "=", self.day),
            ],
            "context": {"group_by": ["state"]} if waits else {},
        }

    def action_view_z_reports(self):
        self.ensure_one()
        ids = {report_id for _day, report_id in self._find_reports()}
        return open_records(
            self.env["raso.z.report"].browse(sorted(ids)), self.env._("Z Reports")
        )

    def action_view_documents(self):
        self.ensure_one()
        return open_records(self._find_documents(), self.env._("Trade"))
