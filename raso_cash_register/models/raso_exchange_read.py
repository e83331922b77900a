import io
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..exceptions import PayloadError
from ..texts import _lt, join_texts, split_texts
from ..tools.payload import check_document
from ..tools.records import Unreadable
from ..tools.zreports import check_root, read_zreports

SLICE = 2000
HALF_CENT = Decimal("0.005")
Z_CONTENT = "z"
NOTE_LENGTH = 20


class StopReading(Exception):
    """No time is left, or another worker reads the document: the next run goes on."""


class SliceHandler:
    """Gathers what is read from a document, handing it on in slices.

    ``store(handler, position)`` keeps the gathered slice, which ends at ``position``;
    the one before ended at ``handler.position``, and up to there all is passed over.
    """

    def __init__(self, position, store):
        self.position = position
        self.items, self.unreadables = [], []
        self.remarks, self.unknowns = [], []
        self.totals = defaultdict(Decimal)
        self.sums = defaultdict(Decimal)
        self._store = store

    def receipt(self, receipt):
        for payment in receipt.payments:
            self.sums[payment.code] += payment.amount
        self._take(self.items, receipt)

    def zreport(self, report):
        self.unknowns.extend(report.unknown.keys() - set(self.unknowns))
        self._take(self.items, report)

    def unreadable(self, unreadable):
        if unreadable.position:
            self._take(self.unreadables, unreadable)
        else:
            texts = (unreadable.where, unreadable.reason)
            self.remarks.append(join_texts(texts, ": "))

    def total(self, total):
        self.totals[total.code] += total.amount

    def unknown(self, path):
        self.unknowns.append(path)

    def _take(self, items, item):
        if item.position <= self.position:
            return
        items.append(item)
        if len(self.items) + len(self.unreadables) >= SLICE:
            self._store(self, item.position)
            self.position = item.position
            self.items, self.unreadables = [], []


