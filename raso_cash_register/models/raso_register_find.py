from odoo import api, models
from odoo.tools import SQL


class RasoRegister(models.Model):
    """Shops and tills come into being when documents first name them."""

    _inherit = "raso.register"

    @api.model
    def _get_registers(self, exchange, names):
        """Return the ids of till and shop for each pair of ShopNo and PosNo.

        What isn't there yet is made, to be set up by a person. The tills stay locked
        till the transaction ends: reading and booking of a till never cross.
        """
        registers = self._find_registers(exchange.company_id, names)
        missing = sorted(set(names) - registers.keys())
        if missing:
            self._make_registers(exchange, missing)
            registers = self._find_registers(exchange.company_id, names)
        till_ids = [till_id for till_id, _shop_id in registers.values()]
        self.env.cr.execute(
            SQL(
                "SELECT id FROM raso_register WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                till_ids,
            )
        )
        return registers

    def _find_registers(self, company, names):
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shop.number, COALESCE(till.number, ''), till.id, shop.id
                  FROM raso_register till
                  JOIN raso_shop shop ON shop.id = till.shop_id
                 WHERE shop.company_id = %s AND shop.number = ANY(%s)
                """,
                company.id,
                [shop for shop, _till in names],
            )
        )
        found = {
            (shop, till): (till_id, shop_id) for shop, till, till_id, shop_id in rows
        }
        return {name: found[name] for name in names if name in found}

    def _make_registers(self, exchange, names):
        company = exchange.company_id
        shops = self.env["raso.shop"].with_context(active_test=False)
        numbers = list(dict.fromkeys(shop for shop, _till in names))
        known = shops.search(
            [("company_id", "=", company.id), ("number", "in", numbers)]
        ).grouped("number")
        for number in numbers:
            if number not in known:
                known[number] = shops.create(
                    {
                        "company_id": company.id,
                        "number": number,
                        "name": number,
                        "provider": exchange.connection_id.provider,
                        # where its goods leave from is for a person to say
                        "warehouse_id": False,
                    }
                )
                known[number].message_post(
                    body=self.env._(
                        "First seen in %(exchange)s. Choose its warehouse and cash "
                        "journal: until then its receipts are held.",
                        exchange=exchange.display_name,
                    )
                )
        self.create(
            [
                {
                    "shop_id": known[shop].id,
                    "number": till,
                    "name": till or self.env._("Whole shop"),
                }
                for shop, till in names
            ]
        )
