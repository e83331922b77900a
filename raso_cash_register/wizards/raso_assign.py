from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.raso_cash_sale_match import BATCH
from ..models.window import open_records


class RasoAssign(models.TransientModel):
    """Choose products for white items, as many at once as were received alike."""

    _name = "raso.assign"
    _description = "Assign RASO Items"

    line_ids = fields.One2many("raso.assign.line", "assign_id", string="Items")
    skipped_text = fields.Text(
        readonly=True, help="Chosen items that can't be changed, and why."
    )

    @api.model
    def _open(self, lines):
        """Return the window that asks for the products of ``lines``."""
        lines, text = lines._sort_out(("white",))
        wizard = self.create(
            {
                "skipped_text": text,
                "line_ids": [
                    Command.create(vals) for vals in self._prepare_lines(lines)
                ],
            }
        )
        return open_records(wizard, self.env._("Assign Item"), target="new")

    def _prepare_lines(self, lines):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, code, vcode, name, array_agg(id ORDER BY id),
                       sum(quantity), sum(amount)
                  FROM raso_cash_sale_line WHERE id = ANY(%s)
              GROUP BY company_id, code, vcode, name
              ORDER BY count(*) DESC, name, code
                """,
                lines.ids,
            )
        )
        return [
            {
                "company_id": company_id,
                "code": code,
                "vcode": vcode,
                "name": name,
                "sale_line_ids": [Command.set(ids)],
                "count": len(ids),
                "quantity": quantity,
                "amount": amount,
            }
            for company_id, code, vcode, name, ids, quantity, amount in rows
        ]

    def action_assign(self):
        """Assign what was chosen, remember its codes, and book what waited for it."""
        self.ensure_one()
        chosen = self.line_ids.filtered("product_id")
        if not chosen:
            raise UserError(self.env._("Choose a product for at least one item."))
        chosen.sale_line_ids.check_access("write")
        sales = chosen.filtered("is_remembered")._remember()
        for product, parts in chosen.grouped("product_id").items():
            lines = parts.sudo().sale_line_ids.filtered(
                lambda line: not line._find_obstacle(("white",))
            )
            lines._assign(product)
            sales |= lines.cash_sale_id
        sales._go_on()
        return True


class RasoAssignLine(models.TransientModel):
    """Items of one code and name, whatever their receipts."""

    _name = "raso.assign.line"
    _description = "RASO Items to Assign"
    _check_company_auto = True

    assign_id = fields.Many2one("raso.assign", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sale_line_ids = fields.Many2many("raso.cash.sale.line", readonly=True)
    code = fields.Char(string="Barcode", readonly=True)
    vcode = fields.Char(string="Item Code", readonly=True)
    name = fields.Char(string="Item", readonly=True)
    count = fields.Integer(
        string="Items",
        readonly=True,
        help="How many items of the chosen receipts have this code and name.",
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount = fields.Monetary(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        help="Every item of this row gets this product, and its goods are "
        "written off. Empty: the row stays as it is.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    is_remembered = fields.Boolean(
        string="Remember",
        default=True,
        help="Remember this code for this product: every other item with the code, "
        "waiting or to come, gets it by itself.",
    )

    def _remember(self):
        """Tie the codes to the products.

        :return: the receipts that have a white item with one of the codes
        :raise UserError: two products are chosen for one code
        """
        sales = self.env["raso.cash.sale"].sudo()
        for company, parts in self.grouped("company_id").items():
            products = {}
            for part in parts:
                code = part.code or part.vcode
                if code and products.setdefault(code, part.product_id) != (
                    part.product_id
                ):
                    raise UserError(
                        self.env._(
                            "Code %(code)s can be remembered for one product only: "
                            "choose the same one for all its items, or take "
                            "“Remember” off.",
                            code=code,
                        )
                    )
            self.env["raso.code"]._remember(company, products)
            sales |= self._find_alike(company, list(products))
        return sales

    def _find_alike(self, company, codes):
        """Return receipts with white items of these codes, of any till and day.

        No more than one batch: the scheduled action, which a remembered code wakes,
        takes the others.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.cash_sale_id FROM raso_cash_sale_line l
                  JOIN raso_cash_sale sale ON sale.id = l.cash_sale_id
                 WHERE l.company_id = %(company)s AND l.state = 'white'
                   AND (l.code = ANY(%(codes)s) OR l.vcode = ANY(%(codes)s))
                   AND (l.is_late OR sale.state IN ('new', 'held', 'matched'))
                 LIMIT %(limit)s
                """,
                company=company.id,
                codes=codes,
                limit=BATCH,
            )
        )
        return self.env["raso.cash.sale"].sudo().browse(row[0] for row in rows)
