import io
import tracemalloc

from odoo.tests import BaseCase, tagged

from odoo.addons.raso_cash_register.exceptions import PayloadError
from odoo.addons.raso_cash_register.tools import payload

BOMB = """<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<SalesSync>&c;</SalesSync>"""


class Repeated:
    """A stream of a beginning, ``times`` the same piece, and an end."""

    def __init__(self, head, piece, times, tail):
        self._left = iter([head, *([piece] * times), tail])

    def read(self, _size):  # pylint: disable=method-required-super
        return next(self._left, b"")


def check(data, encoding=None):
    data = data.encode() if isinstance(data, str) else data
    return payload.check_document(io.BytesIO(data), encoding)


def read_items(data, encoding=None):
    items = []
    payload.stream_items(
        io.BytesIO(data),
        lambda path, item: items.append((path[1][0], item)),
        encoding=encoding,
    )
    return items


@tagged("-at_install", "post_install")
class TestPayload(BaseCase):
    def assert_refused(self, data, reason, where="", encoding=None):
        with self.assertRaisesRegex(PayloadError, reason) as caught:
            check(data, encoding)
        self.assertIn(where, caught.exception.where)
        self.assertLessEqual(len(caught.exception.fragment), 500)
        self.assertNotIn("\0", caught.exception.fragment)
        return caught.exception

    def test_root(self):
        self.assertEqual(check("<SalesSync/>"), "SalesSync")
        self.assertEqual(check("<?xml version='1.0'?>\n<!-- x --><A><B/></A>"), "A")

    def test_malformed(self):
        for data, reason, where in (
            ("", "is empty", "line 1"),
            ("  \n", "ends before it is complete", "line 2, column 1"),
            ("<a>\n<b></a>", "a closing tag doesn't fit", "line 2, column 6"),
            ("<a><b>", "ends before it is complete", "line 1, column 7"),
            ("<a><b x='1", "ends in the middle of a tag", "line 1, column 4"),
            ("<a><![CDATA[x", "ends in the middle of a text", "line 1"),
            ("<a/><b/>", "more follows after its end", "line 1, column 5"),
            ("<a>\n 1 < 2</a>", "not well-formed", "line 2, column 5"),
            ("<a x='1' x='2'/>", "an attribute stands twice", "line 1"),
            ("<a>&nbsp;</a>", "a name that XML doesn.t know", "line 1, column 4"),
            ("no XML at all", "not well-formed", "line 1, column 1"),
            ("<a>\x00</a>", "not well-formed", "line 1, column 4"),
        ):
            with self.subTest(data=data):
                self.assert_refused(data, reason, where)

    def test_cut_everywhere(self):
        data = "<a b='č'><c>ž</c></a>".encode()
        self.assertEqual(check(data), "a")
        for length in range(len(data)):
            with self.subTest(length=length), self.assertRaises(PayloadError):
                check(data[:length])

    def test_fragment_shows_the_place(self):
        data = f"<a>{'x' * 2_000_000}<b></c>{'y' * 2_000_000}</a>"
        err = self.assert_refused(data, "a closing tag")
        self.assertIn("xxx<b></c>yyy", err.fragment)

    def test_doctype(self):
        for data in (
            BOMB,
            "<!DOCTYPE SalesSync><SalesSync/>",
            '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
            '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
        ):
            with self.subTest(data=data[:40]):
                self.assert_refused(data, "has a DOCTYPE", "line ")
                with self.assertRaisesRegex(PayloadError, "has a DOCTYPE"):
                    read_items(data.encode())

    def test_encodings_of_files(self):
        text = '<?xml version="1.0"{}?><a><b>ąčę</b></a>'
        for data in (
            text.format("").encode(),
            text.format(' encoding="utf-8"').encode("utf-8-sig"),
            text.format(' encoding="utf-16"').encode("utf-16"),
            text.format("").encode("utf-16"),
            text.format(' encoding="windows-1257"').encode("cp1257"),
            text.format(' encoding="ISO-8859-13"').encode("iso-8859-13"),
        ):
            with self.subTest(data=data[:60]):
                self.assertEqual(check(data), "a")
                self.assertEqual(read_items(data), [("b", {"#text": "ąčę"})])

    def test_encoding_of_database_texts(self):
        for prolog in (
            "",
            '<?xml version="1.0" encoding="utf-16"?>',
            '<?xml version="1.0" encoding="windows-1257"?>',
            '<?xml version="1.0" encoding="klingon"?>',
        ):
            for mark in ("", "\ufeff"):
                with self.subTest(prolog=prolog, mark=mark):
                    data = f"{mark}{prolog}<a><b>ąčę</b></a>".encode()
                    self.assertEqual(check(data, "utf-8"), "a")
                    self.assertEqual(
                        read_items(data, "utf-8"), [("b", {"#text": "ąčę"})]
                    )

    def test_wrong_encodings(self):
        prolog = '<?xml version="1.0" encoding="{}"?><a>č</a>'
        for data, reason in (
            ("<a>\nž</a>".encode("cp1257"), "not written in the document's encoding"),
            ("<a b='ž'/>".encode("cp1257"), "not written in the document's encoding"),
            (prolog.format("klingon").encode(), "names the encoding “klingon”"),
            (prolog.format("shift_jis").encode(), "names the encoding “shift_jis”"),
            (prolog.format("rot13").encode(), "names the encoding “rot13”"),
            (prolog.format("utf-8").encode("utf-16"), "names another encoding"),
            (prolog.format("utf-16").encode(), "names another encoding"),
            (prolog.format("utf-32").encode("utf-32"), "not well-formed"),
        ):
            with self.subTest(data=data[:60]):
                self.assert_refused(data, reason, "line ")

    def test_nested_without_end(self):
        self.assertEqual(check("<a>" * 64 + "</a>" * 64), "a")
        self.assert_refused("<a>" * 100_000, "nested deeper than 64", "line 1")

    def test_tag_without_end(self):
        stream = Repeated(b"<a b='", b"x" * payload.CHUNK, 40, b"'/>")
        with self.assertRaisesRegex(PayloadError, "longer than 32 MB"):
            payload.check_document(stream)

    def test_long_lines(self):
        text = "x" * 20_000_000
        for data in (
            f"<a><b>{text}</b></a>",
            f"<a><b c='{text}'/></a>",
            f"<a>{'<b><c>1</c></b>' * 1_300_000}</a>",
        ):
            with self.subTest(data=data[:20]):
                self.assertEqual(check(data, "utf-8"), "a")

    def test_long_documents_take_no_memory(self):
        piece = b"<b><c>1</c></b>\n" * (payload.CHUNK // 16)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        payload.check_document(Repeated(b"<a>", piece, 16, b"</a>"))
        _now, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 8 * payload.CHUNK)

    def test_items_before_the_trouble(self):
        items = []
        with self.assertRaisesRegex(PayloadError, "ends before") as caught:
            payload.stream_items(
                io.BytesIO(b"<a><b>1</b>\n<c>2</c><b>"),
                lambda path, item: items.append((path[1][0], item)),
            )
        self.assertEqual(items, [("b", {"#text": "1"}), ("c", {"#text": "2"})])
        self.assertEqual(caught.exception.where, "line 2, column 12")

    def test_items(self):
        data = (
            b"<a><b/><b>\n</b><b c='1'/><b c='1'><d e='2'>3</d><d/></b> <f> x </f></a>"
        )
        self.assertEqual(
            read_items(data),
            [
                ("b", {}),
                ("b", {}),
                ("b", {"@c": "1"}),
                ("b", {"@c": "1", "d": [{"@e": "2", "#text": "3"}, None]}),
                ("f", {"#text": "x"}),
            ],
        )

    def test_errors_of_the_caller_go_through(self):
        def fail(_path, _item):
            raise ValueError("mine")

        with self.assertRaisesRegex(ValueError, "^mine$"):
            payload.stream_items(io.BytesIO(b"<a><b/></a>"), fail)
