"""What a run left behind, without ids and times: equal pictures, equal results."""

QUERIES = {
    "exchanges": """
        SELECT source_id, content, state, error_text, note, position_done, sale_count,
               known_count, conflict_count, issue_count, is_taken_by_other,
               status_wanted, status_sent, sha256, attachment_id IS NOT NULL
          FROM raso_exchange
    """,
    "issues": """
        SELECT exchange.source_id, issue.position, issue.place, issue.reason
          FROM raso_exchange_issue issue
          JOIN raso_exchange exchange ON exchange.id = issue.exchange_id
    """,
    "sales": """
        SELECT exchange.source_id, sale.position, till.number, sale.kind, sale.number,
               sale.day, sale.amount_total, sale.amount_vat, sale.state,
               sale.hold_cause, sale.is_identity, sale.occurrence, disputed.number,
               document.name, partner.name
          FROM raso_cash_sale sale
          JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
          JOIN raso_register till ON till.id = sale.register_id
     LEFT JOIN raso_cash_sale disputed ON disputed.id = sale.disputed_id
     LEFT JOIN raso_trade_document document ON document.id = sale.trade_document_id
     LEFT JOIN res_partner partner ON partner.id = sale.partner_id
    """,
    "lines": """
        SELECT exchange.source_id, sale.position, line.code, line.quantity,
               line.amount, line.vat, line.vat_percent, line.state, product.barcode
          FROM raso_cash_sale_line line
          JOIN raso_cash_sale sale ON sale.id = line.cash_sale_id
          JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
     LEFT JOIN product_product product ON product.id = line.product_id
    """,
    "payments": """
        SELECT exchange.source_id, sale.position, payment.code, payment.amount
          FROM raso_cash_sale_payment payment
          JOIN raso_cash_sale sale ON sale.id = payment.cash_sale_id
          JOIN raso_exchange exchange ON exchange.id = sale.exchange_id
    """,
    "Z reports": "SELECT fiscal_no, number, printed_at, amount_total "
    "FROM raso_z_report",
    "documents": """
        SELECT name, state, error_text, supplement, sale_count, amount_received,
               amount_booked, vat_received, vat_booked
          FROM raso_trade_document
    """,
    "accounts": """
        SELECT move.date, move.state, journal.name, account.code_store, line.reconciled,
               document.name, count(*), sum(line.balance), sum(line.amount_residual)
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN account_journal journal ON journal.id = move.journal_id
          JOIN account_account account ON account.id = line.account_id
     LEFT JOIN raso_trade_document document
            ON document.id = move.raso_trade_document_id
      GROUP BY 1, 2, 3, 4, 5, 6
    """,
    "reconciled": "SELECT count(*), sum(amount) FROM account_partial_reconcile",
    "stock moves": """
        SELECT product.barcode, move.state, target.usage, document.name, count(*),
               sum(move.quantity)
          FROM stock_move move
          JOIN product_product product ON product.id = move.product_id
          JOIN stock_location target ON target.id = move.location_dest_id
     LEFT JOIN stock_picking picking ON picking.id = move.picking_id
     LEFT JOIN raso_trade_document document
            ON document.id = picking.raso_trade_document_id
      GROUP BY 1, 2, 3, 4
    """,
    # two processes may make a quant each: Odoo merges them one day
    "stock": """
        SELECT product.barcode, location.usage, sum(quant.quantity),
               sum(quant.reserved_quantity)
          FROM stock_quant quant
          JOIN product_product product ON product.id = quant.product_id
          JOIN stock_location location ON location.id = quant.location_id
      GROUP BY 1, 2
    """,
    "partners": "SELECT name, company_registry, vat FROM res_partner",
    "connection": """
        SELECT failure_count, last_error, lease_until, last_success_at IS NOT NULL
          FROM raso_connection
    """,
}


def take_picture(cursor, standin):
    """Return what a database and RASO's tables hold, as sorted rows by name."""
    picture = {
        "rows of RASO": [
            (row["SyncDataExportId"], row["Status"], row["StatusMsg"])
            for row in standin.rows()
        ]
    }
    for name, query in QUERIES.items():
        cursor.execute(query)
        picture[name] = sorted(cursor.fetchall(), key=repr)
    return picture
