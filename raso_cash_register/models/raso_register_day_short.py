from odoo import api, fields, models

# Odoo's colours of calendar events; the mark says the same without colour
COLORS = {"open": 3, "differs": 1, "complete": 10}
MARKS = {"open": "…", "differs": "✗", "complete": "✓"}


class RasoRegisterDay(models.Model):
    """A day at a glance: in a list's column, in a calendar's cell, in its form."""

    _inherit = "raso.register.day"

    trouble = fields.Char(
        compute="_compute_trouble", help="In short, why the day isn't complete."
    )
    calendar_title = fields.Char(compute="_compute_calendar")
    calendar_color = fields.Integer(compute="_compute_calendar")
    gap_z = fields.Monetary(
        string="Received less Z",
        compute="_compute_gaps",
        help="Not in a Z report yet, or what the report differs by.",
    )
    gap_booked = fields.Monetary(
        string="Received less Booked",
        compute="_compute_gaps",
        help="Receipts that aren't booked yet.",
    )
    gap_ledger = fields.Monetary(
        string="Booked less Ledger",
        compute="_compute_gaps",
        help="Revenue entries that aren't made yet, or that were changed since.",
    )

    @api.depends("reasons", "held_count")
    @api.depends_context("lang")
    def _compute_trouble(self):
        for day in self:
            # receipts held for several causes are one trouble here
            labels = dict.fromkeys(
                day._label_finding(
                    code,
                    {**values, "count": day.held_count} if code == "held" else values,
                )
                for code, values in day.reasons or []
            )
            day.trouble = " · ".join(labels) or False

    def _label_finding(self, code, values):
        """Return a reason in a few words."""
        count, number = values.get("count"), values.get("number")
        return {
            "internal": self.env._("Internal error"),
            "waiting": self.env._("To book: %(count)s", count=count),
            "held": self.env._("Held: %(count)s", count=count),
            "conflict": self.env._("Conflicts: %(count)s", count=count),
            "prepared": self.env._("Drafts: %(count)s", count=count),
            "revenue": self.env._("Revenue to make: %(count)s", count=count),
            "white": self.env._("White items: %(count)s", count=count),
            "unreported": self.env._("No Z report"),
            "uncompared": self.env._("Z not compared"),
            "missing": self.env._("Numbers missing: %(count)s", count=count),
            "z_differs": self.env._("Z %(number)s differs", number=number),
            "z_nothing": self.env._("Z %(number)s without receipts", number=number),
            "net": self.env._("Revenue differs"),
            "vat": self.env._("VAT differs"),
            "payment": self.env._("Payments differ"),
            "stock": self.env._("Stock differs: %(count)s", count=count),
        }[code]

    @api.depends("state", "amount_received", "register_id")
    @api.depends_context("lang")
    def _compute_calendar(self):
        for day in self:
            day.calendar_color = COLORS[day.state]
            day.calendar_title = (
                f"{MARKS[day.state]} {day.register_id.display_name}: "
                f"{day.currency_id.format(day.amount_received)}"
            )

    @api.depends("amount_received", "amount_z", "amount_booked", "amount_ledger")
    def _compute_gaps(self):
        for day in self:
            day.gap_z = day.amount_received - day.amount_z
            day.gap_booked = day.amount_received - day.amount_booked
            day.gap_ledger = day.amount_booked - day.amount_ledger
