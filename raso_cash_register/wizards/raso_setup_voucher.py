from odoo import Command, fields, models


class RasoSetup(models.TransientModel):
    _inherit = "raso.setup"

    is_voucher_item = fields.Boolean(
        string="Make a Gift Voucher Item",
        help="A service without VAT whose sale is owed, not earned: booked on the "
        "account of redeemed vouchers. Give it the tills' barcode.",
    )

    def action_apply(self):
        action = super().action_apply()
        if self.is_voucher_item:
            self.sudo().with_company(self.company_id)._make_voucher_item()
        return action

    def _make_voucher_item(self):
        """Once: an item on the account of redeemed vouchers does."""
        account = (
            self.env["raso.payment.kind"]
            .search(
                [("company_id", "=", self.company_id.id), ("usage", "=", "voucher")],
                order="code",
                limit=1,
            )
            .account_id
        )
        products = self.env["product.template"]
        known = products.search_count([("property_account_income_id", "=", account.id)])
        if account and not known:
            products.create(
                {
                    "name": self.env._("Gift voucher"),
                    "type": "service",
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                    "property_account_income_id": account.id,
                    "company_id": self.company_id.id,
                }
            )
