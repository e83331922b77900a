from odoo import fields, models


class RasoShop(models.Model):
    """Whom the shop's troubles concern, and where they stand."""

    _name = "raso.shop"
    _inherit = ["raso.shop", "mail.activity.mixin"]

    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Is told when something in the shop needs a person. "
        "Empty: the responsible of its connection.",
    )

    def action_view_white(self):
        """The items that have no product yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        return action | {
            "domain": [("shop_id", "=", self.id), ("state", "=", "white")],
            "context": {},
        }

    def action_view_days(self):
        """The days of its tills that aren't complete."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_register_day_action"
        )
        return action | {
            "domain": [("shop_id", "=", self.id)],
            "context": {"search_default_incomplete": 1},
        }


class RasoRegisterDay(models.Model):
    _name = "raso.register.day"
    _inherit = ["raso.register.day", "mail.activity.mixin"]

    _incomplete_idx = models.Index("(shop_id, day) WHERE state != 'complete'")
