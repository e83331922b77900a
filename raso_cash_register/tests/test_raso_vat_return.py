from collections import Counter
from decimal import Decimal
from xml.etree import ElementTree

from odoo import Command

from .booking import line
from .common import document, receipt
from .sample_case import DAYS, SAMPLES, SampleCase

# what the Lithuanian chart tags, by rate of the till
TAX_TAGS = {21: "29_tax", 12: "30_tax", 5: "31_tax"}
EXEMPT_TAG = "13_base"
QUIET_DAY = "2026-11-20"


class TestVatReturn(SampleCase):
    """The VAT return's figures of both sample days equal the till's, by rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the chart tags bases of exempt sales alone: these show those of the others
        country = cls.company.account_fiscal_country_id
        cls.base_tags = {
            percent: cls.env["account.account.tag"].create(
                {
                    "name": f"base_{percent:g}",
                    "applicability": "taxes",
                    "country_id": country.id,
                }
            )
            for percent in TAX_TAGS
        }
        for percent, tag in cls.base_tags.items():
            tax = cls.taxes[percent]
            for part in tax.invoice_repartition_line_ids | (
                tax.refund_repartition_line_ids
            ):
                if part.repartition_type == "base":
                    part.tag_ids = [Command.link(tag.id)]

    def read_tills(self, day):
        """Return net and VAT by rate, straight from RASO's documents."""
        net, vat = Counter(), Counter()
        for path in (SAMPLES / day).glob("kvitas-*.xml"):
            for sold in ElementTree.parse(path).getroot().iter("Sale"):
                numbers = {
                    tag: sum(
                        Decimal(sold.findtext(name) or 0)
                        for name in (tag, f"{tag}MANUAL")
                    )
                    for tag in ("QTY", "AMOUNT", "VATSUM")
                }
                percent = self.find_percent(sold)
                vat[percent] += numbers["VATSUM"]
                net[percent] += numbers["AMOUNT"] - numbers["VATSUM"]
        return dict(net), dict(vat)

    def find_percent(self, sold):
        product = self.env["product.product"].search(
            [("barcode", "=", sold.findtext("CODE"))]
        )
        return int(product.taxes_id.amount)

    def sum_lines(self, day, query):
        return self.query(
            f"""
            SELECT {query}
               AND line.parent_state = 'posted' AND line.date = %s
               AND line.company_id = %s GROUP BY 1
            """,
            day,
            self.company.id,
        )

    def sum_bases(self, day):
        """What the lines with a tax add up to."""
        return self.sum_lines(
            day,
            """trim_scale(tax.amount)::int, (-sum(line.balance))::text
                 FROM account_move_line line
                 JOIN account_move_line_account_tax_rel rel
                   ON rel.account_move_line_id = line.id
                 JOIN account_tax tax ON tax.id = rel.account_tax_id
                WHERE TRUE""",
        )

    def sum_taxes(self, day, figure):
        return self.sum_lines(
            day,
            f"""trim_scale(tax.amount)::int, (-sum(line.{figure}))::text
                 FROM account_move_line line
                 JOIN account_tax tax ON tax.id = line.tax_line_id
                WHERE TRUE""",
        )

    def sum_tags(self, day):
        return self.sum_lines(
            day,
            """tag.name->>'en_US', (-sum(line.balance))::text
                 FROM account_move_line line
                 JOIN account_account_tag_account_move_line_rel rel
                   ON rel.account_move_line_id = line.id
                 JOIN account_account_tag tag
                   ON tag.id = rel.account_account_tag_id
                WHERE TRUE""",
        )

    def add_quiet_day(self):
        """What the samples lack: exempt goods, a deposit, a returned SF."""
        self.make_product("Stamp", "STAMP", "4770040", 0)
        self.make_product("Deposit", "DEPOSIT", "4770041", None, type="service")
        sold = line(quantity=4, amount="4.84", vat="0.84")
        back = line(quantity=-1, amount="-1.21", vat="-0.21")
        stamp = line("4770040", 1, "3.00", "0.00")
        customer = {"PartnerCode": "300367240", "SaleDate": QUIET_DAY}
        for data_type, receipts in (
            (
                0,
                (
                    receipt("1", sold, stamp, SaleDate=QUIET_DAY),
                    receipt("2", back, SaleDate=QUIET_DAY),
                    receipt(
                        "3", line("4770041", 1, "0.10", "0.00"), SaleDate=QUIET_DAY
                    ),
                ),
            ),
            (
                1,
                (
                    receipt("4", sold, stamp, InvoiceNo="RSF-1", **customer),
                    receipt("5", back, InvoiceNo="RSF-1", **customer),
                ),
            ),
        ):
            self.add(document(*receipts), data_type)

    def assert_quiet_day(self):
        self.assertEqual(self.sum_bases(QUIET_DAY), {21: 6, 0: 6})
        self.assertEqual(self.sum_taxes(QUIET_DAY, "balance"), {21: Decimal("1.26")})
        self.assertEqual(self.sum_taxes(QUIET_DAY, "tax_base_amount"), {21: 6})
        self.assertEqual(
            self.sum_tags(QUIET_DAY),
            {"29_tax": Decimal("1.26"), "base_21": 6, EXEMPT_TAG: 6},
        )

    def test_days(self):
        self.add_quiet_day()
        self.run_cron()
        self.assert_quiet_day()
        for day in DAYS:
            net, vat = self.read_tills(day)
            self.assertGreaterEqual(net.keys(), TAX_TAGS.keys())
            taxed = {percent: amount for percent, amount in vat.items() if amount}
            self.assertEqual(self.sum_bases(day), net)
            self.assertEqual(self.sum_taxes(day, "balance"), taxed)
            self.assertEqual(
                self.sum_taxes(day, "tax_base_amount"),
                {percent: net[percent] for percent in taxed},
            )
            tags = {
                **{TAX_TAGS[percent]: amount for percent, amount in taxed.items()},
                **{f"base_{percent}": net[percent] for percent in TAX_TAGS},
            }
            if net.get(0):
                tags[EXEMPT_TAG] = net[0]
            self.assertEqual(self.sum_tags(day), tags)
            self.assertEqual(
                {str(percent): amount for percent, amount in taxed.items()},
                {
                    percent: Decimal(amount)
                    for percent, amount in self.read_expected(day)["vat"].items()
                },
            )
        kinds = self.find_documents().mapped("kind")
        self.assertEqual({"sale", "return", "sf", "sf_return"}, set(kinds))
