from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# Of `sale` and its `shop`: does the data provider that doesn't book that day send it?
IS_OTHER_PROVIDER = SQL(
    "((sale.provider = shop.provider) "
    "!= (shop.provider_from IS NULL OR sale.day >= shop.provider_from))"
)
# Does the sheet sum up days of both providers?
IS_OF_BOTH_PROVIDERS = SQL(
    "(sale.first_day IS NOT NULL AND shop.provider_from IS NOT NULL "
    "AND sale.first_day < shop.provider_from AND sale.day >= shop.provider_from)"
)
SWITCHES = {"provider", "provider_from", "book_from"}


class RasoShop(models.Model):
    """One data provider books a shop (design, part 2): the other's sales are kept."""

    _inherit = "raso.shop"

    def write(self, vals):
        """Match sales anew that another provider or day makes bookable, or not.

        :raise ValidationError: days would be booked twice
        """
        is_switch = not SWITCHES.isdisjoint(vals)
        if is_switch:
            self._lock_tills()
        result = super().write(vals)
        if is_switch:
            self.env.flush_all()
            self._check_booked_once()
            self._match_anew()
        return result

    def _lock_tills(self):
        """Reading and booking of the shops' tills stand still till the change ends."""
        registers = self.with_context(active_test=False).register_ids.sudo()
        locked = registers.try_lock_for_update(allow_referencing=True)
        if registers - locked:
            raise UserError(
                self.env._(
                    "Till %(till)s is being booked right now: try again in a minute.",
                    till=(registers - locked)[0].display_name,
                )
            )

    def _check_booked_once(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT shop.id, sale.provider, min(COALESCE(sale.first_day, sale.day)),
                       max(sale.day), count(*)
                  FROM raso_cash_sale sale
                  JOIN raso_shop shop ON shop.id = sale.shop_id
                 WHERE shop.id = ANY(%(shops)s) AND sale.state = 'booked'
                   AND (%(is_other)s OR %(is_of_both)s)
                   AND (shop.book_from IS NULL OR sale.day >= shop.book_from)
              GROUP BY shop.id, sale.provider ORDER BY shop.id, sale.provider LIMIT 1
                """,
                shops=self.ids,
                is_other=IS_OTHER_PROVIDER,
                is_of_both=IS_OF_BOTH_PROVIDERS,
            )
        )
        for shop_id, provider, first, last, count in rows:
            labels = dict(self._fields["provider"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "Shop %(shop)s: days from %(first)s to %(last)s are booked from "
                    "%(provider)s (sales: %(count)s) and would be booked a second "
                    "time. Choose the day of the change so that each provider keeps "
                    "the days it booked, or unbook their trade documents first.",
                    shop=self.browse(shop_id).number,
                    count=count,
                    first=first,
                    last=last,
                    provider=labels[provider],
                )
            )

    def _match_anew(self):
        """Send what isn't booked back to the step *match*.

        What waits for a person to book it goes on waiting, if it may be booked.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE raso_cash_sale sale
                   SET state = 'new', hold_cause = NULL, hold_text = NULL
                  FROM raso_shop shop
                 WHERE shop.id = sale.shop_id AND shop.id = ANY(%(shops)s)
                   AND sale.state IN (
                       'new', 'matched', 'held', 'not_booked', 'before_start')
                   AND (sale.state != 'held' OR %(is_other)s
                        OR sale.hold_cause NOT IN ('booking', 'unbooked'))
                """,
                shops=self.ids,
                is_other=IS_OTHER_PROVIDER,
            )
        )
        self.env["raso.cash.sale"].invalidate_model()
        self.env["raso.connection"]._trigger_run()
