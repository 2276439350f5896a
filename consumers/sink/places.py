"""Where a database stands in each topic, and how old what it has of each partition is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from consumers.sink import schema
from stream.contracts.instant import milliseconds
from stream.errors import DatabaseError
from stream.log.known import LastRead
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.sink.store import Store
    from stream.log.seam import Log
    from stream.topics import Topics


class Place(NamedTuple):
    """An input position, and the number of the last block before it where it is in blocks."""

    position: int
    sequence: int | None = None
    last: LastRead | None = None
    """The last record that was read, where it is kept to be known again."""


class Places(NamedTuple):
    """What a sink begins from."""

    inputs: Mapping[tuple[str, int], Place]
    refreshed_ms: Mapping[int, int]


def places_of(store: Store) -> Places:
    """What the last committed transaction left."""
    aged = schema.partitions.c
    with store.reading() as connection:
        rows = connection.execute(sa.select(schema.positions)).all()
        refreshed = connection.execute(sa.select(aged.partition, aged.refreshed_at)).all()
    return Places(
        {(row.topic, row.partition): _place(row) for row in rows},
        {part: NEVER if at is None else milliseconds(at) for part, at in refreshed},
    )


def _place(row: sa.Row[Any]) -> Place:
    is_marked = row.last_mark is not None
    last = LastRead(row.last_offset, row.last_mark) if is_marked else None
    return Place(row.position, row.sequence, last)


def followed_topics(topics: Topics) -> tuple[str, ...]:
    """What a sink reads, the profiles first."""
    return (topics.profiles, topics.changes, topics.models, topics.drift, topics.insights)


def require_ours(places: Places, log: Log, topics: Topics, name: str) -> None:
    """A database belongs to one prefix, with as many partitions as it began with."""
    ours = set(followed_topics(topics))
    for topic, partition in places.inputs:
        if topic not in ours:
            raise DatabaseError(
                f"{name} belongs to another prefix (it stands in {topic}): give sink.db a "
                "database of its own"
            )
        if partition >= log.partitions(topic):
            raise DatabaseError(
                f"{name} knows {topic} with more partitions than it has: the topic was made anew. "
                "Give sink.db another database"
            )
