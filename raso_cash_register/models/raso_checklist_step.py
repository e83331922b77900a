from odoo import api, models

from .window import open_records

ACTIONS = {
    "connection": "raso_connection_action",
    "shops": "raso_shop_action",
    "tills": "raso_shop_action",
    "types": "raso_transaction_type_action",
    "kinds": "raso_payment_kind_action",
    "rates": "raso_vat_rate_action",
    "fetch": "raso_exchange_action",
}
# what must be there for a step to be opened; shops may also be entered beforehand
BEGINNINGS = {
    "connection": ("raso.connection", []),
    "types": ("raso.transaction.type", []),
    "kinds": ("raso.payment.kind", []),
    "rates": ("raso.vat.rate", []),
    "fetch": ("raso.connection", [("state", "=", "confirmed")]),
}


class RasoChecklistStep(models.Model):
    """The buttons of a step: each opens exactly what has to be done."""

    _inherit = "raso.checklist.step"

    def _compute_is_begun(self):
        for step in self:
            model, domain = BEGINNINGS.get(step.key, (None, None))
            ours = [("company_id", "=", step.company_id.id)]
            step.is_begun = not model or bool(
                self.env[model].search_count([*ours, *domain], limit=1)
            )

    def action_open(self):
        """Open what the step is about: what it lacks, if that is a single record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"raso_cash_register.{ACTIONS[self.key]}"
        )
        records = self._find_lacking()
        domain = [("company_id", "=", self.company_id.id)]
        if len(records) == 1:
            return open_records(records, action["name"], context={})
        if records:
            domain = [("id", "in", records.ids)]
        context = {"default_company_id": self.company_id.id}
        if self.key == "kinds" and (codes := self._find_unknown_codes(self.company_id)):
            context["default_code"] = codes[0]
        return action | {"domain": domain, "context": context}

    def _find_lacking(self):
        """Return the records that the step waits for; none: all are to be shown."""
        company = self.company_id
        if self.key == "connection":
            connections = self._find("raso.connection", company)
            confirmed = connections.filtered(lambda one: one.state == "confirmed")
            return confirmed.filtered("failure_count") or connections - confirmed
        if self.key == "shops":
            shops = self._find("raso.shop", company)
            return shops.filtered(lambda shop: not shop.warehouse_id)
        if self.key == "tills":
            tills = self._find("raso.register", company)
            return tills._filter_without_journal().shop_id
        return self.env["raso.connection"]

    def action_new_connection(self):
        """Open the form of a new connection."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Connection"),
            "res_model": "raso.connection",
            "views": [(False, "form")],
            "context": {"default_company_id": self.company_id.id},
        }

    def action_set_up(self):
        """Propose the usual types, kinds and rates."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_setup_action"
        )
        return action | {"context": {"default_company_id": self.company_id.id}}

    def action_fill(self):
        """Give the shops the usual; show those that a person must decide on."""
        self.ensure_one()
        self._find("raso.shop", self.company_id).action_fill()
        return self.action_open() if self._find_lacking() else True

    def action_fetch(self):
        """Fetch from all confirmed connections of the company."""
        self.ensure_one()
        connections = self._find("raso.connection", self.company_id)
        action = True
        for connection in connections.filtered(lambda one: one.state == "confirmed"):
            action = connection.action_fetch_now()
        return action


class RasoRegister(models.Model):
    _inherit = "raso.register"

    def _filter_without_journal(self):
        return self.filtered(lambda till: not till._find_cash_journal())


class RasoShop(models.Model):
    """Sensible defaults of a shop."""

    _inherit = "raso.shop"

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for shop in self:
            shop.warehouse_id = shop._find_only_warehouse(shop.company_id)

    def action_fill(self):
        """Give shops the company's only warehouse and a cash journal of their own."""
        for company, shops in self.grouped("company_id").items():
            if warehouse := self._find_only_warehouse(company):
                homeless = shops.filtered(lambda shop: not shop.warehouse_id)
                homeless.warehouse_id = warehouse
            for shop in shops.register_ids._filter_without_journal().shop_id:
                shop.cash_journal_id = shop._make_cash_journal()
        return True

    @api.model
    def _find_only_warehouse(self, company):
        """Return the company's warehouse, or none where a person must choose."""
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=2)
        )
        return warehouses if len(warehouses) == 1 else warehouses.browse()

    def _make_cash_journal(self):
        # a RASO manager need not be an accountant
        journals = self.env["account.journal"].sudo()
        return journals.create(
            {
                "name": self.env._("Till cash %(shop)s", shop=self.display_name),
                "type": "cash",
                "company_id": self.company_id.root_id.id,
            }
        )
