from collections import Counter

from odoo import models

# a person is mailed of so many at once; the others stand in the activities alone
MAILS = 5


class Staff:
    """Who is told of what: the responsible, if that person can see it.

    :param users: who may be told, with their companies
    :param managers: those to turn to where no responsible can be told, best first
    :param owners: ``{(model, id): users}``, best first
    """

    def __init__(self, users, managers, owners):
        self._nobody = users.browse()
        self._companies = {user: set(user.company_ids.ids) for user in users}
        self._managers = managers
        self._owners = owners
        self._mailed = Counter()

    def knows(self, user, trouble):
        """Whether the person is there and may see the trouble's company."""
        return trouble.company_id in self._companies.get(user, ())

    def find(self, trouble):
        """Return who is to be told; nobody if there is nobody."""
        owners = self._owners.get(("raso.connection", trouble.record_id), [])
        if trouble.shop_id:
            owners = self._owners.get(("raso.shop", trouble.shop_id), [])
        for user in (*owners, *self._managers):
            if self.knows(user, trouble):
                return user
        return self._nobody

    def choose(self, told, assigned, trouble):
        """Return who has the activity from now on.

        :param told: whom we gave it; a colleague who took it over keeps it
        """
        is_ours = assigned == told
        if is_ours or not self.knows(assigned, trouble):
            return self.find(trouble)
        return assigned

    def may_mail(self, user):
        """Count a mail to the person; return whether there were not too many."""
        self._mailed[user] += 1
        return self._mailed[user] <= MAILS


class RasoAlarm(models.Model):
    """Who is told."""

    _inherit = "raso.alarm"
    _user_group = "raso_cash_register.group_raso_user"
    _manager_group = "raso_cash_register.group_raso_manager"

    def _find_staff(self, troubles):
        users = self.env["res.users"].search(
            [("all_group_ids", "in", self.env.ref(self._user_group).ids)], order="id"
        )
        managers = self.env["res.users"].search(
            [
                ("id", "in", users.ids),
                ("all_group_ids", "in", self.env.ref(self._manager_group).ids),
            ],
            order="id",
        )
        # an administrator, who is one by installation, only where there is no other
        admin = self.env.ref("base.user_admin")
        managers = managers.sorted(lambda user: (user == admin, user.id))
        return Staff(users, managers, self._find_owners(troubles))

    def _find_owners(self, troubles):
        """Return ``{(model, id): users}`` that are named on the records themselves.

        A shop without a responsible of its own has that of the connection that takes
        it by name, or else of one that takes all shops.
        """
        connections = self.env["raso.connection"].search([], order="is_all_shops, id")
        owners = {
            ("raso.connection", connection.id): [connection.user_id]
            for connection in connections
        }
        shops = self.env["raso.shop"].browse(
            {trouble.shop_id for trouble in troubles if trouble.shop_id}
        )
        for shop in shops:
            takers = connections.filtered(
                lambda taker, shop=shop: (
                    taker.company_id == shop.company_id
                    and (taker.is_all_shops or shop in taker.shop_ids)
                )
            )
            owners["raso.shop", shop.id] = [
                shop.user_id,
                *(taker.user_id for taker in takers),
            ]
        return owners
