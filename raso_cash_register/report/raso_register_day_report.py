from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..models.raso_cash_sale import KINDS
from ..tools.compare import COUNTERS, GROUPS, NOTHING, counter_figure
from ..tools.days import VILNIUS
from .common import COUNTED, HOUR_AND_MINUTE

# states of wkhtmltopdf in which Odoo makes a PDF
PDF_STATES = ("ok", "upgrade")
RETURNS = ("return", "sf_return", "sheet_return")
INVOICES = ("sf", "sf_return")
TARA = ("tara", "tara_cash")


class Receipt(NamedTuple):
    """A receipt as the report lists it; ``time`` is the till's own, or None."""

    number: str
    time: str | None
    kind: str
    state: str
    is_counted: bool
    cashier: str | None
    invoice_no: str | None
    customer: str | None
    company_code: str | None
    vat_code: str | None
    amount: Decimal
    vat: Decimal


class RasoRegisterDay(models.Model):
    _inherit = "raso.register.day"

    def action_print(self):
        """Print the daily report: as PDF, or in the browser without a PDF engine."""
        report = self.env.ref("raso_cash_register.raso_register_day_report").sudo()
        action = report.report_action(self, config=False)
        if report.get_wkhtmltopdf_state() not in PDF_STATES:
            action["report_type"] = "qweb-html"
        return action


class RasoRegisterDayReport(models.AbstractModel):
    """The figures of the daily report: a fixed number of queries for any days."""

    _name = "report.raso_cash_register.register_day"
    _description = "RASO Daily Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        days = self.env["raso.register.day"].browse(docids)
        days.check_access("read")
        self.env.flush_all()
        receipts = self._list_receipts(days)
        rates, payments = self._sum_rates(days), self._sum_payments(days)
        reports = self._list_reports(days)
        return {
            "docs": days,
            "print_url": self._find_print_url(days, data or {}),
            "printed_at": self._local(fields.Datetime.now()),
            "money": lambda value: formatLang(self.env, float(value), digits=2),
            "kinds": dict(
                self.env["raso.cash.sale"]
                ._fields["kind"]
                ._description_selection(self.env)
            ),
            "states": dict(
                self.env["raso.cash.sale"]
                ._fields["state"]
                ._description_selection(self.env)
            ),
            "parts": {
                day.id: {
                    **_sort_receipts(receipts[day.id]),
                    "rates": rates[day.id],
                    "payments": payments[day.id],
                    "reports": reports[day.id],
                    "figures": _compare(day),
                }
                for day in days
            },
        }

    def _find_print_url(self, days, data):
        """Return where the report stands on a page of its own, without an engine."""
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        if data.get("report_type") == "pdf" or state in PDF_STATES:
            return False
        ids = ",".join(map(str, days.ids))
        return f"/report/html/raso_cash_register.register_day/{ids}"

    def _local(self, moment):
        """Return a moment by the clock of the tills."""
        local = fields.Datetime.context_timestamp(self.with_context(tz=VILNIUS), moment)
        return local.strftime("%Y-%m-%d %H:%M")

    def _list_receipts(self, days):
        """Return ``{day id: [Receipt, …]}``, disputed and cancelled ones as well."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id, s.number, %(time)s, s.kind, s.state,
                       s.is_identity AND s.state IN %(counted)s
                           AND s.kind != 'tara_cash',
                       s.cashier, s.invoice_no,
                       COALESCE(s.partner_name, partner.name), s.partner_code,
                       s.partner_vat, s.amount_total::text, s.amount_vat::text
                  FROM raso_register_day day
                  JOIN raso_cash_sale s
                    ON s.register_id = day.register_id AND s.day = day.day
             LEFT JOIN res_partner partner ON partner.id = s.partner_id
                 WHERE day.id = ANY(%(ids)s)
                   AND s.state NOT IN ('not_booked', 'before_start')
              ORDER BY s.sold_at, s.id
                """,
                time=HOUR_AND_MINUTE,
                counted=COUNTED,
                ids=days.ids,
            )
        )
        receipts = defaultdict(list)
        for day_id, *values, amount, vat in rows:
            receipts[day_id].append(
                Receipt(*values, Decimal(amount or 0), Decimal(vat or 0))
            )
        return receipts

    def _sum_rates(self, days):
        """Return ``{day id: [(percent or None, net, VAT), …]}``; tara bears none."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT day.id, trim_scale(l.vat_percent)::text,
                       sum(l.amount - l.vat)::text, sum(l.vat)::text
                  FROM raso_register_day day
                  JOIN raso_cash_sale s
                    ON s.register_id = day.register_id AND s.day = day.day
                   AND s.is_identity AND s.state IN %s AND s.kind NOT IN %s
                  JOIN raso_cash_sale_line l ON l.cash_sale_id = s.id
                 WHERE day.id = ANY(%s)
              GROUP BY day.id, l.vat_percent
              ORDER BY day.id, l.vat_percent DESC NULLS LAST
                """,
                COUNTED,
                TARA,
                days.ids,
            )
        )
        rates = defaultdict(list)
        for day_id, percent, net, vat in rows:
            rates[day_id].append((percent, Decimal(net), Decimal(vat)))
        return rates

    def _sum_payments(self, days):
        """Return ``{day id: [(kind or code, count, amount), …]}``, rounding signed.

        The analysis of payments says what is summed, and how rounding is signed.
        """
        payments = defaultdict(list)
        by_till = {(day.register_id, day.day): day.id for day in days}
        rows = self.env["raso.payment.report"]._read_group(
            [
                ("register_id", "in", days.register_id.ids),
                ("day", "in", days.mapped("day")),
                ("kind", "not in", TARA),
            ],
            ["register_id", "day:day", "payment_kind_id", "code"],
            ["__count", "amount:sum"],
            order="payment_kind_id, code",
        )
        for till, day, kind, code, count, amount in rows:
            if day_id := by_till.get((till, day)):
                name = f"{code} {kind.name}" if kind else code
                payments[day_id].append((name, count, Decimal(f"{amount:.2f}")))
        return payments

    def _list_reports(self, days):
        """Return ``{day id: [what a Z report says, …]}``."""
        reports = defaultdict(list)
        pairs = days._find_reports()
        browse = self.env["raso.z.report"].browse
        browse([report_id for _day, report_id in pairs]).fetch(
            ["number", "fiscal_no", "printed_at", "cashier", "figures", "state"]
        )
        names = self._name_counters(days.company_id), self._name_groups(days.company_id)
        for day_id, report_id in pairs:
            reports[day_id].append(self._read_report(browse(report_id), *names))
        return reports

    def _read_report(self, report, counters, groups):
        figures = defaultdict(Decimal)
        for name, value in (report.figures or {}).items():
            figures[name] = Decimal(value)
        parts = ("SumaBePVM", "PVMSuma", "GrazinimoSumaBePVM", "GrazinimoPVMSuma")
        rows = [
            (groups.get((report.company_id.id, number), ""), number)
            + tuple(figures[f"{part}{number}"] for part in parts)
            for number in GROUPS
        ]
        return {
            "report": report,
            "printed_at": self._local(report.printed_at),
            "figures": figures,
            "groups": [row for row in rows if any(row[2:])],
            "counters": [
                (counters.get((report.company_id.id, counter), str(counter)), amount)
                for counter in COUNTERS
                if (amount := figures[counter_figure(counter)])
            ],
        }

    def _name_counters(self, companies):
        """Return ``{(company id, counter): payment kinds}`` as the comparison goes."""
        names = defaultdict(list)
        for kind in self.env["raso.payment.kind"].search(
            [("company_id", "in", companies.ids), ("usage", "!=", "rounding")]
        ):
            if kind.z_counter:
                counter = kind.z_counter
            elif kind.usage == "cash":
                counter = 0
            elif kind.code in ("1", "2", "3", "4", "5"):
                counter = int(kind.code)
            else:
                continue
            names[kind.company_id.id, counter].append(kind.name)
        return {key: ", ".join(parts) for key, parts in names.items()}

    def _name_groups(self, companies):
        """Return ``{(company id, fiscal group): VAT rates}``."""
        names = defaultdict(list)
        for rate in self.env["raso.vat.rate"].search(
            [("company_id", "in", companies.ids), ("fiscal_group", "!=", 0)]
        ):
            names[rate.company_id.id, rate.fiscal_group].append(rate.display_name)
        return {key: ", ".join(parts) for key, parts in names.items()}


