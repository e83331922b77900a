"""The demo as Odoo has it, next to what the tills say."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dev.days import expected
from dev.days.model import INVOICES, RETURNS, SALES, Z_REPORTS, ZERO, money
from dev.days.twists import UNKNOWN_BARCODE as UNKNOWN
from dev.days.twists import WRONG_PAYMENTS as WRONG

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


def make_rows(env, parts):
    """Return the rows of a day, of all shops.

    :param parts: the `ShopDay` of each shop
    """
    till = merge_expected(parts)
    return [
        *_document_rows(env, parts, till),
        *_money_rows(env, parts, till),
        *_stock_rows(env, parts[0].day, till),
    ]


def merge_expected(parts):
    """Return the totals of `dev.days.expected` of all shops together."""
    total = {"receipts": 0}
    for part in parts:
        till, entered = expected(part.day), expected(_entered(part))
        total["receipts"] += till["receipts"] * (not _is_sheets(part))
        for name, source in (
            ("qty", till),
            ("amount", entered),
            ("vat", entered),
            ("payments", entered),
        ):
            sums = total.setdefault(name, defaultdict(Decimal))
            for key, value in source[name].items():
                sums[key] += Decimal(value)
    # a deposit is no goods, and bottles are taken back for cash
    total["qty"].pop(parts[0].day.deposit.code, None)
    total["payments"]["0"] -= _sum_tara(parts)
    return total


def _entered(part):
    """Return the day with what has been entered: waiting sheets only moved goods."""
    if not _waits_for_entry(part):
        return part.day
    invoices = tuple(x for x in part.day.receipts if x.data_type == INVOICES)
    return replace(part.day, receipts=invoices)


def print_day(day, rows, is_short):
    """Print the table of ``day``, or with ``is_short`` a line that sums it up."""
    if is_short:
        right = sum(row.is_right for row in rows)
        gross = next(row for row in rows if row.label == "gross")
        mark = "=" if right == len(rows) else "DIFFERS"
        label = f"{day}, {right} of {len(rows)} figures"
        print(f"{label:<32}{gross.booked:>12}{gross.till:>14}  {mark}")
    else:
        print(f"\n{str(day):<32}{'in Odoo':>12}{'at the tills':>14}")
        _print(rows)


def make_waiting_rows(env, fortnight):
    """Return what waits for a person, next to the troubles that the demo has."""
    sales = env["raso.cash.sale"]
    flaws = [receipt.flaw for part in fortnight.days for receipt in part.day.receipts]
    states = {
        (part.day.date, part.day.shop, till): state
        for part in fortnight.all_days
        for till, state in part.states.items()
    }
    found = {
        (day.day, day.shop_id.number, day.register_id.number): day.state
        for day in env["raso.register.day"].search([])
    }
    right = sum(found.get(key) == state for key, state in states.items())
    held = sales.search([("state", "=", "held")]).mapped("hold_cause")
    counts = [
        ("receipts held, no product", held.count("white"), flaws.count(UNKNOWN)),
        ("held, payments wrong", held.count("payment_sum"), flaws.count(WRONG)),
        ("in conflict", _count(sales, state="conflict"), fortnight.conflicts),
        (
            "of this morning, not booked",
            _count(sales, state="matched"),
            len(fortnight.morning.day.receipts),
        ),
        (
            "documents not read",
            _count(env["raso.exchange"], state="error"),
            fortnight.unread,
        ),
        (
            "sheets without revenue entry",
            _count(env["raso.trade.document"], revenue_state="todo"),
            _count_sheets(fortnight),
        ),
        (
            "connections in trouble",
            len(env["raso.connection"].search([("failure_count", ">", 0)])),
            1,
        ),
        ("till days complete", *_count_state(found, states, "complete")),
        ("till days that differ", *_count_state(found, states, "differs")),
        ("till days as they must be", right, max(len(states), len(found))),
    ]
    return [Row(label, str(ours), str(made)) for label, ours, made in counts]


def print_waiting(rows):
    """Print what waits for a person."""
    print(f"\n{'What waits for a person':<32}{'in Odoo':>12}{'on purpose':>14}")
    _print(rows)


def _print(rows):
    for row in rows:
        mark = "=" if row.is_right else "DIFFERS"
        print(f"  {row.label:<30}{row.booked:>12}{row.till:>14}  {mark}")


def _count(model, **values):
    return model.search_count([(name, "=", value) for name, value in values.items()])


def _count_state(found, states, state):
    return [[*known.values()].count(state) for known in (found, states)]


def _count_sheets(fortnight):
    """Count the daily sheets whose revenue is left to a person."""
    return sum(
        row[0] in (SALES, RETURNS)
        for part in fortnight.days
        if _waits_for_entry(part)
        for row in part.rows
    )


def _is_sheets(part):
    return part.rows[0][1] == "RIVILE"


def _waits_for_entry(part):
    return _is_sheets(part) and "open" in part.states.values()


def _sum_tara(parts):
    """Return what was paid out for bottles, which only sheets' documents say."""
    return sum(
        (
            count * part.day.deposit.price
            for part in parts
            if _is_sheets(part)
            for count in part.day.bottles
        ),
        ZERO,
    )


