"""Company and VAT codes of customers, whatever form a till or a person gave them."""

from stdnum.eu import vat as eu_vat

# what people put between the digits; `raso.cash.sale._find_coded` strips the same
SEPARATORS = " .-/\t\u00a0"

_STRIP = str.maketrans("", "", SEPARATORS)
# the prefixes that are no country's code
_COUNTRIES = {"EL": "GR", "XI": "GB"}


def clean_code(text) -> str:
    """Return a code in capitals, without blanks and separators."""
    return (text or "").translate(_STRIP).upper()


def read_vat(text, country) -> str:
    """Return a valid VAT number with its prefix, or '' if it isn't one.

    :param country: code of the country whose prefix may be missing
    """
    code = clean_code(text)
    for number in (code, f"{country}{code}"):
        if code and eu_vat.is_valid(number):
            return eu_vat.compact(number)
    return ""


def vat_country(number) -> str:
    """Return the code of the country that a valid VAT number's prefix names."""
    return _COUNTRIES.get(number[:2], number[:2])
