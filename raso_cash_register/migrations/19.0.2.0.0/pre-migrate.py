"""Columns whose values follow from others: Odoo can't make them required before."""


def migrate(cr, version):
    """Date trade documents with their day, and say what their entries book."""
    cr.execute("ALTER TABLE raso_trade_document ADD COLUMN date date")
    cr.execute("UPDATE raso_trade_document SET date = day")
    cr.execute("ALTER TABLE account_move ADD COLUMN raso_part varchar")
    cr.execute(
        """
        UPDATE account_move move
           SET raso_part = CASE
               WHEN document.state = 'unbooked' AND (move.reversed_entry_id IS NOT NULL
                    OR move.statement_line_id IS NOT NULL
                       AND move.date != document.day) THEN 'undo'
               WHEN move.move_type != 'entry' OR move.journal_id = type.journal_id
                   THEN 'sale'
               WHEN move.statement_line_id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id = move.id
                       AND account.account_type = 'asset_receivable') THEN 'payment'
               ELSE 'cost' END
          FROM raso_trade_document document
          JOIN raso_transaction_type type ON type.id = document.transaction_type_id
         WHERE document.id = move.raso_trade_document_id
        """
    )
