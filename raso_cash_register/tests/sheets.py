"""Documents of RIVILE and tara as XML."""

from xml.sax.saxutils import quoteattr


def sheet(*elements, tag="SalesSync", **attributes):
    """Return a sheet; an attribute given as None is left out."""
    values = {"ShopNo": "01", "PosNo": "1", "LASTZ": "416"} | attributes
    head = "".join(
        f" {name}={quoteattr(value)}"
        for name, value in values.items()
        if value is not None
    )
    return f"<{tag}{head}>{''.join(elements)}</{tag}>"


def line(**values):
    """Two coffees for 2.42."""
    return element(
        "Sales",
        **{
            "SALEDATE": "2026-11-22",
            "CODE": "4770001",
            "NAME": "Coffee",
            "QTY": "2.000",
            "VATSUM": "0.42",
            "AMOUNT": "2.42",
            **values,
        },
    )


def back(**values):
    """One coffee brought back for 1.21."""
    return line(**{"QTY": "-1", "AMOUNT": "-1.21", "VATSUM": "-0.21", **values})


def payment(amount="2.42", code="0", **values):
    return element("Payments", CODE=code, QTY=1, AMOUNT=amount, **values)


def tara(**values):
    """24 bottles taken back for 2.40."""
    return element(
        "Tara",
        **{
            "TARADATE": "2026-11-22",
            "CODE": "4770009",
            "NAME": "Deposit",
            "QTY": "-24",
            "AMOUNT": "-2.40",
            **values,
        },
    )


def element(tag, **values):
    body = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<{tag}>{body}</{tag}>"
