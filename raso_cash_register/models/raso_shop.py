from odoo import api, fields, models

from .raso_cash_sale import PROVIDERS


class RasoShop(models.Model):
    """A shop as RASO numbers it, tied to the warehouse its goods leave from."""

    _name = "raso.shop"
    _description = "RASO Shop"
    _inherit = ["mail.thread", "raso.wakes"]
    _order = "company_id, number"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company whose stock and accounts the shop's sales are booked in.",
    )
    number = fields.Char(
        required=True,
        help="ShopNo as RASO sends it. It is text: 01 and 1 are two shops.",
    )
    name = fields.Char(
        required=True,
        tracking=True,
        help="What the shop is called in lists and on documents.",
    )
    active = fields.Boolean(
        default=True,
        help="Archived: the shop is hidden from lists and choices. What RASO "
        "still sends of it is taken and booked all the same.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
        help="Goods sold in the shop leave this warehouse's stock location, "
        "returned ones come back to it. Until it is set, the shop's "
        "receipts are held.",
    )
    out_type_id = fields.Many2one(
        "stock.picking.type",
        string="Write-off Operation",
        check_company=True,
        copy=False,
        help="Transfers of sold goods are numbered by this operation. It is made "
        "by itself when a warehouse is chosen: straight from its stock to "
        "customers.",
    )
    in_type_id = fields.Many2one(
        "stock.picking.type",
        string="Return Operation",
        check_company=True,
        copy=False,
        help="Transfers of returned goods are numbered by this operation. It is "
        "made by itself when a warehouse is chosen: straight from customers "
        "to its stock.",
    )
    cash_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'cash')]",
        tracking=True,
        help="Cash of the shop's tills is booked in this journal, unless a till "
        "has its own. Without either, receipts paid in cash are held.",
    )
    book_from = fields.Date(
        tracking=True,
        help="Receipts of earlier days are kept and never booked. "
        "Empty: the connection's own day counts.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        tracking=True,
        help="Revenue and cost of the shop's sales are distributed to it, so "
        "that shops can be compared. Empty: they bear no analytic account.",
    )
    provider = fields.Selection(
        PROVIDERS,
        string="Booked From",
        required=True,
        default=lambda self: self._default_provider(),
        tracking=True,
        help="Only sales of this data provider are booked; what another one sends "
        "of the shop is kept and shown.",
    )
    provider_from = fields.Date(
        string="Booked From It Since",
        tracking=True,
        help="Sales of earlier days are booked from the other data provider. "
        "Empty: all days.",
    )
    register_ids = fields.One2many("raso.register", "shop_id", string="Tills")

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "A shop with this number already exists."
    )

    @api.model
    def _default_provider(self):
        """That of the company's first connection."""
        connection = self.env["raso.connection"].search(
            [("company_id", "=", self.env.company.id)], order="id", limit=1
        )
        return connection.provider or "kvitas"

    @api.model_create_multi
    def create(self, vals_list):
        shops = super().create(vals_list)
        shops._make_operation_types()
        return shops

    def write(self, vals):
        result = super().write(vals)
        if "warehouse_id" in vals:
            self._make_operation_types()
        return result

    def _make_operation_types(self):
        """Give shops with a warehouse its two RASO operation types, made once."""
        for shop in self.filtered("warehouse_id"):
            for field, code in (
                ("out_type_id", "outgoing"),
                ("in_type_id", "incoming"),
            ):
                if shop[field].warehouse_id == shop.warehouse_id:
                    continue
                # a RASO manager need not be one of stock
                operations = self.env["stock.picking.type"].sudo()
                shop[field] = shop._find_operation_type(code) or operations.create(
                    shop._prepare_operation_type_vals(code)
                )

    def _find_operation_type(self, code):
        field = "out_type_id" if code == "outgoing" else "in_type_id"
        others = self.search([("warehouse_id", "=", self.warehouse_id.id)]) - self
        return others[field].filtered(
            lambda operation: operation.warehouse_id == self.warehouse_id
        )[:1]

    def _prepare_operation_type_vals(self, code):
        """Straight between the stock and customers, whatever steps the warehouse has.

        Nothing is reserved: the goods have left the shop when Odoo hears of it.
        """
        customers = self.env.ref("stock.stock_location_customers").id
        stock = self.warehouse_id.lot_stock_id.id
        is_out = code == "outgoing"
        return {
            "name": self.env._("RASO Sales") if is_out else self.env._("RASO Returns"),
            "code": code,
            "sequence_code": "RASO" if is_out else "RASOR",
            "warehouse_id": self.warehouse_id.id,
            "company_id": self.company_id.id,
            "reservation_method": "manual",
            "default_location_src_id": stock if is_out else customers,
            "default_location_dest_id": customers if is_out else stock,
        }
