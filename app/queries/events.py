"""What happened to segments themselves: born, retired, split, merged, renamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.keyset import bounded
from consumers.sink import schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.queries.database import Database

_events = schema.segment_events


@dataclass(frozen=True, slots=True)
class EventView:
    """As the message has it; kinships as it has them too."""

    event_id: str
    lens: str
    segment_id: str
    name: str
    happened: str
    previous_name: str | None
    came_from: Sequence[dict[str, Any]]
    went_to: Sequence[dict[str, Any]]
    customers: int
    model_version: int
    previous_model_version: int | None
    occurred_at: datetime
    observed_at: datetime


def segment_events(
    db: Database, lens: str | None = None, segment_id: str | None = None, limit: int = 100
) -> list[EventView]:
    """The newest first."""
    statement = sa.select(*(_events.c[name] for name in EventView.__slots__))
    if lens is not None:
        statement = statement.where(_events.c.lens == lens)
    if segment_id is not None:
        statement = statement.where(_events.c.segment_id == segment_id)
    newest = (_events.c.model_version.desc(), _events.c.event_id)
    rows = db.rows(statement.order_by(*newest).limit(bounded(limit)))
    return [EventView(*row) for row in rows]
