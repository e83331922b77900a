from odoo import api, models
from odoo.tools import SQL


class RasoRegisterDay(models.Model):
    """Which tills' days have to be checked anew; here is everything that says so."""

    _inherit = "raso.register.day"

    @api.model
    def _mark_days(self, pairs):
        """Have these days of tills checked by the next run, made if they aren't there.

        The row is written even if it is marked already: a check that goes on at the
        same time, and doesn't see what changed, then gives up and is done again.

        :param pairs: of till id and day
        """
        if not pairs:
            return
        tills, days = zip(*sorted(pairs), strict=True)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO raso_register_day AS old (register_id, shop_id, company_id,
                       day, state, is_stale, create_uid, write_uid, create_date,
                       write_date)
                SELECT till.id, till.shop_id, till.company_id, mark.day, 'open', TRUE,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC'
                  FROM unnest(%(tills)s::int[], %(days)s::date[]) AS mark(till, day)
                  JOIN raso_register till ON till.id = mark.till
              ORDER BY till.id, mark.day
           ON CONFLICT (register_id, day) DO UPDATE SET is_stale = TRUE
                """,
                uid=self.env.uid,
                tills=list(tills),
                days=list(days),
            )
        )
        self.invalidate_model(["is_stale"], flush=False)

    @api.model
    def _mark_differing(self, companies):
        """Have Z reports that differ compared anew: the table they go by changed."""
        self.sudo().search(
            [("company_id", "in", companies.ids), ("state", "=", "differs")]
        ).is_stale = True


class RasoCashSale(models.Model):
    _inherit = "raso.cash.sale"

    def _insert_sales(self, exchange, fresh):
        """What is stored is tied to its Z report, and its till's day to be checked."""
        result = super()._insert_sales(exchange, fresh)
        sales = self.browse(sale.id for sale in fresh)
        pairs = {(sale.register_id, sale.receipt.day) for sale in fresh}
        self.env["raso.register.day"]._mark_days(pairs | sales._link_z_reports())
        return result

    def _match(self, company):
        """Held receipts are matched in every run: only a change is one for the day."""
        before = self._read_states()
        result = super()._match(company)
        self.env["raso.register.day"]._mark_days(
            {(till, day) for _id, till, day, *_state in self._read_states() - before}
        )
        return result

    def _read_states(self):
        self.flush_model()
        return set(
            self.env.execute_query(
                SQL(
                    "SELECT id, register_id, day, state, hold_cause, amount_paid "
                    "FROM raso_cash_sale WHERE id = ANY(%s)",
                    self.ids,
                )
            )
        )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._mark_days()
        return result

    def _hold_for_booking(self, text):
        result = super()._hold_for_booking(text)
        self._mark_days()
        return result

    def _hold_for_lots(self, texts):
        result = super()._hold_for_lots(texts)
        self._mark_days()
        return result

    def _mark_days(self):
        self.env["raso.register.day"]._mark_days(
            {(sale.register_id.id, sale.day) for sale in self}
        )


class RasoCashSaleLine(models.Model):
    _inherit = "raso.cash.sale.line"

    def _exclude(self, reason):
        result = super()._exclude(reason)
        self.cash_sale_id._mark_days()
        return result

    def _set_written_off(self, document):
        result = super()._set_written_off(document)
        self.cash_sale_id._mark_days()
        return result


class RasoTradeDocument(models.Model):
    _inherit = "raso.trade.document"

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._mark_days()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if {"state", "revenue_state"} & set(vals):
            self._mark_days()
        return result

    def unlink(self):
        self._mark_days()
        return super().unlink()

    def _take_sales(self, sales):
        result = super()._take_sales(sales)
        self._mark_days()
        return result

    def _mark_days(self):
        """Have the days of all their receipts checked: those of a Z may be two."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT register_id, day FROM raso_cash_sale "
                "WHERE trade_document_id = ANY(%s)",
                (self | self.origin_id).ids,
            )
        )
        self.env["raso.register.day"]._mark_days(
            set(rows)
            | {
                (document.register_id.id, document.day)
                for document in self
                if document.register_id
            }
        )


class RasoZReport(models.Model):
    _inherit = "raso.z.report"

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._mark_days(reports._link_sales())
        return reports

    def _mark_days(self, pairs):
        """Have their days checked, and those of sheets of the whole shop.

        :param pairs: of till id and day, to be checked as well
        """
        days = self.env["raso.register.day"]
        whole = days.search(
            [
                ("shop_id", "in", self.shop_id.ids),
                ("register_id.number", "in", ("", False)),
                ("day", "in", self.mapped("day")),
            ]
        )
        days._mark_days(
            pairs
            | {(report.register_id.id, report.day) for report in self}
            | {(day.register_id.id, day.day) for day in whole}
        )


class RasoPaymentKind(models.Model):
    _inherit = "raso.payment.kind"

    def write(self, vals):
        result = super().write(vals)
        if {"z_counter", "usage"} & set(vals):
            self.env["raso.register.day"]._mark_differing(self.company_id)
        return result


class RasoVatRate(models.Model):
    _inherit = "raso.vat.rate"

    def write(self, vals):
        result = super().write(vals)
        if "fiscal_group" in vals:
            self.env["raso.register.day"]._mark_differing(self.company_id)
        return result
