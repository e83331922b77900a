import io
from datetime import date, time
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools import kvitas
from odoo.addons.raso_cash_register.tools.records import Line, Payment, PaymentTotal

from .tools_common import (
    PAYMENT,
    SALE,
    Collector,
    read_kvitas,
    read_kvitas_bytes,
    sales,
)


def sale(quantity, amount="0", vat="0"):
    return (
        f"<Sale><CODE>477</CODE><QTY>{quantity}</QTY><AMOUNT>{amount}</AMOUNT>"
        f"<VATSUM>{vat}</VATSUM></Sale>"
    )


def payment(amount, code="0"):
    return f"<Payment><CODE>{code}</CODE><AMOUNT>{amount}</AMOUNT></Payment>"


@tagged("-at_install", "post_install")
class TestKvitas(BaseCase):
    def read_one(self, *elements, **options):
        found = read_kvitas(*elements, **options)
        self.assertEqual(found.unreadables, [])
        [receipt] = found.receipts
        return receipt

    def test_receipt(self):
        receipt = self.read_one(sales())
        self.assertEqual((receipt.position, receipt.kind), (1, "sale"))
        self.assertEqual((receipt.shop, receipt.till), ("01", "1"))
        self.assertEqual((receipt.number, receipt.cashier), ("1101", "5"))
        self.assertEqual(receipt.day, date(2026, 11, 22))
        self.assertEqual(receipt.time, time(8, 0))
        self.assertEqual(receipt.amount, Decimal("2.42"))
        self.assertEqual(receipt.paid, Decimal("2.42"))
        self.assertEqual(receipt.invoice_no, "")

    def test_line(self):
        content = (
            "<Sale><CODE> 0477 </CODE><VCODE>P1</VCODE><NAME>Sūris &lt;7 %&gt;</NAME>"
            "<QTY>1.345</QTY><AMOUNT>2.00</AMOUNT><VATSUM>0.35</VATSUM>"
            "<QTYMANUAL>-0.345</QTYMANUAL><AMOUNTMANUAL>0.42</AMOUNTMANUAL>"
            "<VATSUMMANUAL>0.07</VATSUMMANUAL><DISCOUNT>0.50</DISCOUNT>"
            "<COMMENT>brokas</COMMENT></Sale>"
        )
        [line] = self.read_one(sales(content)).lines
        expected = Line(
            code="0477",
            vcode="P1",
            name="Sūris <7 %>",
            quantity=Decimal("1"),
            amount=Decimal("2.42"),
            vat=Decimal("0.42"),
            discount=Decimal("0.50"),
            comment="brokas",
        )
        self.assertEqual(line, expected)

    def test_absent_and_empty_parts(self):
        empty = Line("", "", "", *[Decimal()] * 4, "")
        for content in (
            "<Sale/>",
            "<Sale></Sale>",
            "<Sale><CODE/><VCODE></VCODE><QTY> </QTY><AMOUNT/></Sale>",
            "<Sale xmlns:xsi='urn:x'><QTY xsi:nil='true'/></Sale>",
        ):
            with self.subTest(content=content):
                self.assertEqual(self.read_one(sales(content)).lines, (empty,))
        receipt = self.read_one(sales("", SaleTime=None, UserId=None))
        self.assertEqual((receipt.lines, receipt.payments), ((), ()))
        self.assertEqual((receipt.time, receipt.cashier), (None, ""))

    def test_name_variants(self):
        for content, expected in (
            ("<NAME>a</NAME>", "a"),
            ("<n>b</n>", "b"),
            ("<NAME/><n>b</n>", "b"),
            ("<NAME>a</NAME><n>b</n>", "a"),
        ):
            with self.subTest(content=content):
                [line] = self.read_one(sales(f"<Sale>{content}</Sale>")).lines
                self.assertEqual(line.name, expected)

    def test_payment_variants(self):
        for codes, expected in (
            ("<CODE>0</CODE>", "0"),
            ("<PAYMETHOD>RRPAY</PAYMETHOD>", "RRPAY"),
            ("<CODE/><PAYMETHOD>2</PAYMETHOD>", "2"),
            ("<CODE>2</CODE><PAYMETHOD>2</PAYMETHOD>", "2"),
            ("", ""),
        ):
            with self.subTest(codes=codes):
                content = f"{codes}<QTY>3</QTY><AMOUNT>1.10</AMOUNT>"
                found = read_kvitas(
                    sales(f"<Payment>{content}</Payment>"),
                    f"<Payments>{content}</Payments>",
                )
                amount = Decimal("1.1")
                [receipt] = found.receipts
                self.assertEqual(receipt.payments, (Payment(expected, amount),))
                total = PaymentTotal(expected, Decimal(3), amount)
                self.assertEqual(found.totals, [total])

    def test_contradicting_payment_codes(self):
        content = "<Payment><CODE>2</CODE><PAYMETHOD>0</PAYMETHOD></Payment>"
        [unreadable] = read_kvitas(sales(content)).unreadables
        self.assertIn("CODE says payment 2 and PAYMETHOD says 0", unreadable.reason)
        self.assertEqual(unreadable.where, "receipt 1 (No 1101), payment 1")

    def test_one_line_or_many(self):
        for count in (1, 2, 5):
            content = SALE * count + PAYMENT * count
            receipt = self.read_one(sales(content))
            self.assertEqual(len(receipt.lines), count)
            self.assertEqual(len(receipt.payments), count)

    def test_shop_and_till(self):
        for own, root, row, expected in (
            (("01", "1"), ("02", "2"), "03", ("01", "1")),
            ((None, None), ("02", "2"), "03", ("02", "2")),
            (("", " "), ("02", "2"), "03", ("02", "2")),
            ((None, None), (None, None), " 03 ", ("03", "")),
            (("01", None), (None, "2"), "", ("01", "2")),
            ((" 01 ", " 1 "), (None, None), "", ("01", "1")),
        ):
            with self.subTest(own=own, root=root, row=row):
                names = ("ShopNo", "PosNo")
                given = zip(names, root, strict=True)
                receipt = self.read_one(
                    sales(ShopNo=own[0], PosNo=own[1]),
                    root=" ".join(f'{name}="{v}"' for name, v in given if v),
                    shop_no=row,
                )
                self.assertEqual((receipt.shop, receipt.till), expected)

    def test_partner(self):
        own = {"PartnerCode": "300", "PartnerName": "UAB „A &amp; B“"}
        receipt = self.read_one(sales(InvoiceNo="SF1", **own))
        self.assertEqual(receipt.kind, "sf")
        self.assertEqual(receipt.invoice_no, "SF1")
        self.assertEqual(receipt.partner_name, "UAB „A & B“")
        root = 'InvoiceNo="SF2" PartnerCode="400" PartnerVATCode="LT4"'
        receipt = self.read_one(sales(), root=f'{root} PartnerAddress="Vilnius"')
        self.assertEqual((receipt.invoice_no, receipt.partner_code), ("SF2", "400"))
        self.assertEqual(receipt.partner_vat, "LT4")
        self.assertEqual(receipt.partner_address, "Vilnius")
        # one partner's code never goes with another's VAT code
        receipt = self.read_one(sales(**own), root=root)
        self.assertEqual((receipt.invoice_no, receipt.partner_code), ("SF2", "300"))
        self.assertEqual(receipt.partner_vat, "")

    def test_kinds(self):
        for data_type, invoice_no, content, expected in (
            (0, None, sale(1, 2), "sale"),
            (0, None, sale(-1, -2), "return"),
            (0, None, sale(1, 2) + sale(-2, -1), "return"),
            (0, None, sale(2, 1) + sale(-1, -2), "sale"),
            (0, None, sale(0, -1), "return"),
            (0, None, sale(0, 1), "sale"),
            (0, None, sale(1, 0), "sale"),
            (0, None, "", "sale"),
            (0, "SF1", sale(1, 2), "sf"),
            (0, "SF1", sale(-1, -2), "sf_return"),
            (1, "SF1", sale(1, 2), "sf"),
            (1, None, sale(1, 2), "sf"),
            (1, "SF1", sale(-1, -2), "sf_return"),
            (1, "SF1", sale(0, -2), "sf_return"),
            (3, None, sale(-1, -2), "return"),
            (3, None, sale(1, 2), "return"),
            (3, None, sale(0, 2), "return"),
            (3, "SF1", sale(-1, -2), "sf_return"),
        ):
            with self.subTest(data_type=data_type, no=invoice_no, content=content):
                receipt = self.read_one(
                    sales(content, InvoiceNo=invoice_no), data_type=data_type
                )
                self.assertEqual(receipt.kind, expected)

    def test_returns_are_turned(self):
        for content, quantity, amount, vat, paid in (
            (sale(1, 2, 1) + payment(2), -1, -2, -1, -2),
            (sale(1, 2, 1) + payment(-2), -1, -2, -1, -2),
            (sale(-1, -2, -1) + payment(-2), -1, -2, -1, -2),
            (sale(2, 5, 1) + sale(-1, -3, -1) + payment(2), -1, -2, 0, -2),
            (sale(1, 2) + payment(3) + payment(-1, "1001"), -1, -2, 0, -2),
            # a document that contradicts itself stays as it is, for a person
            (sale(-1, -2) + payment(2), -1, -2, 0, 2),
            (sale(0, 2) + payment(2), 0, 2, 0, 2),
        ):
            with self.subTest(content=content):
                receipt = self.read_one(sales(content), data_type=3)
                self.assertEqual(
                    (receipt.quantity, receipt.amount, receipt.vat, receipt.paid),
                    (quantity, amount, vat, paid),
                )

    def test_positive_returns_elsewhere_are_sales(self):
        receipt = self.read_one(sales(sale(1, 2) + payment(-2)))
        self.assertEqual((receipt.amount, receipt.paid), (2, -2))

    def test_one_bad_receipt_among_others(self):
        name = "x" * 1001
        for bad, reason, place in (
            (sales(ReceiptNo=None), "ReceiptNo is missing", "receipt 2"),
            (sales(ReceiptNo=" "), "ReceiptNo is missing", "receipt 2"),
            (
                sales(ReceiptNo="9" * 65),
                "ReceiptNo is too long",
                "receipt 2",
            ),
            (sales(SaleDate=None), "SaleDate is missing", "receipt 2 (No 1101)"),
            (sales(SaleDate="2026-02-30"), "SaleDate is “2026-02-30”", "(No 1101)"),
            (sales(SaleTime="25:00:00"), "SaleTime is “25:00:00”", "(No 1101)"),
            (sales(ShopNo=None), "ShopNo is missing", "receipt 2 (No 1101)"),
            (sales(PosNo="1" * 65), "PosNo is too long", "(No 1101)"),
            (
                sales(PartnerName=name),
                "PartnerName is too long",
                "(No 1101)",
            ),
            (sales(SALE + sale("1,5")), "QTY is “1,5”", "(No 1101), line 2"),
            (sales(sale(1, "abc")), "AMOUNT is “abc”", "(No 1101), line 1"),
            (sales(payment("x")), "AMOUNT is “x”", "(No 1101), payment 1"),
            (
                sales(f"<Sale><NAME>{name}</NAME></Sale>"),
                "NAME is too long (characters: 1001",
                "line 1",
            ),
            (
                sales(f"<Sale><CODE>{name}</CODE></Sale>"),
                "CODE is too long (characters: 1001",
                "line 1",
            ),
            (sales("<Sale><QTY>1</QTY><QTY>2</QTY></Sale>"), "QTY stands", "line 1"),
            (sales("<Sale><QTY><B/></QTY></Sale>"), "QTY stands", "line 1"),
            (sales("<Sale>text</Sale>"), "Sale holds a text", "line 1"),
            ("<Sales/>", "ReceiptNo is missing", "receipt 2"),
            ("<Sales>text</Sales>", "ReceiptNo is missing", "receipt 2"),
        ):
            with self.subTest(reason=reason, place=place):
                found = read_kvitas(sales(), bad, sales(ReceiptNo="3"))
                self.assertEqual([row.position for row in found.receipts], [1, 3])
                [unreadable] = found.unreadables
                self.assertEqual(unreadable.position, 2)
                self.assertIn(reason, unreadable.reason)
                self.assertIn(place, unreadable.where)
                self.assertRegex(unreadable.fragment, "^<(Sale|Sales|Payment)[ />]")
                self.assertLessEqual(len(unreadable.fragment), 500)

    def test_bad_total_loses_no_receipt(self):
        found = read_kvitas(
            sales(),
            "<Payments><CODE>0</CODE><AMOUNT>2.42</AMOUNT></Payments>",
            "<Payments><CODE>2</CODE><QTY>two</QTY></Payments>",
            sales(ReceiptNo="2"),
        )
        self.assertEqual(len(found.receipts), 2)
        self.assertEqual(found.totals, [PaymentTotal("0", 0, Decimal("2.42"))])
        [unreadable] = found.unreadables
        self.assertEqual((unreadable.position, unreadable.number), (0, ""))
        self.assertEqual(unreadable.where, "payment total 2")
        self.assertIn("QTY is “two”", unreadable.reason)

    def test_unknown_parts_are_told_once(self):
        content = (
            "<Sale><Coupon>1</Coupon><QTY>1</QTY></Sale><Sale Mood='x'/>"
            "<Payment><Tip>1</Tip></Payment><Sticker/>"
        )
        found = read_kvitas(
            *[sales(content, Loyal="yes")] * 3,
            "<Tara><CODE>1</CODE></Tara>",
            "<Tara/>",
            "<Payments><Tip>1</Tip></Payments>",
            root="Version='2' xmlns='urn:raso' xmlns:xsi='urn:xsi' xsi:x='y'",
        )
        self.assertEqual(len(found.receipts), 3)
        self.assertCountEqual(
            found.unknown_paths,
            [
                "SalesSync@Version",
                "SalesSync/Sales@Loyal",
                "SalesSync/Sales/Sticker",
                "SalesSync/Sales/Sale/Coupon",
                "SalesSync/Sales/Sale@Mood",
                "SalesSync/Sales/Payment/Tip",
                "SalesSync/Tara",
                "SalesSync/Payments/Tip",
            ],
        )

    def test_empty_document(self):
        found = read_kvitas()
        self.assertEqual(vars(found), vars(type(found)()))

    def test_document_as_a_whole(self):
        for data, reason in (
            (b"<Other><Sales/></Other>", "a document <Other>, where a KVITAS"),
            (b"<SalesSync><Sales>", "ends before it is complete"),
            (b"<!DOCTYPE SalesSync><SalesSync/>", "has a DOCTYPE"),
        ):
            with self.subTest(data=data), self.assertRaisesRegex(PayloadError, reason):
                read_kvitas_bytes(data)
        with self.assertRaisesRegex(ValueError, "DataType 5"):
            read_kvitas_bytes(b"<SalesSync/>", data_type=5)

    def test_what_can_be_read_of_a_cut_document(self):
        data = f"<SalesSync>{sales()}{sales(ReceiptNo='2')}<Sales".encode()
        collector = Collector()
        with self.assertRaisesRegex(PayloadError, "in the middle of a tag"):
            kvitas.read_document(io.BytesIO(data), 0, collector)
        self.assertEqual([row.number for row in collector.receipts], ["1101", "2"])

    def test_very_long_texts(self):
        text = "x" * 20_000_000
        for bad in (
            sales(f"<Sale><NAME>{text}</NAME></Sale>"),
            sales(f"<Sale><QTY>{text}</QTY></Sale>"),
            sales(f"<Sale/><!-- {text} --><Sale><QTY>no</QTY></Sale>"),
            sales(PartnerName=text),
        ):
            found = read_kvitas(sales(), bad, sales())
            self.assertEqual(len(found.receipts), 2)
            [unreadable] = found.unreadables
            self.assertLess(len(unreadable.reason), 500)
            self.assertLessEqual(len(unreadable.fragment), 500)

    def test_one_long_line(self):
        count = 20_000_000 // len(sales())
        found = read_kvitas(sales() * count)
        self.assertEqual(len(found.receipts), count)
        self.assertEqual(found.receipts[-1].position, count)
