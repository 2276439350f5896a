"""How far the tables have come: in the customers' own time and by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from consumers.sink import schema

if TYPE_CHECKING:
    from datetime import datetime

    from app.queries.database import Database

_partitions = schema.partitions


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of all partitions together."""

    partitions: int
    customers: int
    newest: datetime | None
    """The event time that the foremost partition has come to; None before the first profile."""

    slowest: datetime | None
    """And the one farthest behind."""


def freshness(db: Database) -> Freshness:
    """Read off one row a partition."""
    when = _partitions.c.event_time
    row = db.first(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(_partitions.c.customers), 0),
            sa.func.max(when, type_=when.type),
            sa.func.min(when, type_=when.type),
        )
    )
    assert row is not None  # a sum over nothing is a row too
    return Freshness(row[0], int(row[1]), row[2], row[3])
