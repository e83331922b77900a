"""A day of the demo as Odoo has it, next to what the tills say."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dev.days import expected
from dev.days.model import ZERO, money

VILNIUS = ZoneInfo("Europe/Vilnius")
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Row:
    """A figure; both sides are texts, written alike."""

    label: str
    booked: str
    till: str

    @property
    def is_right(self):
        return self.booked == self.till


def make_rows(env, day):
    """Return the rows of ``day``."""
    till = expected(day)
    return [
        *_receipt_rows(env, day, till),
        *_money_rows(env, day, till),
        *_stock_rows(env, day, till),
    ]


def print_rows(day, rows):
    """Print the table of ``day``."""
    print(f"\n{f'Shop {day.shop}, {day.date}':<32}{'in Odoo':>12}{'at the till':>14}")
    for row in rows:
        mark = "=" if row.is_right else "DIFFERS"
        print(f"  {row.label:<30}{row.booked:>12}{row.till:>14}  {mark}")


def _receipt_rows(env, day, till):
    sales = env["raso.cash.sale"].search([("day", "=", day.date)])
    states = sales.mapped("state")
    made = len(day.receipts)
    return [
        Row("receipts received", str(len(sales)), str(made)),
        Row("receipts booked", str(states.count("booked")), str(till["receipts"])),
        Row("receipts held", str(states.count("held")), str(made - till["receipts"])),
    ]


def _money_rows(env, day, till):
    domain = [("parent_state", "=", "posted"), ("date", "=", day.date)]
    lines = env["account.move.line"].search(domain)
    income = env["raso.transaction.type"].search([]).income_account_id
    vat = _sum_by(lines.filtered("tax_line_id"), "tax_line_id")
    by_account = _sum_by(lines, "account_id")
    gross = -sum(vat.values(), ZERO) - sum((by_account[a] for a in income), ZERO)
    vat_by_rate = {f"{tax.amount:g}": -amount for tax, amount in vat.items()}
    till_gross = sum(map(Decimal, till["amount"].values()), ZERO)
    rows = [
        Row("gross", _euros(gross), _euros(till_gross)),
        Row("gross by Z reports", _euros(gross), _euros(_sum_z_reports(env, day))),
    ]
    for rate in sorted({*till["vat"], *vat_by_rate}, key=int):
        booked, said = vat_by_rate.get(rate, ZERO), Decimal(till["vat"].get(rate, 0))
        rows.append(Row(f"VAT {rate} %", _euros(booked), _euros(said)))
    for kind in env["raso.payment.kind"].search([], order="id"):
        booked = sum((by_account[account] for account in _kind_accounts(kind)), ZERO)
        said = Decimal(till["payments"].get(kind.code, 0))
        rows.append(Row(f"{kind.name} ({kind.code})", _euros(booked), _euros(said)))
    return rows


def _kind_accounts(kind):
    """Return the accounts that the kind of payment is booked on."""
    if kind.usage == "cash":
        return kind.env["raso.shop"].search([]).cash_journal_id.default_account_id
    if kind.usage == "rounding" and kind.code == "1002":
        return kind.gain_account_id
    return kind.account_id


def _sum_z_reports(env, day):
    """Return the turnover of the day's Z reports, returns taken off."""
    start, end = _bounds(day)
    reports = env["raso.z.report"].search(
        [("printed_at", ">=", start), ("printed_at", "<", end)]
    )
    return sum(
        (
            Decimal(str(report.figures["DienosApyvarta"]))
            - Decimal(str(report.figures.get("GrazinimuSuma", 0)))
            for report in reports
        ),
        ZERO,
    )


def _stock_rows(env, day, till):
    start, end = _bounds(day)
    moves = env["stock.move"].search(
        [("state", "=", "done"), ("date", ">=", start), ("date", "<", end)]
    )
    sold = defaultdict(Decimal)
    for move in moves:
        sign = 1 if move.location_dest_id.usage == "customer" else -1
        sold[move.product_id] += sign * Decimal(str(move.quantity))
    kilogram = env.ref("uom.product_uom_kgm")
    booked = {item.default_code: quantity for item, quantity in sold.items()}
    said = {code: Decimal(quantity) for code, quantity in till["qty"].items()}
    weighed = {item.default_code for item in sold if item.uom_id == kilogram}
    right = sum(booked.get(code, ZERO) == said[code] for code in said)
    return [
        Row(
            "stock out, kg",
            _total(booked, weighed, 3),
            _total(said, weighed, 3),
        ),
        Row(
            "stock out, units",
            _total(booked, booked.keys() - weighed, 0),
            _total(said, said.keys() - weighed, 0),
        ),
        Row("products with the same quantity", str(right), str(len(said))),
    ]


def _bounds(day):
    """Return the first moment of the day and of the next, naive UTC."""
    first = datetime.combine(day.date, time())
    return [
        moment.replace(tzinfo=VILNIUS).astimezone(UTC).replace(tzinfo=None)
        for moment in (first, first + timedelta(days=1))
    ]


def _sum_by(lines, field):
    sums = defaultdict(Decimal)
    for line in lines:
        sums[line[field]] += Decimal(str(line.balance))
    return sums


def _total(quantities, codes, digits):
    total = sum((quantities.get(code, ZERO) for code in codes), ZERO)
    return f"{total:.{digits}f}"


def _euros(amount):
    return f"{money(amount):.2f}"
