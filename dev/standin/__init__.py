"""A stand-in for RASO's exchange database, for tests and the demo.

It speaks the SQL Server protocol (TDS 7.2 to 7.4, MS-TDS) to real drivers and does
what the interface page says of the tables and procedures of schema ``ie``. What it
can't answer is an error that says so.
"""

from .procedures import LIST, UPDATE, VIEW
from .server import Call, Standin

__all__ = ["LIST", "UPDATE", "VIEW", "Call", "Standin"]
