from .booking import BookingCase
from .common import DAY, document


class DayCase(BookingCase):
    def take(self, *receipts, data_type=0):
        self.add(document(*receipts), data_type)
        self.run_cron()

    def take_z(self, *reports):
        self.add(z_document(*reports), 5, provider="", shop="")
        self.run_cron()

    def get_day(self, day=DAY, till=None):
        return self.env["raso.register.day"].search(
            [("day", "=", day), ("register_id", "=", (till or self.till).id)]
        )

    def find_z(self, number="17"):
        return self.env["raso.z.report"].search([("number", "=", number)])

    def codes(self, day):
        return [code for code, _values in day.reasons or []]


def z_report(number="17", **elements):
    """Return a Z report of till 1; elements that are None are left out."""
    values = {
        "ZNr": number,
        "FiscalNo": "LT001",
        "ShopNo": "01",
        "PosNo": "1",
        "ZReportDate": "2026-11-22T22:15:00",
        **elements,
    }
    body = "".join(
        f"<{name}>{value}</{name}>"
        for name, value in values.items()
        if value is not None
    )
    return f"<SalesZReportsData>{body}</SalesZReportsData>"


def z_document(*reports):
    return f"<SalesZReportsDataSync>{''.join(reports)}</SalesZReportsDataSync>"


def coffees(count, cash=None, **elements):
    """The figures of ``count`` receipts of one coffee for 1.21, paid in cash."""
    money = {
        "DienosApyvarta": 121 * count,
        "SumaBePVM1": 100 * count,
        "PVMSuma1": 21 * count,
        "DienosApyvartaGrynaisiais": 121 * count if cash is None else cash,
    }
    figures = {name: f"{cents / 100:.2f}" for name, cents in money.items()}
    return {"FiskaliniuKvituKiekis": count, "ReceiptNo": count, **figures, **elements}
