import io
from datetime import datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools import zreports

from .tools_common import Collector, read_zreports

IDENTITY = (
    "<ZNr>416</ZNr><FiscalNo>RR011</FiscalNo><ShopNo>01</ShopNo><PosNo>1</PosNo>"
    "<ReceiptNo>1125</ReceiptNo><SUsersCode>7</SUsersCode>"
    "<ZReportDate>2026-11-22T22:15:00</ZReportDate>"
)
FIGURES = (
    "FiskaliniuKvituKiekis",
    "NefiskaliniuKvituKiekis",
    "DienosApyvarta",
    "SumaBePVM1",
    "PVMSuma5",
    "GrazinimoSumaBePVM1",
    "GrazinimoPVMSuma5",
    "DienosApyvartaGrynaisiais",
    "DienosApyvartaKreditan1",
    "DienosApyvartaKreditan5",
    "IdetaGrynuju1",
    "IdetaGrynuju2",
    "IdetaGrynujuKartai1",
    "IsimtaGrynuju1",
    "IsimtaGrynuju2",
    "IsimtaGrynujuKartai1",
    "GrynujuKasoje",
    "NuolaidosSumaKvitui",
    "NuolaidosSumaPrekems",
    "AntkainioSumaKvitui",
    "AntkainioSumaPrekems",
    "GrazinimuSuma",
    "GrazinimuKartai",
    "TarosSuma",
    "TarosKiekis",
    "KlaiduSuma",
    "KlaiduKartai",
    "KvituPanaikinimuSuma",
    "KvituPanaikinimuKartai",
    "StalciausAtidarymoKartai",
    "PapildomoSkaitiklioSuma1",
    "PapildomoSkaitiklioSuma10",
    "PapildomoSkaitiklioSuma22",
)


def report(content):
    return f"<SalesZReportsData>{content}</SalesZReportsData>"


@tagged("-at_install", "post_install")
class TestZReports(BaseCase):
    def test_figures(self):
        content = "".join(f"<{tag}>1.50</{tag}>" for tag in FIGURES)
        [found] = read_zreports(report(IDENTITY + content)).zreports
        self.assertEqual(found.number, "416")
        self.assertEqual(found.fiscal_no, "RR011")
        self.assertEqual((found.shop, found.till), ("01", "1"))
        self.assertEqual((found.last_receipt, found.cashier), ("1125", "7"))
        self.assertEqual(found.printed, datetime(2026, 11, 22, 22, 15))
        self.assertEqual(found.figures, dict.fromkeys(FIGURES, Decimal("1.5")))
        self.assertEqual(found.unknown, {})

    def test_unknown_elements_are_kept(self):
        content = "<SumaBePVM6>7</SumaBePVM6><Pastaba>labas</Pastaba><TarosSuma/>"
        [found] = read_zreports(report(IDENTITY + content)).zreports
        self.assertEqual(found.figures, {"TarosSuma": 0})
        self.assertEqual(found.unknown, {"SumaBePVM6": "7", "Pastaba": "labas"})

    def test_one_bad_report_among_others(self):
        for bad, reason in (
            (IDENTITY.replace("416", ""), "ZNr is missing"),
            (IDENTITY.replace("RR011", " "), "FiscalNo is missing"),
            (IDENTITY.replace("2026-11-22T", "2026-11-31T"), "ZReportDate is"),
            (f"{IDENTITY}<TarosSuma>x1</TarosSuma>", "TarosSuma is “x1”"),
            (f"{IDENTITY}<ZNr>417</ZNr>", "ZNr stands more than once"),
            ("", "ZNr is missing"),
            ("text", "ZNr is missing"),
        ):
            with self.subTest(reason=reason):
                good = report(IDENTITY)
                found = read_zreports(good, report(bad), good)
                self.assertEqual([row.position for row in found.zreports], [1, 3])
                [unreadable] = found.unreadables
                self.assertIn(reason, unreadable.reason)
                self.assertIn("Z report 2", unreadable.where)
                self.assertIn("<SalesZReportsData", unreadable.fragment)

    def test_other_elements_and_documents(self):
        [unreadable] = read_zreports("<Sales/>").unreadables
        self.assertIn("<Sales> is no Z report", unreadable.reason)
        data = b"<SalesSync><Sales/></SalesSync>"
        with self.assertRaisesRegex(PayloadError, "where Z reports <Sales"):
            zreports.read_zreports(io.BytesIO(data), Collector())
