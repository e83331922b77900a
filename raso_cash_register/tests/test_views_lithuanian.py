from lxml import etree

from odoo.tests import TransactionCase, tagged

from .test_i18n import ADDON, SAME_IN_LITHUANIAN

# what of a view's attributes people read or hear
ATTRIBUTES = {
    *("string", "help", "placeholder", "title", "aria-label", "alt", "sum", "avg"),
    *("confirm", "confirm-title", "confirm-label", "cancel-label", "data-tooltip"),
}
# fields that every model with a chatter has: Odoo's words
MIXINS = ("mail.thread", "mail.activity.mixin")


@tagged("-at_install", "post_install")
class TestViewsLithuanian(TransactionCase):
    """What a Lithuanian is shown differs from the English.

    ``test_i18n`` knows only what Odoo exports for translation: what it leaves out is
    found here.
    """

    maxDiff = None

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("lt_LT")
        addon = self.env.ref(f"base.module_{ADDON}")
        addon._update_translations("lt_LT", overwrite=True)
        self.same = {}

    def list_ours(self, model):
        data = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", model)]
        )
        return self.env[model].browse(data.mapped("res_id")).exists()

    def compare(self, where, english, lithuanian):
        """Note texts that are the same in both languages."""
        self.assertEqual(len(english), len(lithuanian), where)
        for text, translated in zip(english, lithuanian, strict=True):
            text = " ".join((text or "").split())
            # Odoo has no single letter translated
            is_word = len(text) > 1 and any(letter.isalpha() for letter in text)
            if not is_word or text in SAME_IN_LITHUANIAN:
                continue
            if text == " ".join((translated or "").split()):
                self.same.setdefault(text, where)

    def compare_in_both(self, where, record, read):
        self.compare(
            where,
            *(read(record.with_context(lang=lang)) for lang in ("en_US", "lt_LT")),
        )

    def test_views(self):
        views = self.list_ours("ir.ui.view")
        self.assertGreater(len(views), 50)
        for view in views:
            self.compare_in_both(
                view.xml_id, view, lambda one: list(list_texts(one.arch_db))
            )
        self.assertEqual(self.same, {})

    def test_fields(self):
        fields = self.list_ours("ir.model.fields")
        theirs = {name for mixin in MIXINS for name in self.env[mixin]._fields}
        for model, ours in fields.grouped("model").items():
            names = set(ours.mapped("name")) - theirs
            self.compare_in_both(
                model,
                self.env[model],
                lambda one, names=names: list(list_labels(one.fields_get(), names)),
            )
        self.assertEqual(self.same, {})

    def test_records(self):
        """Menus, actions with their helps, groups, kinds of activities."""
        models = self.env["ir.model.data"]._read_group(
            [("module", "=", ADDON)], ["model"]
        )
        for (model,) in models:
            if model in ("ir.ui.view", "ir.model.fields"):
                continue
            names = [
                name
                for name, field in self.env[model]._fields.items()
                if field.translate and field.store
            ]
            for record in self.list_ours(model):
                self.compare_in_both(
                    f"{record}",
                    record,
                    lambda one, names=names: [str(one[name] or "") for name in names],
                )
        self.assertEqual(self.same, {})


def list_texts(arch):
    """Return the texts of a view: what is written, and what people read or hear."""
    for node in etree.fromstring(arch).iter(etree.Element):
        is_code = node.tag == "style" or (
            node.tag == "attribute" and node.get("name") not in ATTRIBUTES
        )
        yield from ("" if is_code else node.text, node.tail)
        yield from (node.get(name) for name in sorted(ATTRIBUTES))


def list_labels(fields, names):
    for field in (fields[name] for name in sorted(names)):
        yield from (field["string"], field.get("help"))
        choices = field.get("selection") or ()
        yield from (label for _value, label in choices)
