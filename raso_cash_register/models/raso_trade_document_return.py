from odoo import Command, fields, models
from odoo.exceptions import UserError


class RasoTradeDocumentReturn(models.Model):
    """Goods of an unbooked document go back the way they came."""

    _inherit = "raso.trade.document"

    def _return_goods(self):
        """Move every lot back and take its cost back, as much as it is worth now.

        :raise UserError: lots are no longer where the document moved them
        """
        pickings = self.picking_ids.filtered(lambda done: done.state == "done")
        if not pickings:
            return
        self._check_lots(pickings)
        backs = self.env["stock.picking"].union(
            *(self._make_back(picking) for picking in pickings)
        )
        reserved = self._read_reservations(backs)
        moment = pickings[0].date_done
        # revenue may have been entered on a later day than the goods moved
        moved = moment.date()
        day = self._find_open_stock_day(moved)
        costs = self._complete_pickings(
            backs, moment if day == moved else fields.Datetime.now()
        )
        self._make_cost_entry(costs, "undo", day)
        self._note_negative_stock(backs)
        self._note_freed(reserved)

    def _make_back(self, picking):
        is_out = picking.picking_type_id.code == "outgoing"
        operation = self.shop_id.in_type_id if is_out else self.shop_id.out_type_id
        back = self.env["stock.picking"].create(
            {
                **self._prepare_picking_vals(operation),
                "location_id": picking.location_dest_id.id,
                "location_dest_id": picking.location_id.id,
            }
        )
        self._create_moves(
            back, [self._prepare_back_vals(back, move) for move in picking.move_ids]
        )
        return back

    def _prepare_back_vals(self, back, move):
        """The same lots go the other way, valued as they went."""
        vals = self._prepare_move_vals(back, move.product_id, move.quantity)
        vals["origin_returned_move_id"] = move.id
        vals["picked"] = True
        vals["move_line_ids"] = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "quantity": line.quantity,
                    "lot_id": line.lot_id.id,
                    "package_id": line.result_package_id.id,
                    "owner_id": line.owner_id.id,
                    "picking_id": back.id,
                    "company_id": self.company_id.id,
                    "location_id": line.location_dest_id.id,
                    "location_dest_id": line.location_id.id,
                }
            )
            for line in move.move_line_ids
        ]
        return vals

    def _find_open_stock_day(self, day):
        """``day`` where it is open for stock, else today's."""
        locks = self.company_id._get_violated_lock_dates(
            day, False, self.env["account.journal"]
        )
        today = self.env["raso.cash.sale"]._local_now().date()
        return today if locks else day

    def _check_lots(self, pickings):
        """:raise UserError: a lot has been moved on since"""
        lines = pickings.move_ids.move_line_ids.filtered("lot_id")
        if not lines:
            return
        rows = self.env["stock.quant"]._read_group(
            [
                ("lot_id", "in", lines.lot_id.ids),
                ("location_id", "in", lines.location_dest_id.ids),
            ],
            ["lot_id", "location_id"],
            ["quantity:sum"],
        )
        there = {(lot, place): quantity for lot, place, quantity in rows}
        gone = []
        for (lot, place), parts in lines.grouped(
            lambda line: (line.lot_id, line.location_dest_id)
        ).items():
            quantity = sum(parts.mapped("quantity_product_uom"))
            if lot.product_uom_id.compare(there.get((lot, place), 0), quantity) < 0:
                gone.append(f"{lot.product_id.display_name} {lot.name}")
        if gone:
            raise UserError(
                self.env._(
                    "%(document)s can't be unbooked: %(lots)s went on to another "
                    "place since. Take back first what moved them.",
                    document=self.name,
                    lots=self._list_names(gone),
                )
            )
