import io
import json
from collections import Counter
from datetime import date, time
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools import kvitas, rivile
from odoo.addons.raso_cash_register.tools.records import Line, Payment, Receipt

from .sheets import back, line, payment, sheet, tara
from .tools_common import SAMPLES, Collector

DAYS = ("2026-11-22", "2026-11-23")


def read(*elements, data_type=0, shop_no="", **attributes):
    """Read a sheet made of ``elements``; the others are its root's attributes."""
    text = sheet(*elements, **attributes)
    return read_bytes(text.encode(), data_type, shop_no)


def read_bytes(data, data_type=0, shop_no=""):
    collector = Collector()
    rivile.read_document(io.BytesIO(data), data_type, collector, "utf-8", shop_no)
    return collector


@tagged("-at_install", "post_install")
class TestRivile(BaseCase):
    def read_one(self, *elements, **options):
        found = read(*elements, **options)
        self.assertEqual(found.unreadables, [])
        self.assertEqual(found.unknown_paths, [])
        [receipt] = found.receipts
        return receipt

    def read_bad(self, *elements, **options):
        found = read(*elements, **options)
        self.assertEqual(found.receipts, [])
        [unreadable] = found.unreadables
        return unreadable

    def test_sheet(self):
        found = self.read_one(line(), payment())
        expected = Receipt(
            position=1,
            kind="sheet",
            shop="01",
            till="1",
            number="416",
            day=date(2026, 11, 22),
            time=None,
            cashier="",
            lines=(
                Line(
                    code="4770001",
                    vcode="",
                    name="Coffee",
                    quantity=Decimal(2),
                    amount=Decimal("2.42"),
                    vat=Decimal("0.42"),
                    discount=Decimal(),
                    comment="",
                    vat_roundings=12,
                ),
            ),
            payments=(Payment("0", Decimal("2.42")),),
            series="sheet",
            z_number="416",
        )
        self.assertEqual(found, expected)

    def test_kinds(self):
        for data_type, content, attributes, kind, number in (
            (0, line(), {}, "sheet", "416"),
            # returns taken in by RASO's own set-up: a sheet all the same
            (0, back(), {}, "sheet", "416"),
            (3, back(), {}, "sheet_return", "416"),
            (1, line(), {"InvoiceNo": "RSF1"}, "sf", "RSF1"),
            (1, back(), {"InvoiceNo": "RSF1"}, "sf_return", "RSF1"),
            (0, line(), {"InvoiceNo": "RSF1"}, "sf", "RSF1"),
            (3, back(), {"InvoiceNo": "RSF1"}, "sf_return", "RSF1"),
            (2, tara(), {}, "tara", "416"),
            (6, tara(), {}, "tara_cash", "416"),
        ):
            with self.subTest(data_type=data_type, kind=kind):
                found = self.read_one(content, data_type=data_type, **attributes)
                self.assertEqual((found.kind, found.series), (kind, kind))
                self.assertEqual((found.number, found.z_number), (number, "416"))

    def test_any_root(self):
        self.assertEqual(self.read_one(line(), tag="RivileExport").kind, "sheet")

    def test_partner(self):
        found = self.read_one(
            line(),
            data_type=1,
            InvoiceNo="RSF1",
            PartnerCode="300367240",
            PartnerName="UAB „Pirkėjas“",
            PartnerVATCode="LT300367211",
            PartnerAddress="Vilniaus g. 7",
        )
        self.assertEqual(
            (found.partner_code, found.partner_name, found.partner_vat),
            ("300367240", "UAB „Pirkėjas“", "LT300367211"),
        )
        self.assertEqual(found.partner_address, "Vilniaus g. 7")

    def test_whole_shop(self):
        for till in ("", None):
            found = self.read_one(line(), PosNo=till)
            self.assertEqual((found.shop, found.till), ("01", ""))

    def test_shop_of_the_row(self):
        self.assertEqual(self.read_one(line(), ShopNo=None, shop_no=" 07 ").shop, "07")
        bad = self.read_bad(line(), ShopNo="")
        self.assertIn("ShopNo is missing", bad.reason)
        self.assertIn('LASTZ="416"', bad.fragment)

    def test_no_z_number(self):
        """The day stands in: a sheet is never dropped."""
        found = self.read_one(line(), LASTZ=None)
        self.assertEqual((found.number, found.z_number), ("2026-11-22", ""))

    def test_dates(self):
        for text, clock in (
            ("2026-11-22", None),
            (" 2026-11-22 ", None),
            ("2026-11-22T00:00:00", None),
            ("2026-11-22 23:00:00", time(23)),
            ("2026-11-22T21:30:15.25", time(21, 30, 15)),
            # as printed, whatever the offset
            ("2026-11-22T23:59:00Z", time(23, 59)),
        ):
            with self.subTest(text=text):
                found = self.read_one(line(SALEDATE=text))
                self.assertEqual((found.day, found.time), (date(2026, 11, 22), clock))
                self.assertIsNone(found.first_day)

    def test_several_days(self):
        """Dated with the last, at its latest time."""
        found = self.read_one(
            *(
                line(SALEDATE=text)
                for text in (
                    "2026-11-23 09:00:00",
                    "2026-11-21 23:00:00",
                    "2026-11-23 10:00:00",
                    "2026-11-23",
                )
            )
        )
        self.assertEqual((found.day, found.time), (date(2026, 11, 23), time(10)))
        self.assertEqual(found.first_day, date(2026, 11, 21))

    def test_plain_and_manual_part(self):
        """Of one sign they are one line, and each allows for its roundings."""
        found = self.read_one(
            line(
                QTY="2.257",
                QTYMANUAL="1.871",
                AMOUNT="16.50",
                AMOUNTMANUAL="10.94",
                VATSUM="2.86",
                VATSUMMANUAL="1.90",
                DISCOUNT="0.50",
            )
        )
        [both] = found.lines
        self.assertEqual((both.quantity, str(both.amount)), (Decimal("4.128"), "27.44"))
        self.assertEqual((both.vat, both.discount), (Decimal("4.76"), Decimal("0.5")))
        self.assertEqual(both.vat_roundings, 10 + 3 + 2)

    def test_opposite_signs(self):
        """A sale and a return summed in one line are two movements."""
        found = self.read_one(
            line(
                QTY="2.5",
                QTYMANUAL="-1",
                AMOUNT="3.03",
                AMOUNTMANUAL="-1.00",
                VATSUM="0.53",
                VATSUMMANUAL="-0.17",
                DISCOUNT="0.50",
            )
        )
        self.assertEqual(
            [
                (part.quantity, str(part.amount), str(part.vat), part.vat_roundings)
                for part in found.lines
            ],
            [(Decimal("2.5"), "3.03", "0.53", 13), (Decimal(-1), "-1.00", "-0.17", 11)],
        )
        self.assertEqual([part.code for part in found.lines], ["4770001", "4770001"])
        self.assertEqual(sum(part.discount for part in found.lines), Decimal("0.5"))

    def test_absent_and_empty_parts(self):
        found = self.read_one(
            "<Sales><SALEDATE>2026-11-22</SALEDATE><QTY/></Sales>",
            "<Payments><CODE>2</CODE><AMOUNT/></Payments>",
        )
        [part] = found.lines
        self.assertEqual((part.quantity, part.code, part.vat_roundings), (0, "", 10))
        self.assertEqual(found.payments, (Payment("2", Decimal()),))

    def test_returns_are_turned(self):
        """Lines and payments, each by its own sum."""
        turned = self.read_one(line(), payment(), data_type=3)
        self.assertEqual((turned.quantity, str(turned.amount)), (-2, "-2.42"))
        self.assertEqual((str(turned.vat), str(turned.paid)), ("-0.42", "-2.42"))
        paid_back = self.read_one(line(), payment("-2.42"), data_type=3)
        self.assertEqual(str(paid_back.paid), "-2.42")
        given = self.read_one(line(QTY="-2", AMOUNT="-2.42"), data_type=3)
        self.assertEqual(given.quantity, -2)
        self.assertEqual(self.read_one(line()).quantity, 2)

    def test_tara(self):
        found = self.read_one(
            tara(DISCOUNT="0.10"), payment("-2.40"), data_type=2, tag="TaraSync"
        )
        [bottles] = found.lines
        self.assertEqual((bottles.quantity, str(bottles.amount)), (-24, "-2.40"))
        self.assertEqual((bottles.vat, str(bottles.discount)), (0, "0.10"))
        self.assertEqual(str(found.paid), "-2.40")

    def test_whole_sheet_is_an_issue(self):
        """One wrong part, and nothing of the sheet is read: the first is named."""
        for bad, where, word in (
            (line(QTY="1,5"), "line 2", "QTY"),
            (line(SALEDATE="22.11.2026"), "line 2", "SALEDATE"),
            (line(SALEDATE=""), "line 2", "SALEDATE"),
            (line(AMOUNTMANUAL="1e3"), "line 2", "AMOUNTMANUAL"),
            (payment("abc"), "payment 1", "AMOUNT"),
            (payment(PAYMETHOD="2"), "payment 1", "PAYMETHOD"),
        ):
            with self.subTest(bad=bad):
                found = self.read_bad(line(), bad, line(QTY="worse"))
                self.assertEqual((found.position, found.number), (1, "416"))
                self.assertEqual(found.where, f"sheet 416, {where}")
                self.assertIn(word, found.reason)
                self.assertIn(word, found.fragment)

    def test_sf_without_a_number(self):
        bad = self.read_bad(line(), data_type=1, InvoiceNo=None)
        self.assertIn("InvoiceNo is missing", bad.reason)

    def test_money_without_lines(self):
        self.assertIn("no Sales element", self.read_bad(payment()).reason)

    def test_lines_of_another_form(self):
        """What may be its lines is never taken for an empty sheet."""
        for content, data_type, tag in ((line(), 2, "Tara"), (tara(), 0, "Sales")):
            bad = self.read_bad(content, data_type=data_type)
            self.assertIn(f"no {tag} element", bad.reason)
            self.assertIn("form isn't known", bad.reason)

    def test_empty_sheets(self):
        """A till that sold nothing says so: nothing to keep, nothing wrong."""
        for content in ("", payment("0.00")):
            found = read(content)
            self.assertEqual((found.receipts, found.unreadables), ([], []))

    def test_unknown_parts_are_told_once(self):
        found = read(
            line(COUPON="7"),
            line(COUPON="8"),
            payment(TIP="1"),
            "<Cards/>",
            Mood="good",
        )
        self.assertEqual(
            sorted(found.unknown_paths),
            [
                "SalesSync/Cards",
                "SalesSync/Payments/TIP",
                "SalesSync/Sales/COUPON",
                "SalesSync@Mood",
            ],
        )
        self.assertEqual(len(found.receipts), 1)

    def test_nothing_of_a_cut_sheet(self):
        """Half a sheet would look like a small day."""
        collector = Collector()
        cut = f"<SalesSync ShopNo='01'>{line()}{line()}".encode()
        with self.assertRaises(PayloadError):
            rivile.read_document(io.BytesIO(cut), 0, collector)
        self.assertEqual((collector.receipts, collector.unreadables), ([], []))

    def test_other_data_types(self):
        with self.assertRaises(ValueError):
            read(line(), data_type=5)

    def test_absurd_quantity(self):
        found = self.read_one(line(QTY="999999999999999"))
        self.assertEqual(found.lines[0].vat_roundings, 10**9)


