"""What is booked together."""

from datetime import date
from typing import NamedTuple


class Group(NamedTuple):
    """What is booked together: a type's receipts of a till and day, of a Z or one.

    ``day`` is the last of a Z report's receipts, which never span two months;
    ``sale_id`` is set where every receipt is a group of its own; ``sale_ids`` are
    the ripe ones in the order they were sold.
    """

    type_id: int
    register_id: int
    day: date
    z_id: int | None
    sale_id: int | None
    sale_ids: list[int]

    @property
    def key(self):
        return make_key(self.register_id, self.day, self.z_id, self.sale_id)


def make_key(register_id, day, z_id, sale_id):
    """Return what tells a group of a transaction type from its others."""
    if z_id:
        return f"{register_id}/{day:%Y-%m}/z{z_id}"
    receipt = f"/{sale_id}" if sale_id else ""
    return f"{register_id}/{day}{receipt}"
