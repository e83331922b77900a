from odoo import fields

from ..texts import Text, dump_text, load_text


def tell(env, text):
    """Return ``text`` in the language of ``env``, if its term is known."""
    return text.tell(env._) if isinstance(text, Text) else text


def speak(records, company):
    """Return ``records`` as the scheduled action handles them: what it writes down
    for good, such as messages, is in the language of the company.
    """
    lang = company.partner_id.lang or records.env.lang
    return records.with_context(lang=lang)


class Told(fields.Text):
    """A text that is kept with its term, and told in the language of who reads it.

    A plain string stays as it was written.
    """

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return dump_text(value)

    def convert_to_record(self, value, record):
        return False if value is None else tell(record.env, load_text(value))

    def convert_to_read(self, value, record, use_display_name=True):
        # remote callers get plain strings
        return str(value) if value else False