def _sort_receipts(receipts):
    """Return the receipts by what the report shows of them."""
    counted = [row for row in receipts if row.is_counted]
    sums = {}
    for row in counted:
        count, amount, vat = sums.get(row.kind, (0, NOTHING, NOTHING))
        sums[row.kind] = count + 1, amount + row.amount, vat + row.vat
    kinds = [(kind, *sums[kind]) for kind, _label in KINDS if kind in sums]
    sold = [row for row in kinds if row[0] not in TARA]
    half = (len(counted) + 1) // 2
    return {
        "kinds": sold,
        "tara": [row for row in kinds if row[0] in TARA],
        "total": tuple(sum(column, 0) for column in list(zip(*sold, strict=True))[1:])
        or (0, NOTHING, NOTHING),
        # read downwards, as a till's tape
        "pairs": [
            (counted[place], counted[half + place : half + place + 1])
            for place in range(half)
        ],
        "returns": [row for row in counted if row.kind in RETURNS],
        "invoices": [row for row in counted if row.kind in INVOICES],
        "others": [row for row in receipts if row.state != "booked"],
    }


def _compare(day):
    """Return figure, sum, VAT, and both less what was received, but of the first."""
    figures = [
        (name, _exact(day[f"amount_{name}"]), _exact(day[f"vat_{name}"]))
        for name in ("received", "z", "booked", "ledger")
    ]
    _name, amount, vat = figures[0]
    return [(*row, row[1] - amount, row[2] - vat) for row in figures]


def _exact(money):
    """EUR of a stored field, which Odoo hands out as a float."""
    return Decimal(f"{money:.2f}")
