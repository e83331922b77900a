from contextlib import contextmanager
from datetime import datetime
from xml.sax.saxutils import quoteattr

from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .standin import UPDATE, Standin

# 06:00 in Vilnius
NOW = "2026-11-24 04:00:00"
DAY = "2026-11-22"


@tagged("-at_install", "post_install")
class RasoCase(TransactionCase):
    """A Lithuanian company with a confirmed connection to a stand-in of RASO.

    The clock stands at 2026-11-24 06:00 in Vilnius, on the server as well.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stop_clock()
        cls.company = cls.env.company
        cls.set_timeouts(login_timeout=5, query_timeout=5)
        cls.cron = cls.env.ref("raso_cash_register.raso_connection_cron_run")

    @classmethod
    def set_timeouts(cls, **seconds):
        for name, value in seconds.items():
            cls.env["ir.config_parameter"].set_param(
                f"raso_cash_register.{name}", value
            )

    def setUp(self):
        super().setUp()
        # making a certificate doesn't go with a frozen clock
        self.standin = Standin(clock=self.get_local_time, encryption="none")
        self.standin.open_port()
        self.addCleanup(self.standin.close)
        self.connection = self.make_connection()
        self.connection.action_confirm()

    @classmethod
    def stop_clock(cls):
        cls.startClassPatcher(freeze_time(NOW))

    def get_local_time(self):
        """What the clock of RASO's server shows."""
        return datetime(2026, 11, 24, 6)

    def make_connection(self, **vals):
        return self.env["raso.connection"].create(
            {
                "name": "Shop server",
                "server": self.standin.host,
                "port": self.standin.port,
                "database": self.standin.database,
                "login": self.standin.user,
                "password": self.standin.password,
                "book_from": "2026-01-01",
                **vals,
            }
        )

    def run_cron(self):
        """Run the scheduled action as Odoo does, as if its time had come."""
        self.connection.next_try_at = False
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    @contextmanager
    def muted(self, *modules):
        """Expect warnings and errors of these modules of the addon."""
        names = [f"odoo.addons.raso_cash_register.models.{name}" for name in modules]
        with mute_logger(*names):
            yield

    def add(self, text, data_type=0, shop="01", provider="KVITAS"):
        """Have RASO export a document; return its number."""
        return self.standin.add(data_type, provider, shop, text)

    def find_sales(self, *numbers):
        domain = [("company_id", "=", self.company.id)]
        if numbers:
            domain.append(("number", "in", numbers))
        return self.env["raso.cash.sale"].search(domain, order="id")

    def find_exchange(self, row_id):
        return self.env["raso.exchange"].search(
            [("connection_id", "=", self.connection.id), ("source_id", "=", row_id)],
            order="id desc",
            limit=1,
        )

    def get_row(self, row_id):
        """Return a row as it stands on RASO's server."""
        return next(
            row for row in self.standin.rows() if row["SyncDataExportId"] == row_id
        )

    def get_updates(self):
        return [call.params for call in self.standin.calls if call.name == UPDATE.name]

    def check_all_is_well(self, row_id):
        """One sale of one exchange, RASO told, and nothing to tell any more."""
        self.assertEqual(len(self.find_sales()), 1)
        self.assertEqual(self.env["raso.exchange"].search_count([]), 1)
        self.assertEqual(self.get_row(row_id)["Status"], 1)
        self.assertFalse(self.connection.failure_count)
        self.assertFalse(self.connection.lease_until)


def document(*receipts, totals=(), **attributes):
    """Return a KVITAS document as XML."""
    payments = "".join(
        f"<Payments><CODE>{code}</CODE><AMOUNT>{amount}</AMOUNT></Payments>"
        for code, amount in totals
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<SalesSync{_attributes(attributes)}>{''.join(receipts)}{payments}</SalesSync>"
    )


def receipt(number, *lines, payments=None, **attributes):
    """Return a receipt as XML; without lines it sells one coffee for 1.21 in cash.

    :param lines: dicts of the elements of each ``Sale``
    :param payments: pairs of code and amount; all in cash if not given
    """
    lines = lines or (
        {"CODE": "4770001", "QTY": 1, "AMOUNT": "1.21", "VATSUM": "0.21"},
    )
    if payments is None:
        payments = [("0", sum(float(line["AMOUNT"]) for line in lines))]
    head = {
        "ReceiptNo": number,
        "SaleDate": DAY,
        "SaleTime": "10:00:00",
        "UserId": "7",
        "ShopNo": "01",
        "PosNo": "1",
        **attributes,
    }
    body = "".join(f"<Sale>{_elements(line)}</Sale>" for line in lines)
    body += "".join(
        f"<Payment><CODE>{code}</CODE><AMOUNT>{amount}</AMOUNT></Payment>"
        for code, amount in payments
    )
    return f"<Sales{_attributes(head)}>{body}</Sales>"


def _attributes(values):
    return "".join(
        f" {name}={quoteattr(str(value))}"
        for name, value in values.items()
        if value is not None
    )


def _elements(values):
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
