from odoo import api, fields, models
from odoo.tools import SQL

STEPS = [
    ("connection", "Connection"),
    ("shops", "Shops"),
    ("tills", "Tills"),
    ("types", "Transaction Types"),
    ("kinds", "Payment Kinds"),
    ("rates", "VAT Rates"),
    ("fetch", "First Fetch"),
]
STATES = [
    ("done", "Done"),
    ("todo", "To do"),
    ("wait", "Comes by itself"),
    ("trouble", "In trouble"),
]


class RasoChecklist(models.Model):
    """What a company's set-up has and what it lacks, as it is at this moment.

    Nothing is stored: there is one for each company, with the company's id.
    """

    _name = "raso.checklist"
    _description = "RASO Set-up Checklist"
    _auto = False
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True)
    step_ids = fields.One2many("raso.checklist.step", "checklist_id", readonly=True)
    done_count = fields.Integer(compute="_compute_done_count")
    step_count = fields.Integer(compute="_compute_done_count")
    is_done = fields.Boolean(compute="_compute_done_count")

    @property
    def _table_query(self):
        return SQL("SELECT id, id AS company_id FROM res_company")

    @api.depends_context("lang")
    def _compute_display_name(self):
        for checklist in self:
            checklist.display_name = self.env._("Set-up")

    def _compute_done_count(self):
        for checklist in self:
            states = checklist.step_ids.mapped("state")
            checklist.step_count = len(states)
            checklist.done_count = states.count("done")
            checklist.is_done = checklist.done_count == checklist.step_count

    @api.model
    def action_open(self):
        """Open the checklist of the company that one works in."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set-up"),
            "res_model": self._name,
            "res_id": self.env.company.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }


class RasoChecklistStep(models.Model):
    """A step of the set-up: whether it is done, and what exactly is to do."""

    _name = "raso.checklist.step"
    _description = "RASO Set-up Step"
    _auto = False
    _log_access = False
    _order = "checklist_id, sequence"
    _rec_name = "key"

    checklist_id = fields.Many2one("raso.checklist", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    key = fields.Selection(STEPS, string="Step", readonly=True)
    state = fields.Selection(STATES, compute="_compute_state")
    text = fields.Char(compute="_compute_state")
    is_begun = fields.Boolean(compute="_compute_is_begun")

    @property
    def _table_query(self):
        keys = [key for key, _label in STEPS]
        return SQL(
            """
            SELECT company.id * 10 + step.place AS id, company.id AS checklist_id,
                   company.id AS company_id, step.place AS sequence, step.key AS key
              FROM res_company company
        CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS step(key, place)
            """,
            keys,
        )

    @api.depends_context("lang", "uid")
    def _compute_state(self):
        looks = {company: self._look(company) for company in self.company_id}
        for step in self:
            step.state, step.text = looks[step.company_id][step.key]
