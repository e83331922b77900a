from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .raso_connection import CRON

# what RASO sends by data provider; Tara is set up only where it is used
NEEDED_KINDS = {
    "kvitas": ("sale", "return", "sf", "sf_return"),
    "rivile": ("sheet", "sheet_return", "sf", "sf_return"),
}
NAMES_SHOWN = 3


class RasoChecklistStep(models.Model):
    """Looking at each step: its state and one line on what exactly it is."""

    _inherit = "raso.checklist.step"

    @api.model
    def _look(self, company):
        """Return ``{step: (state, text)}``."""
        held = self._count_held(company)
        return {
            "connection": self._look_at_connection(company),
            "shops": self._look_at_shops(company, held.get("shop")),
            "tills": self._look_at_tills(company, held.get("till")),
            "types": self._look_at_types(company, held.get("type")),
            "kinds": self._look_at_kinds(company, held.get("payment_kind")),
            "rates": self._look_at_rates(company, held.get("vat")),
            "fetch": self._look_at_fetch(company),
        }

    def _count_held(self, company):
        """Return how many receipts wait, by what they wait for."""
        self.env["raso.cash.sale"].flush_model(["state", "hold_cause"])
        rows = self.env.execute_query(
            SQL(
                "SELECT hold_cause, count(*) FROM raso_cash_sale "
                "WHERE company_id = %s AND state = 'held' GROUP BY hold_cause",
                company.id,
            )
        )
        return dict(rows)

    def _find(self, model, company):
        return self.env[model].search([("company_id", "=", company.id)])

    def _list_names(self, names):
        more = ", …" if len(names) > NAMES_SHOWN else ""
        return ", ".join(names[:NAMES_SHOWN]) + more

    def _lack(self, text, held):
        """Return the step's state and text, given what it lacks and who waits."""
        if not held:
            return "todo", text
        return "trouble", self.env._(
            "%(text)s Receipts that wait for it: %(count)s.", text=text, count=held
        )

    def _look_at_connection(self, company):
        if trouble := self.env["raso.connection"]._explain_currency(company):
            return "trouble", trouble
        connections = self._find("raso.connection", company)
        confirmed = connections.filtered(lambda one: one.state == "confirmed")
        failing = confirmed.filtered("failure_count")[:1]
        if failing:
            return "trouble", f"{failing.name}: {failing.last_error}"
        if confirmed and not self.env.ref(CRON).sudo().active:
            return "trouble", self.env._(
                "The scheduled action that fetches is switched off: have an "
                "administrator switch it on."
            )
        if confirmed:
            return "done", self.env._(
                "Confirmed: %(names)s.",
                names=self._list_names(confirmed.mapped("name")),
            )
        return "todo", self._explain_draft(connections[:1])

    def _explain_draft(self, connection):
        if not connection:
            return self.env._(
                "Enter the server, the database and the user that RASO's administrator "
                "gave you."
            )
        if not connection.sudo().login:
            return self.env._(
                "%(name)s: a system administrator must enter the user and the "
                "password.",
                name=connection.name,
            )
        if not connection.tested_at:
            return self.env._(
                "%(name)s isn't tested yet: open it and press Test Connection.",
                name=connection.name,
            )
        return self.env._(
            "%(name)s is tested: open it and press Confirm.", name=connection.name
        )

    def _look_at_shops(self, company, held):
        shops = self._find("raso.shop", company)
        if not shops:
            return "wait", self.env._(
                "Shops appear with the first documents. You can also enter them "
                "beforehand."
            )
        lacking = shops.filtered(lambda shop: not shop.warehouse_id)
        if lacking:
            text = self.env._(
                "Shops without warehouse: %(count)s of %(total)s (%(names)s).",
                count=len(lacking),
                total=len(shops),
                names=self._list_names(lacking.mapped("display_name")),
            )
            return self._lack(text, held)
        return "done", self.env._(
            "%(names)s: goods leave from their warehouses.",
            names=self._list_names(shops.mapped("display_name")),
        )

    def _look_at_tills(self, company, held):
        tills = self._find("raso.register", company)
        if not tills:
            return "wait", self.env._(
                "Tills appear with the first documents. You can also enter them on "
                "their shop."
            )
        lacking = tills._filter_without_journal()
        if lacking:
            text = self.env._(
                "Tills without cash journal: %(count)s of %(total)s (%(names)s).",
                count=len(lacking),
                total=len(tills),
                names=self._list_names(lacking.mapped("display_name")),
            )
            return self._lack(text, held)
        return "done", self.env._(
            "%(names)s: cash is booked in their journals.",
            names=self._list_names(tills.mapped("display_name")),
        )

    def _look_at_types(self, company, held):
        if not company.root_id.chart_template:
            return "todo", self.env._(
                "%(company)s has no chart of accounts. Choose its fiscal localization "
                "in the settings of Invoicing first.",
                company=company.name,
            )
        types = self._find("raso.transaction.type", company)
        needed = self._find_needed_kinds(company)
        if held:
            needed |= self._find_held_kinds(company)
        if missing := needed - set(types.mapped("kind")):
            labels = types._fields["kind"]._description_selection(self.env)
            names = [label for kind, label in labels if kind in missing]
            text = self.env._("No type books: %(names)s.", names=", ".join(names))
            return self._lack(text, held)
        lacking = types.filtered(lambda one: one.trade != "none" and not one.journal_id)
        if lacking:
            return "todo", self.env._(
                "Types without journal: %(names)s.",
                names=self._list_names(lacking.mapped("name")),
            )
        return "done", self._list_names(types.mapped("name"))

    def _find_needed_kinds(self, company):
        """By the data providers of the company's connections and shops."""
        providers = set(
            self._find("raso.connection", company).mapped("provider")
            + self._find("raso.shop", company).mapped("provider")
        )
        return {
            kind
            for provider in providers or {"kvitas"}
            for kind in NEEDED_KINDS.get(provider, ())
        }

    def _find_held_kinds(self, company):
        """Return what is sold that no type books, such as Tara."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT kind FROM raso_cash_sale WHERE company_id = %s "
                "AND state = 'held' AND hold_cause = 'type'",
                company.id,
            )
        )
        return {row[0] for row in rows}

    def _look_at_kinds(self, company, held):
        kinds = self._find("raso.payment.kind", company)
        if held and (codes := self._find_unknown_codes(company)):
            text = self.env._(
                "Payment codes of the tills that are not here: %(codes)s.",
                codes=self._list_names(codes),
            )
            return self._lack(text, held)
        if "cash" not in kinds.mapped("usage"):
            return "todo", self.env._("No payment kind says which code is cash.")
        return "done", self._list_names(kinds.mapped("name"))

    def _find_unknown_codes(self, company):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT COALESCE(pay.code, '–')
                  FROM raso_cash_sale sale
                  JOIN raso_cash_sale_payment pay ON pay.cash_sale_id = sale.id
                 WHERE sale.company_id = %s AND sale.state = 'held'
                   AND sale.hold_cause = 'payment_kind' AND pay.kind_id IS NULL
                   AND NOT EXISTS (
                       SELECT FROM raso_payment_kind kind
                        WHERE kind.company_id = sale.company_id
                          AND kind.code = pay.code AND kind.active)
              ORDER BY 1
                """,
                company.id,
            )
        )
        return [row[0] for row in rows]

    def _look_at_rates(self, company, held):
        rates = self._find("raso.vat.rate", company)
        if not rates:
            return self._lack(self.env._("No VAT rate is here yet."), held)
        lacking = self._filter_without_tax(rates, company)
        if lacking:
            return self._lack(lacking[0]._explain_missing(), held)
        if held:
            return self._lack(
                self.env._("The VAT of some receipts fits none of the rates."), held
            )
        return "done", self._list_names(rates.mapped("display_name"))

    def _filter_without_tax(self, rates, company):
        """Rates that may still be booked by and have no tax."""
        days = self._find("raso.connection", company).mapped("book_from")
        return rates.filtered(
            lambda rate: (
                rate.percent
                and not rate.tax_id
                and not (days and rate.date_to and rate.date_to < min(days))
            )
        )

    def _look_at_fetch(self, company):
        exchanges = self.env["raso.exchange"]
        ours = Domain("company_id", "=", company.id)
        counts = dict(exchanges._read_group(ours, ["state"], ["__count"]))
        read = counts.get("read", 0) + counts.get("partial", 0)
        if read:
            return "done", self.env._(
                "Documents fetched and read: %(count)s.", count=read
            )
        if counts.get("error"):
            broken = exchanges.search(ours & Domain("state", "=", "error"), limit=1)
            return "trouble", f"{broken.display_name}: {broken.error_text}"
        if counts:
            return "wait", self.env._(
                "Documents fetched: %(count)s. They are read within some minutes.",
                count=counts["received"],
            )
        connections = self._find("raso.connection", company).filtered(
            lambda one: one.state == "confirmed"
        )
        if not connections:
            return "todo", self.env._("Waits for a confirmed connection.")
        if not any(connections.mapped("last_success_at")):
            return "wait", self.env._(
                "Starts by itself within some minutes; or press Fetch Now."
            )
        return "wait", self.env._(
            "RASO's server answers and has no document yet. Have RASO export a day, "
            "or wait for the evening: the tills' sales are exported then."
        )
