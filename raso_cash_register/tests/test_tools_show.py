import io

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools import payload

DOCUMENT = """<?xml version="1.0" encoding="{}"?>
<S><Other><Sales N="no"/></Other><Sales N="1"><A>ž &amp; ė</A><B/></Sales>
<Sales N="&quot;2&lt;"><Sale>
  <C> two words </C></Sale><Payment><C>0</C></Payment><Sale><C>x</C></Sale></Sales>
</S>"""


def show(text, *args, coding="utf-8", **kwargs):
    data = text.encode(coding) if isinstance(text, str) else text
    return payload.show_element(io.BytesIO(data), *args, **kwargs)


@tagged("-at_install", "post_install")
class TestShowElement(BaseCase):
    def test_by_position(self):
        text = DOCUMENT.format("utf-8")
        first = show(text, 2, "Sales", 1)
        self.assertEqual(first, '<Sales N="1">\n  <A>ž &amp; ė</A>\n  <B />\n</Sales>')
        second = show(text, 2, "Sales", 2)
        self.assertEqual(
            second.split("\n"),
            [
                '<Sales N="&quot;2&lt;">',
                "  <Sale>",
                "    <C> two words </C>",
                "  </Sale>",
                "  <Payment>",
                "    <C>0</C>",
                "  </Payment>",
                "  <Sale>",
                "    <C>x</C>",
                "  </Sale>",
                "</Sales>",
            ],
        )
        self.assertEqual(show(text, 2, "Sales", 3), "")

    def test_whole_document(self):
        shown = show("<R LASTZ='4'><Sales><A>1</A></Sales></R>", 1)
        self.assertEqual(
            shown, '<R LASTZ="4">\n  <Sales>\n    <A>1</A>\n  </Sales>\n</R>'
        )

    def test_encodings(self):
        expected = show(DOCUMENT.format("utf-8"), 2, "Sales", 1)
        for name in ("utf-16", "windows-1257"):
            with self.subTest(encoding=name):
                text = DOCUMENT.format(name)
                self.assertEqual(show(text, 2, "Sales", 1, coding=name), expected)
        # from the database: whatever the prolog says
        text = DOCUMENT.format("windows-1257")
        self.assertEqual(show(text, 2, "Sales", 1, encoding="utf-8"), expected)

    def test_what_follows_is_not_read(self):
        self.assertEqual(show("<S><Sales/><Sales></S>", 2, "Sales"), "<Sales />")
        for broken in ("<S><Sales></S>", "<S><Sales>", "", "2.2 Kb"):
            with self.subTest(broken=broken), self.assertRaises(PayloadError):
                show(broken, 2, "Sales")

    def test_no_doctype(self):
        bomb = "<!DOCTYPE S [<!ENTITY a 'aaa'>]><S><Sales>&a;</Sales></S>"
        with self.assertRaisesRegex(PayloadError, "DOCTYPE"):
            show(bomb, 2, "Sales")

    def test_much_is_cut(self):
        piece = "<A>0123456789</A>" * 100
        shown = show(f"<S><Sales>{piece * 1000}</Sales></S>", 2, "Sales")
        self.assertLess(len(shown), 3 * payload.MAX_SHOWN)
        self.assertIn("…", shown[-60:])