@tagged("-at_install", "post_install")
class TestRivileSamples(BaseCase):
    def read_day(self, day):
        """Return the day's records of each provider, tara not counted."""
        folder = SAMPLES / day
        found = {"KVITAS": [], "RIVILE": []}
        tara_sheets = []
        for entry in json.loads((folder / "manifest.json").read_text("utf-8")):
            data_type, provider = entry["DataType"], entry["DataProvider"]
            if data_type == 5:
                continue
            reader = kvitas if provider == "KVITAS" else rivile
            collector = Collector()
            with (folder / entry["file"]).open("rb") as stream:
                reader.read_document(stream, data_type, collector)
            self.assertEqual(collector.unreadables, [])
            self.assertEqual(collector.unknown_paths, [])
            is_tara = data_type in rivile.TARA_TYPES
            (tara_sheets if is_tara else found[provider]).extend(collector.receipts)
        self.assertEqual({sheet.kind for sheet in tara_sheets}, {"tara"})
        return found

    def sum_up(self, receipts):
        sums = Counter()
        for receipt in receipts:
            for part in receipt.lines:
                sums["quantity", part.code] += part.quantity
                sums["amount", part.code] += part.amount
                sums["vat", part.code] += part.vat
            for row in receipt.payments:
                sums["paid", row.code] += row.amount
            if receipt.invoice_no:
                sums["sf", receipt.invoice_no, receipt.partner_code] += receipt.amount
        return sums

    def test_both_providers_say_the_same(self):
        for day in DAYS:
            with self.subTest(day=day):
                found = self.read_day(day)
                self.assertEqual(
                    self.sum_up(found["RIVILE"]), self.sum_up(found["KVITAS"])
                )
                self.assertEqual({str(sheet.day) for sheet in found["RIVILE"]}, {day})
