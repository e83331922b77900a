"""What a person has to be told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble of one kind on one record, as it stands now.

    ``keys`` name its causes: a person who knows of them isn't told again before one
    is added. ``values`` are what its text says, fit for JSON.
    ``shop_id`` is the shop it happens in, if it is in one.
    """

    kind: str
    record_id: int
    company_id: int
    shop_id: int | None
    keys: Sequence[str]
    values: dict[str, Any]

    @property
    def identity(self) -> tuple[str, int]:
        return self.kind, self.record_id
