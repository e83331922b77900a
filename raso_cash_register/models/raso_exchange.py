import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..texts import _lt
from ..tools.days import from_server
from .rights import ensure_manager
from .told import Told

# RASO's DataType of exports (interface page, part 2)
CONTENTS = [
    ("sales", "Sales"),
    ("sf", "Invoices (SF)"),
    ("tara", "Tara"),
    ("returns", "Returns"),
    ("cash", "Cash in / out"),
    ("z", "Z reports"),
    ("tara_cash", "Tara paid in cash"),
    ("unknown", "Unknown"),
]
CONTENT_BY_DATA_TYPE = dict(enumerate(key for key, _label in CONTENTS[:-1]))


class RasoExchange(models.Model):
    """One document as RASO sent it, byte for byte."""

    _name = "raso.exchange"
    _description = "RASO Exchange"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    connection_id = fields.Many2one(
        "raso.connection", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    data_type = fields.Integer(readonly=True, help="RASO's DataType.")
    content = fields.Selection(CONTENTS, required=True, readonly=True)
    provider = fields.Char(readonly=True, help="RASO's DataProvider.")
    shop_no = fields.Char(
        readonly=True,
        help="ShopNo of the row. Receipts that name no shop belong to it.",
    )
    source_id = fields.Integer(
        string="Source No.", readonly=True, help="SyncDataExportId of the row."
    )
    source_date = fields.Datetime(readonly=True, help="RecDate of the row.")
    encoding = fields.Char(
        readonly=True,
        help="Encoding of the payload when it came as text; "
        "empty: the document's own prolog says it.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        readonly=True,
        ondelete="restrict",
        help="The document byte for byte as RASO sent it. It can be opened, and "
        "is never changed.",
    )
    sha256 = fields.Char(readonly=True, index=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("read", "Read"),
            ("partial", "Partly read"),
            ("error", "Not read"),
        ],
        required=True,
        default="received",
        readonly=True,
        index=True,
        help="Received: waits to be read. Partly read: what could be read was "
        "taken, the page Not Readable lists the rest. Not read: nothing was "
        "taken.",
    )
    error_kind = fields.Selection(
        [("payload", "Wrong document"), ("internal", "Internal error")],
        readonly=True,
        help="Wrong document: have it corrected in RASO. Internal error: Read "
        "Again once it is solved.",
    )
    error_text = Told(
        string="Trouble",
        readonly=True,
        help="Why it could not be read, and the way out.",
    )
    note = Told(
        string="Remarks", readonly=True, help="What was noticed; nothing was lost."
    )
    ignore_broken = fields.Boolean(
        readonly=True, help="A manager asked to read what can be read."
    )
    # how far reading got: the next slice starts behind this position
    position_done = fields.Integer(readonly=True)
    sale_count = fields.Integer(
        string="Receipts",
        readonly=True,
        help="Receipts, sheets or Z reports that were new in this document.",
    )
    known_count = fields.Integer(
        string="Already Known",
        readonly=True,
        help="Exported again with the same content: left out, so nothing is "
        "booked twice.",
    )
    conflict_count = fields.Integer(
        string="Conflicts",
        readonly=True,
        help="Exported again with another content: a person decides which is right.",
    )
    issue_count = fields.Integer(
        string="Not Readable",
        readonly=True,
        help="Parts of the document that could not be read; the others were.",
    )
    is_taken_by_other = fields.Boolean(
        string="Taken by Another Program",
        readonly=True,
        help="Another program marked the row before us: its status is left alone.",
    )
    # RASO's status of the row: what it should be and what was last sent
    status_wanted = fields.Integer(readonly=True)
    status_sent = fields.Integer(readonly=True)
    sale_ids = fields.One2many("raso.cash.sale", "exchange_id", string="Cash Sales")
    issue_ids = fields.One2many("raso.exchange.issue", "exchange_id", string="Issues")

    _source_uniq = models.UniqueIndex(
        "(connection_id, source_id, source_date) WHERE source_id IS NOT NULL "
        "AND source_id != 0",
        "This row of the exchange database is already here.",
    )
    _sha256_uniq = models.UniqueIndex(
        "(connection_id, sha256) WHERE source_id IS NULL OR source_id = 0",
        "This document is already here.",
    )
    _to_report_idx = models.Index("(connection_id) WHERE status_wanted != status_sent")

    @api.depends("content", "source_id", "shop_no")
    def _compute_display_name(self):
        labels = dict(self._fields["content"]._description_selection(self.env))
        for exchange in self:
            exchange.display_name = " ".join(
                part
                for part in (
                    labels.get(exchange.content),
                    exchange.shop_no,
                    f"#{exchange.source_id or exchange.id}",
                )
                if part
            )

    def action_read_again(self):
        """Read the document once more: what is known already makes no second sale."""
        self.ensure_one()
        self._start_reading(ignore_broken=self.ignore_broken)
        return True

    def action_read_anyway(self):
        """Read a broken document up to where it breaks."""
        self.ensure_one()
        ensure_manager(self.env)
        self._start_reading(ignore_broken=True)
        return True

    def _start_reading(self, ignore_broken):
        self.check_access("read")
        if self.state == "received":
            raise UserError(
                self.env._(
                    "%(name)s waits to be read already: that happens by itself within "
                    "minutes.",
                    name=self.display_name,
                )
            )
        exchange = self.sudo()
        exchange.issue_ids.is_solved = True
        exchange.write(
            {
                "state": "received",
                "ignore_broken": ignore_broken,
                "position_done": 0,
                "error_kind": False,
                "error_text": False,
                "sale_count": 0,
                "known_count": 0,
                "conflict_count": 0,
                "issue_count": 0,
            }
        )
        exchange.message_post(
            body=self.env._(
                "%(user)s asked to read the document again.", user=self.env.user.name
            )
        )
        self.connection_id._trigger_run()

    @api.model
    def _store(self, connection, row):
        """Keep a row of the exchange database as it is, byte for byte.

        :param row: a `clients.mssql.Row` with its data
        """
        # text from the database is kept as UTF-8, whatever its prolog says; half a
        # character pair, which UTF-8 can't hold, must not stop the others
        payload = (row.data or "").encode("utf-8", "surrogatepass")
        vals = self._prepare_exchange_vals(connection, row, payload)
        exchange = self.with_context(tracking_disable=True).create(vals)
        exchange.attachment_id = self.env["ir.attachment"].create(
            {
                "name": f"raso-{exchange.content}-{row.source_id}.xml",
                "raw": payload,
                "mimetype": "application/xml",
                "res_model": self._name,
                "res_id": exchange.id,
            }
        )
        return exchange

    @api.model
    def _prepare_exchange_vals(self, connection, row, payload):
        mark = self._get_mark()
        is_taken = bool(row.status) and not row.status_msg.startswith(mark)
        note = False
        if is_taken:
            note = _lt(
                "Another program had read this row: its status was %(status)s, its "
                "message “%(message)s”. It was stored all the same.",
                status=row.status,
                message=row.status_msg,
            )
        date = row.rec_date and from_server(row.rec_date.replace(microsecond=0))
        return {
            "connection_id": connection.id,
            "data_type": row.data_type,
            "content": CONTENT_BY_DATA_TYPE.get(row.data_type, "unknown"),
            "provider": row.provider,
            "shop_no": row.shop_no,
            "source_id": row.source_id,
            "source_date": date,
            "encoding": "utf-8",
            "sha256": hashlib.sha256(payload).hexdigest(),
            "size": len(payload),
            "is_taken_by_other": is_taken,
            "status_wanted": 0 if is_taken else 2,
            "status_sent": 0,
            "note": note,
        }

    @api.model
    def _get_mark(self):
        """Return what our messages in RASO's StatusMsg begin with."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
        return f"Odoo {uuid[:8]}"
