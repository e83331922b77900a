"""What a run left behind, without ids and times: equal pictures, equal results."""

# what every run makes of the same documents, whoever takes part in it
RESULTS = {
    "sales": """
        SELECT till.number, sale.kind, sale.number, sale.day::text, sale.amount_total,
               sale.amount_vat, sale.state, sale.hold_cause, sale.is_identity,
               sale.occurrence, disputed.number, document.group_key IS NOT NULL,
               partner.name
          FROM raso_cash_sale sale
          JOIN raso_register till ON till.id = sale.register_id
     LEFT JOIN raso_cash_sale disputed ON disputed.id = sale.disputed_id
     LEFT JOIN raso_trade_document document ON document.id = sale.trade_document_id
     LEFT JOIN res_partner partner ON partner.id = sale.partner_id
         WHERE sale.id > %(raso_cash_sale)s
    """,
    "lines": """
        SELECT line.number, line.code, line.quantity, line.amount, line.vat,
               line.vat_percent, line.state, product.barcode
          FROM raso_cash_sale_line line
     LEFT JOIN product_product product ON product.id = line.product_id
         WHERE line.id > %(raso_cash_sale_line)s
    """,
    "payments": """
        SELECT sale.number, payment.code, payment.amount
          FROM raso_cash_sale_payment payment
          JOIN raso_cash_sale sale ON sale.id = payment.cash_sale_id
         WHERE payment.id > %(raso_cash_sale_payment)s
    """,
    "Z reports": """
        SELECT fiscal_no, printed_at::text, amount_total, state FROM raso_z_report
         WHERE id > %(raso_z_report)s
    """,
    "till days": """
        SELECT till.number, day.day::text, day.state, day.is_stale, day.receipt_count,
               day.held_count, day.amount_received, day.amount_booked, day.amount_z,
               day.amount_ledger, day.vat_z, day.stock_difference_count
          FROM raso_register_day day
          JOIN raso_register till ON till.id = day.register_id
         WHERE day.id > %(raso_register_day)s
    """,
    "ledger": """
        SELECT move.date::text, move.state, journal.name, account.code_store,
               line.reconciled, document.kind, sum(line.balance),
               sum(line.amount_residual)
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN account_journal journal ON journal.id = move.journal_id
          JOIN account_account account ON account.id = line.account_id
     LEFT JOIN raso_trade_document document
            ON document.id = move.raso_trade_document_id
         WHERE line.id > %(account_move_line)s
      GROUP BY 1, 2, 3, 4, 5, 6
    """,
    "reconciled": """
        SELECT sum(amount) FROM account_partial_reconcile
         WHERE id > %(account_partial_reconcile)s
    """,
    "stock": """
        SELECT move.date::text, product.barcode, move.state, target.usage,
               document.kind, sum(move.quantity)
          FROM stock_move move
          JOIN product_product product ON product.id = move.product_id
          JOIN stock_location target ON target.id = move.location_dest_id
     LEFT JOIN stock_picking picking ON picking.id = move.picking_id
     LEFT JOIN raso_trade_document document
            ON document.id = picking.raso_trade_document_id
         WHERE move.id > %(stock_move)s
      GROUP BY 1, 2, 3, 4, 5
    """,
    "partners": "SELECT name FROM res_partner WHERE id > %(res_partner)s",
    "connection": "SELECT failure_count, last_error, lease_until FROM raso_connection",
    # what is on hand must be what the moves say, of all days
    "on hand": """
        SELECT sum(quant.quantity) - (
                   SELECT sum(CASE WHEN target.usage = 'internal' THEN move.quantity
                                   ELSE -move.quantity END)
                     FROM stock_move move
                     JOIN stock_location target ON target.id = move.location_dest_id
                    WHERE move.state = 'done'),
               sum(quant.reserved_quantity)
          FROM stock_quant quant
          JOIN stock_location location ON location.id = quant.location_id
         WHERE location.usage = 'internal'
    """,
}
# how it came to it: several processes may share a document out between them
WAYS = {
    "exchanges": """
        SELECT source_id - %(source)s, content, state, error_text, note, position_done,
               sale_count, known_count, conflict_count, issue_count, is_taken_by_other,
               status_wanted, status_sent, attachment_id IS NOT NULL
          FROM raso_exchange WHERE id > %(raso_exchange)s
    """,
    "issues": """
        SELECT exchange.source_id - %(source)s, issue.position, issue.place,
               issue.reason
          FROM raso_exchange_issue issue
          JOIN raso_exchange exchange ON exchange.id = issue.exchange_id
         WHERE issue.id > %(raso_exchange_issue)s
    """,
    "origins": """
        SELECT exchange.source_id - %(source)s, sale.position, sale.number,
               document.name
          FROM raso_cash_sale sale
          JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
     LEFT JOIN raso_trade_document document ON document.id = sale.trade_document_id
         WHERE sale.id > %(raso_cash_sale)s
    """,
    "documents": """
        SELECT name, state, error_text, supplement, sale_count, amount_received,
               amount_booked, vat_received, vat_booked
          FROM raso_trade_document WHERE id > %(raso_trade_document)s
    """,
    "entries": """
        SELECT document.name, journal.name, count(DISTINCT move.id), count(line.id)
          FROM account_move move
          JOIN account_journal journal ON journal.id = move.journal_id
          JOIN account_move_line line ON line.move_id = move.id
     LEFT JOIN raso_trade_document document
            ON document.id = move.raso_trade_document_id
         WHERE move.id > %(account_move)s
      GROUP BY 1, 2
    """,
    "pickings": """
        SELECT document.name, picking.state, count(*)
          FROM stock_picking picking
     LEFT JOIN raso_trade_document document
            ON document.id = picking.raso_trade_document_id
         WHERE picking.id > %(stock_picking)s
      GROUP BY 1, 2
    """,
}
TABLES = (
    *("raso_exchange", "raso_exchange_issue", "raso_cash_sale", "raso_cash_sale_line"),
    *("raso_cash_sale_payment", "raso_z_report", "raso_register_day"),
    "raso_trade_document",
    *("account_move", "account_move_line", "account_partial_reconcile"),
    *("stock_picking", "stock_move", "res_partner"),
)


class Camera:
    """Takes pictures of what was made since a day began.

    :param cursor: on Odoo's database
    :param standin: RASO
    :param day: is left out of the pictures, so that days can be compared
    """

    def __init__(self, cursor, standin, day):
        self._cursor, self._standin, self._day = cursor, standin, day
        self._marks = {"source": len(standin.rows())}
        for table in TABLES:
            cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
            (self._marks[table],) = cursor.fetchone()

    def take_results(self):
        """Return the results, by name: rows as text, sorted."""
        statuses = [row[:2] for row in self._list_rows()]
        return {"RASO": self._as_text(statuses), **self._take(RESULTS)}

    def take_all(self):
        """Return the results and the ways they came about."""
        told = {"told": self._as_text(self._list_rows())}
        return {**self.take_results(), **told, **self._take(WAYS)}

    def _list_rows(self):
        """Return RASO's rows since the day began: number, status and message."""
        source = self._marks["source"]
        return [
            (row["SyncDataExportId"] - source, row["Status"], row["StatusMsg"])
            for row in self._standin.rows()
            if row["SyncDataExportId"] > source
        ]

    def _take(self, queries):
        picture = {}
        for name, query in queries.items():
            self._cursor.execute(query, self._marks)
            picture[name] = self._as_text(self._cursor.fetchall())
        return picture

    def _as_text(self, rows):
        return sorted(repr(row).replace(self._day, "DAY") for row in rows)
