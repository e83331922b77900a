from odoo import models
from odoo.exceptions import UserError

from ..exceptions import SetupError


class RasoTradeDocumentDraft(models.Model):
    """Documents of types that leave drafts: *prepared* until a person confirms."""

    _inherit = "raso.trade.document"

    def action_confirm(self):
        """Move the goods, post the drafts and book the payments.

        :raise UserError: a document can't be confirmed; nothing of it is done then
        """
        self._check_manager()
        for document in self:
            document.sudo()._confirm()
        return True

    def _confirm(self):
        self.ensure_one()
        if self.state != "prepared":
            raise UserError(
                self.env._("%(name)s has no drafts to confirm.", name=self.name)
            )
        self = self.with_company(self.company_id)
        self.register_id.lock_for_update(allow_referencing=True)
        try:
            with self.env.cr.savepoint():
                self.state = "booked"  # first: what is prepared may not be posted
                self._check_open()
                self._finish()
        except SetupError as err:
            raise UserError(
                self.env._(
                    "%(document)s can't be confirmed: %(trouble)s",
                    document=self.name,
                    trouble=err,
                )
            ) from err
        self.message_post(
            body=self.env._("Confirmed by %(user)s.", user=self.env.user.name)
        )

    def _delete_drafts(self):
        """Called with the state set: what is prepared may not be deleted."""
        self.move_ids.filtered(lambda move: move.state == "draft").unlink()
        self.picking_ids.action_cancel()
        self.picking_ids.unlink()
