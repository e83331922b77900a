"""A small seeded generator of a shop's days, in the form of RASO's exports.

The same seed gives the same days on every machine. See ``python -m dev.days -h``.
"""

from .catalogue import make_catalogue, make_partners, write_products
from .documents import Document, documents, kvitas_documents, rivile_documents
from .folder import write_day
from .make import make_day
from .model import Day, Line, Mix, Partner, Payment, Product, Receipt
from .totals import expected

__all__ = [
    "Day",
    "Document",
    "Line",
    "Mix",
    "Partner",
    "Payment",
    "Product",
    "Receipt",
    "documents",
    "expected",
    "kvitas_documents",
    "make_catalogue",
    "make_day",
    "make_partners",
    "rivile_documents",
    "write_day",
    "write_products",
]
