"""What customers of a segment are labelled with: where they buy from, what they buy most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from consumers.sink import schema

if TYPE_CHECKING:
    from app.queries.database import Database

FRESH_SECONDS = 30.0
_stands, _customers = schema.customer_segments, schema.customers


@dataclass(frozen=True, slots=True)
class Labelled:
    """How many of a segment's customers have a label."""

    label: str | None
    """None: nothing was said."""

    customers: int


def labelled(db: Database, lens: str, segment_id: str, label: str) -> list[Labelled]:
    """The commonest first. `label` is one of the catalogue's: `country`, `preferred_category`.

    All of the segment is looked at, so that an answer is kept for a while.
    """
    asked = ("labelled", lens, segment_id, label)
    return db.memory.kept(asked, FRESH_SECONDS, lambda: _labelled(db, lens, segment_id, label))


def _labelled(db: Database, lens: str, segment_id: str, label: str) -> list[Labelled]:
    said, number = _customers.c[label], sa.func.count()
    statement = (
        sa.select(said, number)
        .select_from(_stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id))
        .where(_stands.c.lens == lens, _stands.c.segment_id == segment_id)
        .group_by(said)
        .order_by(number.desc(), said)
        .limit(20)
    )
    return [Labelled(*row) for row in db.rows(statement)]
