from odoo import api, models


class RasoExchange(models.Model):
    """Documents of cash put in or taken out: kept and said, their form is unknown."""

    _inherit = "raso.exchange"

    @api.model
    def _prepare_exchange_vals(self, connection, row, payload):
        vals = super()._prepare_exchange_vals(connection, row, payload)
        if vals["content"] == "cash":
            remark = self.env._(
                "The form of documents on cash put in or taken out is not known: it is "
                "kept as it came and not read. Book such cash from the Z reports."
            )
            vals["note"] = "\n".join(filter(None, (vals["note"], remark)))
        return vals
