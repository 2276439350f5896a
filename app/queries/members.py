"""A segment's customers in some order: what pages of them are cut from, whatever orders them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consumers.sink import schema

if TYPE_CHECKING:
    from collections.abc import Hashable

    import sqlalchemy as sa

_stands = schema.customer_segments


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a segment of a lens now; in none, for None."""

    lens: str
    segment_id: str | None
    sort: str
    descending: bool

    def conditions(self) -> tuple[sa.ColumnElement[bool], ...]:
        """On their rows in `customer_segments`."""
        return (_stands.c.lens == self.lens, _stands.c.segment_id == self.segment_id)

    def asked(self, column: str) -> Hashable:
        """What a cursor of theirs is for; the same column may be sorted by under two names."""
        return ("customers", self.lens, self.segment_id, column, self.descending)
