"""The migrations' answer, made of what queries found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api.bodies.migrations import MigrationsBody, MoveBody, SizeBody
from stream.contracts.segment import SegmentRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.queries.migrations import Migrations


def migrations_body(found: Migrations) -> MigrationsBody:
    sizes = [
        SizeBody.model_construct(
            segment=_named(one, found.names),
            before=found.before.get(one, 0),
            after=found.after.get(one, 0),
        )
        for one in found.before.keys() | found.after.keys()
    ]
    return MigrationsBody.model_construct(
        lens=found.lens,
        since=found.since,
        until=found.until,
        segments=sorted(sizes, key=lambda one: (-one.after, one.segment.id)),
        moves=[
            MoveBody.model_construct(
                previous=_named(one.previous, found.names) if one.previous else None,
                current=_named(one.current, found.names) if one.current else None,
                customers=one.customers,
            )
            for one in found.moves
        ],
    )


def _named(segment_id: str, names: Mapping[str, str]) -> SegmentRef:
    return SegmentRef.model_construct(id=segment_id, name=names.get(segment_id, segment_id))
