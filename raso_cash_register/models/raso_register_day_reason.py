from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .raso_register_day import CONTRADICTIONS
from .raso_register_day_check import STATES
from .window import open_records

# where the records stand that a finding is about; what isn't here has none
TARGETS = {
    **dict.fromkeys(
        ("held", "conflict", "waiting", "unreported", "missing", "cancelled"), "sales"
    ),
    "white": "lines",
    **dict.fromkeys(("z_differs", "z_nothing", "uncompared", "other_day"), "reports"),
    **dict.fromkeys(("prepared", "revenue", "net", "vat", "payment"), "documents"),
    "stock": "moves",
}


class RasoRegisterDayReason(models.Model):
    """What a check found of a till's day, one row a finding.

    The day keeps its findings as codes: this is how they are read, and opened.
    """

    _name = "raso.register.day.reason"
    _description = "RASO Till Day Finding"
    _auto = False
    _order = "day_id, id"

    day_id = fields.Many2one("raso.register.day", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    is_note = fields.Boolean(readonly=True)
    code = fields.Char(readonly=True)
    values = fields.Json(readonly=True)
    severity = fields.Selection(
        [("differs", "Differs"), ("open", "Waits"), ("note", "Note")],
        compute="_compute_text",
    )
    text = fields.Text(string="What and Why", compute="_compute_text")
    target = fields.Char(compute="_compute_text")

    _depends = {"raso.register.day": ["reasons", "notes", "company_id"]}

    @property
    def _table_query(self):
        # a day has a few dozen findings at most
        return SQL(
            """
            SELECT day.id::bigint * 2000 + part.base + item.place AS id,
                   day.id AS day_id, day.company_id, part.is_note,
                   item.value ->> 0 AS code, item.value -> 1 AS values
              FROM raso_register_day day
        CROSS JOIN LATERAL (VALUES (FALSE, 0, day.reasons), (TRUE, 1000, day.notes))
                   AS part(is_note, base, findings)
        CROSS JOIN LATERAL jsonb_array_elements(CASE
                   WHEN jsonb_typeof(part.findings) = 'array' THEN part.findings END)
                   WITH ORDINALITY AS item(value, place)
            """
        )

    @api.depends("code", "values", "is_note")
    @api.depends_context("lang")
    def _compute_text(self):
        for reason in self:
            code, values = reason.code, reason.values or {}
            reason.text = reason.day_id._explain_all([[code, values]])
            reason.target = TARGETS.get(code)
            reason.severity = (
                "note"
                if reason.is_note
                else "differs"
                if code in CONTRADICTIONS
                else "open"
            )

    def action_open(self):
        """Show the records that are the cause, and no others."""
        self.ensure_one()
        self.check_access("read")
        return getattr(self, f"_open_{TARGETS[self.code]}")()

    def _open_sales(self):
        """The receipts; of missing numbers those on both sides of each gap."""
        sales = self.env["raso.cash.sale"]
        name = self.env._("Receipts of %(day)s", day=self.day_id.display_name)
        if self.code == "missing":
            ids = self.day_id._find_neighbours()
            return open_records(sales.browse(ids), name)
        domain = self._find_sales_domain()
        if self.code == "conflict":
            # both contents side by side
            disputed = sales.search(domain).disputed_id
            domain |= Domain("id", "in", disputed.ids)
        return open_records(sales.search(domain), name)

    def _find_sales_domain(self):
        """The same receipts that the check counted."""
        day = self.day_id
        own = Domain("register_id", "=", day.register_id.id) & Domain(
            "day", "=", day.day
        )
        ours = (
            own & Domain("is_identity", "=", True) & Domain("kind", "!=", "tara_cash")
        )
        return {
            "held": lambda: (
                ours
                & Domain("state", "=", "held")
                & Domain("hold_cause", "=", self.values["cause"])
            ),
            "conflict": lambda: (
                own
                & Domain("state", "=", "conflict")
                & Domain("kind", "!=", "tara_cash")
            ),
            "waiting": lambda: ours & Domain("state", "in", ("new", "matched")),
            "unreported": lambda: (
                ours
                & Domain("state", "in", STATES)
                & Domain("kind", "!=", "tara")
                & Domain("z_report_id", "=", False)
            ),
            "cancelled": lambda: (
                own
                & Domain("is_identity", "=", True)
                & Domain("state", "=", "cancelled")
            ),
        }[self.code]()

    def _open_lines(self):
        """Items of booked receipts that are not written off."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "raso_cash_register.raso_cash_sale_line_action"
        )
        document = "cash_sale_id.trade_document_id"
        return action | {
            "domain": [
                ("register_id", "=", self.day_id.register_id.id),
                ("day", "=", self.day_id.day),
                ("state", "in", ("white", "ready")),
                (f"{document}.state", "=", "booked"),
                (f"{document}.transaction_type_id.is_stock", "=", True),
            ],
            "context": {},
        }

    def _open_reports(self):
        """The Z reports that the finding names."""
        found = {report_id for _day, report_id in self.day_id._find_reports()}
        reports = self.env["raso.z.report"].browse(sorted(found))
        if self.code == "uncompared":
            reports = reports.filtered(lambda report: not report.state)
        else:
            reports = reports.filtered(
                lambda report: report.number == self.values["number"]
            )
        if self.code in ("z_differs", "z_nothing"):
            state = self.code.removeprefix("z_")
            reports = reports.filtered(lambda report: report.state == state)
        return open_records(reports, self.env._("Z Reports"))

    def _open_documents(self):
        """The trade documents that wait, or whose entries differ."""
        if self.code in ("prepared", "revenue"):
            documents = self.env["raso.trade.document"].browse(
                row[1] for row in self.env.execute_query(self.day_id._select_tied())
            )
            documents = documents.filtered(
                lambda document: (
                    document.state == "prepared"
                    if self.code == "prepared"
                    else document.state in ("prepared", "booked")
                    and document.revenue_state
                    and document.revenue_state != "done"
                )
            )
        else:
            documents = self.day_id._find_differing(self.code, self.values)
        return open_records(documents, self.env._("Trade Documents"))

    def _open_moves(self):
        """The moves of the products that differ, or the documents without a right."""
        day = self.day_id
        products = [row[1] for row in day.sudo()._sum_stock(day._select_documents())]
        documents = day._find_differing(self.code, self.values)
        moves = self.env["stock.move"]
        if not moves.has_access("read"):
            return open_records(documents, self.env._("Trade Documents"))
        return open_records(
            moves,
            self.env._("Stock Moves"),
            view_mode="list,form",
            domain=[
                ("product_id", "in", products),
                ("picking_id.raso_trade_document_id", "in", documents.ids),
            ],
        )


class RasoRegisterDay(models.Model):
    _inherit = "raso.register.day"

    finding_ids = fields.One2many(
        "raso.register.day.reason", "day_id", string="Findings"
    )

    def _find_neighbours(self):
        """Return ids of the receipts before and after each gap in their numbers.

        The first gap may begin after the last receipt of the till's day before.
        """
        numbers = {
            number
            for first, last in self._find_missing()[self.id]
            for number in (first - 1, last + 1)
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM raso_cash_sale s
                 WHERE s.register_id = %(till)s
                   AND s.series = 'receipt' AND s.provider = 'kvitas'
                   AND s.day IN (%(day)s, (
                       SELECT max(o.day) FROM raso_cash_sale o
                        WHERE o.register_id = %(till)s AND o.day < %(day)s))
                   AND CASE WHEN s.number ~ '^[0-9]{1,15}$'
                            THEN s.number::bigint = ANY(%(numbers)s) END
                """,
                till=self.register_id.id,
                day=self.day,
                numbers=sorted(numbers),
            )
        )
        return [row[0] for row in rows]

    def _find_differing(self, code, values):
        """Return the day's documents that a difference of the books comes from.

        The same comparison as the day's, document by document.
        """
        documents = SQL(
            "SELECT id AS day_id, day, id, company_id, is_tara, is_stock, is_revenue, "
            "is_paid, is_direct, receivable_account_id, cash_account_id "
            "FROM (%s) AS tied",
            self._select_documents(),
        )
        day = self.sudo()
        if code == "payment":
            found = day._compare_payments(documents)
        elif code == "stock":
            found = ((row[0], row[2]) for row in day._compare_stock(documents))
        else:
            found = day._compare_taxes(
                day._sum_sold(documents), day._sum_ledger(documents)
            )
        key = {"payment": "account", "net": "tax", "vat": "tax"}.get(code)
        found = [pair for pair in found if pair[1].code == code]
        # names were kept in the language of whoever checked
        named = [pair for pair in found if key and pair[1].values[key] == values[key]]
        return self.env["raso.trade.document"].browse(
            sorted({document_id for document_id, _finding in named or found})
        )
