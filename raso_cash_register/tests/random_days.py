"""The generator of days, which is a program of the project beside the addon."""

from dev.days import (
    Mix,
    expected,
    kvitas_documents,
    make_catalogue,
    make_day,
    rivile_documents,
)
from dev.shop import create_products

from .standin import ROOT  # noqa: F401  (puts the project on the path)

__all__ = [
    "Mix",
    "create_products",
    "expected",
    "kvitas_documents",
    "make_catalogue",
    "make_day",
    "rivile_documents",
]