def _document_rows(env, parts, till):
    """Receipts, and the sheets and invoices of the shop that sends sheets."""
    sales = env["raso.cash.sale"].search(
        [("day", "=", parts[0].day.date), ("is_identity", "=", True)]
    )
    receipts = sales.filtered(lambda sale: sale.provider == "kvitas")
    sheets = sales - receipts
    made = sum(len(part.day.receipts) for part in parts if not _is_sheets(part))
    rows = [row for part in parts if _is_sheets(part) for row in part.rows]
    exported = len([row for row in rows if row[0] != Z_REPORTS])
    states = receipts.mapped("state")
    return [
        Row("receipts received", str(len(receipts)), str(made)),
        Row("receipts booked", str(states.count("booked")), str(till["receipts"])),
        Row("receipts held", str(states.count("held")), str(made - till["receipts"])),
        Row("daily sheets received", str(len(sheets)), str(exported)),
        Row(
            "daily sheets booked",
            str(sheets.mapped("state").count("booked")),
            str(exported),
        ),
    ]


def _money_rows(env, parts, till):
    day = parts[0].day.date
    domain = [("parent_state", "=", "posted"), ("date", "=", day)]
    lines = env["account.move.line"].search(domain)
    kinds = env["raso.transaction.type"].search([])
    tara = kinds.filtered(lambda kind: kind.kind == "tara").income_account_id
    income = kinds.income_account_id - tara
    vat = _sum_by(lines.filtered("tax_line_id"), "tax_line_id")
    by_account = _sum_by(lines, "account_id")
    gross = -sum(vat.values(), ZERO) - sum((by_account[a] for a in income), ZERO)
    vat_by_rate = {f"{tax.amount:g}": -amount for tax, amount in vat.items()}
    rows = [
        Row("gross", _euros(gross), _euros(sum(till["amount"].values(), ZERO))),
        Row(
            "gross by Z reports",
            _euros(_sum_z_reports(env, parts[0].day)),
            _euros(sum((x.total for p in parts for x in p.z_day.receipts), ZERO)),
        ),
    ]
    for rate in sorted({*till["vat"], *vat_by_rate}, key=int):
        booked = vat_by_rate.get(rate, ZERO)
        rows.append(Row(f"VAT {rate} %", _euros(booked), _euros(till["vat"][rate])))
    for kind in env["raso.payment.kind"].search([], order="id"):
        booked = sum((by_account[account] for account in _kind_accounts(kind)), ZERO)
        said = till["payments"][kind.code]
        rows.append(Row(f"{kind.name} ({kind.code})", _euros(booked), _euros(said)))
    said = _sum_tara(parts)
    booked = sum((by_account[account] for account in tara), ZERO)
    rows.append(Row("tara taken back", _euros(booked), _euros(said)))
    return rows


def _kind_accounts(kind):
    """Return the accounts that the kind of payment is booked on."""
    if kind.usage == "cash":
        return kind.env["raso.shop"].search([]).cash_journal_id.default_account_id
    if kind.usage == "rounding" and kind.code == "1002":
        return kind.gain_account_id
    return kind.account_id


def _sum_z_reports(env, day):
    """Return the turnover of the day's Z reports as Odoo read them, less returns."""
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
    said = till["qty"]
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