class RasoExchange(models.Model):
    """The step *read*: documents into cash sales and Z reports (design, part 1)."""

    _inherit = "raso.exchange"

    @api.model
    def _get_readable_domain(self):
        """What can't be read yet stays received."""
        domain = Domain("content", "=", Z_CONTENT)
        for provider, _label in (
            self.env["raso.connection"]._fields["provider"].selection
        ):
            contents = self.env[f"raso.provider.{provider}"]._get_contents()
            domain |= Domain("connection_id.provider", "=", provider) & Domain(
                "content", "in", contents
            )
        return Domain("state", "=", "received") & domain

    def _read(self, keep_progress):
        """Read the document on from where the last kept slice ended.

        :param keep_progress: called after each full slice; commits, and returns
            whether there is time for another one
        """
        self.ensure_one()

        def store(handler, position):
            self._store_slice(handler, position)
            if not keep_progress():
                raise StopReading

        handler = SliceHandler(self.position_done, store)
        try:
            broken = self._read_document(handler)
            last = [*handler.items, *handler.unreadables]
            position = max((item.position for item in last), default=handler.position)
            self._store_slice(handler, position)
        except StopReading:
            return
        self._finish_reading(handler, broken)

    def _read_document(self, handler):
        """Read the whole document; return the `PayloadError` that ended it, if any."""
        try:
            if not self.position_done and not self.ignore_broken:
                # a cut document would look like a small day: nothing of it is read
                with self._open_payload() as stream:
                    root = check_document(stream, self.encoding or None)
                self._check_root(root)
            with self._open_payload() as stream:
                if self.content == Z_CONTENT:
                    read_zreports(stream, handler, encoding=self.encoding or None)
                else:
                    provider = self.connection_id._get_provider()
                    provider._read_document(self, stream, handler)
        except PayloadError as err:
            return err
        return None

    def _check_root(self, tag):
        if self.content == Z_CONTENT:
            check_root(tag)
        else:
            self.connection_id._get_provider()._check_root(self, tag)

    def _open_payload(self):
        # a view asks for the size of contents, where the contents are wanted
        attachment = self.attachment_id.sudo().with_context(bin_size=False)
        if attachment.store_fname:
            return open(attachment._full_path(attachment.store_fname), "rb")
        return io.BytesIO(attachment.raw or b"")

    def _store_slice(self, handler, position):
        """Keep a slice and how far reading got, in the caller's transaction.

        :raise StopReading: another worker got further, or has the document
        """
        self._lock_at(handler.position)
        own, issues = self._split_foreign(handler.items)
        if self.content == Z_CONTENT:
            counts, changed = self.env["raso.z.report"]._store_reports(self, own)
            issues += changed
        else:
            counts = self.env["raso.cash.sale"]._store_receipts(self, own)
        issues += handler.unreadables
        self.env["raso.exchange.issue"].create(
            [self._prepare_issue_vals(unreadable) for unreadable in issues]
        )
        new, known, conflicts = counts
        self.write(
            {
                "position_done": position,
                "sale_count": self.sale_count + new,
                "known_count": self.known_count + known,
                "conflict_count": self.conflict_count + conflicts,
                "issue_count": self.issue_count + len(issues),
            }
        )

    def _lock_at(self, position):
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT position_done FROM raso_exchange WHERE id = %s AND "
                "state = 'received' FOR NO KEY UPDATE SKIP LOCKED",
                self.id,
            )
        )
        if [row[0] or 0 for row in rows] != [position]:
            raise StopReading

    def _split_foreign(self, items):
        """Return the items of the connection's shops, and an issue for each other."""
        connection = self.connection_id
        if connection.is_all_shops:
            return items, []
        numbers = set(connection.shop_ids.mapped("number"))
        own = [item for item in items if item.shop in numbers]
        foreign = [
            Unreadable(
                item.position,
                item.number,
                _lt("No. %(number)s", number=item.number),
                "",
                _lt(
                    "It is of shop %(shop)s, which isn't one of connection %(name)s. "
                    "If it should be, add the shop there and read the document again.",
                    shop=item.shop,
                    name=connection.name,
                ),
            )
            for item in items
            if item.shop not in numbers
        ]
        return own, foreign

    def _prepare_issue_vals(self, unreadable):
        return {
            "exchange_id": self.id,
            "position": unreadable.position,
            "place": unreadable.where,
            "fragment": unreadable.fragment,
            "reason": unreadable.reason,
        }

    def _finish_reading(self, handler, broken):
        stored = self.sale_count + self.known_count + self.conflict_count
        if broken or self.issue_count:
            state = "partial" if stored else "error"
        else:
            state = "read"
        vals = {"state": state, "note": self._add_remarks(handler)}
        if broken:
            vals["error_kind"] = "payload"
            vals["error_text"] = self._explain_broken(broken)
        self.write(vals)
        self._want_status()

    def _explain_broken(self, broken):
        parts = [broken.text]
        if broken.where:
            parts.append(_lt("Where: %(where)s", where=broken.where))
        if broken.fragment:
            parts.append(broken.fragment)
        if not self.ignore_broken:
            parts.append(_lt("A RASO Manager may choose to read what can be read."))
        return join_texts(parts)

    def _set_internal_error(self):
        self.write(
            {
                "state": "error",
                "error_kind": "internal",
                "error_text": _lt("Internal error, see the log."),
            }
        )
        self._want_status()

    def _add_remarks(self, handler):
        """Return the note with what was noticed added, each remark once."""
        remarks = split_texts(self.note) + handler.remarks
        remarks += self._compare_totals(handler)
        if handler.unknowns:
            shown = ", ".join(handler.unknowns[:NOTE_LENGTH])
            remarks.append(_lt("Not understood: %(names)s.", names=shown))
        return join_texts(dict.fromkeys(remarks)) if remarks else False

    def _compare_totals(self, handler):
        """Name the payment totals that miss the receipts' sums."""
        if not handler.totals:
            return []
        # returns are turned when they came as positive, the totals are not
        sign = abs if self.content == "returns" else Decimal
        return [
            _lt(
                "Payments “%(code)s” add up to %(sum)s, the document says %(total)s.",
                code=code,
                sum=handler.sums[code],
                total=handler.totals[code],
            )
            for code in sorted(handler.sums.keys() | handler.totals.keys())
            if abs(sign(handler.sums[code]) - sign(handler.totals[code])) > HALF_CENT
        ]
