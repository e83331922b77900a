import json

from odoo import api, models

from ..texts import _lt
from ..tools.days import from_server
from ..tools.records import Unreadable


class RasoZReport(models.Model):
    """Storing the Z reports that were read from a document."""

    _inherit = "raso.z.report"

    @api.model
    def _store_reports(self, exchange, reports):
        """Store the reports that aren't known yet.

        :param reports: `tools.records.ZReport`, of one document
        :return: how many are new, known already and in conflict, and an `Unreadable`
            for each that can't be kept as a report of its own
        """
        named, issues = self._split_unnamed(exchange, reports)
        if not named:
            return (0, 0, 0), issues
        names = {(report.shop or exchange.shop_no, report.till) for report in named}
        registers = self.env["raso.register"]._get_registers(exchange, names)
        known = self._find_known(exchange.company_id, named)
        fresh, known_count, conflicts = {}, 0, 0
        for report in named:
            register_id, shop_id = registers[
                report.shop or exchange.shop_no, report.till
            ]
            vals = self._prepare_report_vals(exchange, report, register_id, shop_id)
            key = (report.fiscal_no, report.number)
            earlier = known.setdefault(key, vals)
            if earlier is vals:
                fresh[key] = vals
            elif _content(earlier) == _content(vals):
                known_count += 1
            else:
                conflicts += 1
                issues.append(self._describe_conflict(report, earlier, vals))
        self.create(list(fresh.values()))
        return (len(fresh), known_count, conflicts), issues

    def _split_unnamed(self, exchange, reports):
        """Return the reports whose shop is known, and an issue for each other."""
        named = [report for report in reports if report.shop or exchange.shop_no]
        issues = [
            Unreadable(
                report.position,
                report.number,
                _lt("Z report %(number)s", number=report.number),
                "",
                _lt(
                    "It names no shop. Have the shop's number set in RASO and the "
                    "report exported again."
                ),
            )
            for report in reports
            if not (report.shop or exchange.shop_no)
        ]
        return named, issues

    def _find_known(self, company, reports):
        domain = [
            ("company_id", "=", company.id),
            ("fiscal_no", "in", [report.fiscal_no for report in reports]),
            ("number", "in", [report.number for report in reports]),
        ]
        return {
            (report.fiscal_no, report.number): report for report in self.search(domain)
        }

    def _prepare_report_vals(self, exchange, report, register_id, shop_id):
        return {
            "company_id": exchange.company_id.id,
            "exchange_id": exchange.id,
            "shop_id": shop_id,
            "register_id": register_id,
            "fiscal_no": report.fiscal_no,
            "number": report.number,
            "last_receipt": report.last_receipt,
            "cashier": report.cashier,
            "printed_at": from_server(report.printed),
            "amount_total": report.figures.get("DienosApyvarta", 0),
            "figures": {
                name: format(figure.normalize(), "f")
                for name, figure in sorted(report.figures.items())
                if figure
            },
        }

    def _describe_conflict(self, report, earlier, vals):
        return Unreadable(
            report.position,
            report.number,
            _lt(
                "Z report %(number)s of device %(device)s",
                number=report.number,
                device=report.fiscal_no,
            ),
            json.dumps(vals["figures"], indent=1),
            _lt(
                "This Z report is known with other figures, printed %(known)s, this "
                "one %(new)s. The first was kept, this one is here and in the "
                "document. Ask RASO's administrator which is right.",
                known=earlier["printed_at"],
                new=vals["printed_at"],
            ),
        )


def _content(report):
    """What makes two Z reports the same: a zero figure counts as one left out."""
    return report["printed_at"], report["last_receipt"] or "", report["figures"] or {}
