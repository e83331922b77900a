import html
from collections import defaultdict
from decimal import Decimal
from xml.etree import ElementTree

from .booking import COFFEE, RivileCase
from .common import document, receipt
from .sample_case import SampleCase
from .white import TEA, WhiteCase


class ReceiptCase(SampleCase):
    """What a receipt shows, of both sample days."""

    def setUp(self):
        super().setUp()
        self.run_cron()
        self.sales = self.find_sales()
        self.assertTrue(self.sales)

    def check_cashiers(self, has_cashiers):
        for sale in self.sales:
            self.assertEqual(set(sale.line_ids.mapped("cashier")), {sale.cashier})
            self.assertEqual(bool(sale.cashier), has_cashiers)

    def check_rates(self):
        sums = self.sales._sum_rates()
        for sale in self.sales:
            vat = sum(rate.vat for rate in sums[sale.id])
            total = sum(rate.total for rate in sums[sale.id])
            self.assertEqual(total, Decimal(f"{sale.amount_total:.2f}"), sale.number)
            self.assertEqual(vat, Decimal(f"{sale.amount_vat:.2f}"), sale.number)
            shown = html.unescape(sale.vat_summary)
            for rate in sums[sale.id]:
                net = sale.currency_id.format(float(rate.total - rate.vat))
                self.assertIn(net, shown)

    def check_sources(self, find):
        """Compare each receipt's source with ``find(root, position)``."""
        for exchange, sales in self.sales.grouped("exchange_id").items():
            root = ElementTree.fromstring(exchange.attachment_id.raw)
            for sale in sales.with_user(self.user):
                self.assertEqual(
                    canonical(sale.source),
                    canonical(ElementTree.tostring(find(root, sale.position))),
                )


class TestKvitasReceipts(ReceiptCase):
    def test_sample_days(self):
        self.check_cashiers(has_cashiers=True)
        self.check_rates()
        self.check_sources(lambda root, place: root.findall("Sales")[place - 1])
        sale = self.sales[0]
        self.assertIn("\n  <Sale>\n    <CODE>", sale.source)
        # the web client asks for the size of contents, never for contents
        sale = sale.with_context(bin_size=True)
        sale.invalidate_recordset(["source"])
        self.assertIn(f'ReceiptNo="{sale.number}"', sale.source)


class TestRivileReceipts(RivileCase, ReceiptCase):
    def test_sample_days(self):
        self.check_cashiers(has_cashiers=False)
        self.check_rates()
        self.check_sources(lambda root, _place: root)


class TestReceipt(WhiteCase):
    def test_vat_of_a_white_item(self):
        """The rate follows from the money, whether or not there is a product."""
        self.take(receipt("1", COFFEE, TEA, payments=[("0", "4.80"), ("9", "0.04")]))
        sale = self.find_sales()
        self.assertEqual(
            sale._sum_rates()[sale.id],
            [(Decimal(21), Decimal("0.84"), Decimal("4.84"))],
        )
        self.assertIn("21 %", sale.vat_summary)
        self.assertIn("Code 9: not set up", sale.payment_summary)
        self.assertEqual(sale.amount_net, 4)

    def test_vat_without_rate(self):
        odd = {"CODE": "4770001", "QTY": 1, "AMOUNT": "10.00", "VATSUM": "3.33"}
        sale = self.take(receipt("1", odd))
        self.assertEqual(
            sale._sum_rates()[sale.id], [(None, Decimal("3.33"), Decimal(10))]
        )
        self.assertIn("No rate yet", sale.vat_summary)

    def test_documents(self):
        """A user sees that they are there; the buttons lead to them."""
        sale = self.take(receipt("1", COFFEE))
        document = sale.trade_document_id
        self.assertRecordValues(
            sale.with_user(self.user),
            [
                {
                    "picking_count": 1,
                    "entry_count": 1,
                    "payment_count": 1,
                    "invoice_count": 0,
                }
            ],
        )
        opened = defaultdict(set)
        for name in ("pickings", "entries", "payments"):
            action = getattr(sale, f"action_view_{name}")()
            opened[action["res_model"]].add(action["res_id"])
        self.assertEqual(opened["stock.picking"], set(document.picking_ids.ids))
        self.assertEqual(opened["account.move"], set(document.move_ids.ids))
        self.assertEqual(sale.action_view_source()["target"], "new")

    def test_broken_document_says_so(self):
        self.add(document(receipt("1", COFFEE)))
        self.run_cron()
        sale = self.find_sales()
        sale.exchange_id.attachment_id.raw = b"<SalesSync><Sales>"
        self.assertIn("not well-formed", sale.source)
        self.env["res.lang"]._activate_lang("lt_LT")
        self.assertIn("XML netvarkingas", sale.with_context(lang="lt_LT").source)
        sale.invalidate_recordset(["source"])
        sale.exchange_id.attachment_id.raw = b"<SalesSync/>"
        self.assertIn("doesn't hold this receipt any more", sale.source)


def canonical(xml):
    return ElementTree.canonicalize(xml, strip_text=True)
