"""Changes of segment: pages of them, the newest first, and what came since a place in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import INSTANT, TEXT, WHOLE
from app.queries.keyset import bounded, page_of
from app.queries.views import ChangeView, Page, ReasonView, Ref
from consumers.sink import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.queries.database import Database, Rows

_changes = schema.changes


@dataclass(frozen=True, slots=True)
class Filters:
    """Which changes are wanted; whatever is None, or empty, keeps none out."""

    lens: str | None = None
    causes: tuple[str, ...] = ()
    segment: str | None = None
    """By id: the segment entered or left."""

    entered: str | None = None
    left: str | None = None
    customer_id: str | None = None
    since: datetime | None = None
    """In event time, this instant too."""

    until: datetime | None = None
    """This instant not any more."""


ALL = Filters()


@dataclass(frozen=True, slots=True)
class Followed:
    """What came since some places, and the places up to which everything was looked at."""

    changes: tuple[ChangeView, ...]
    places: Mapping[int, int]
    is_all: bool
    """Whether that is all there is by now."""


def changes(
    db: Database, filters: Filters = ALL, after: str | None = None, limit: int = 100
) -> Page[ChangeView]:
    """By event time, the newest first."""
    statement = sa.select(_changes).where(*conditions(filters))
    order = [_changes.c.occurred_at, _changes.c.change_id]
    asked = ("changes", *(getattr(filters, name) for name in Filters.__slots__))
    rows, more = page_of(
        db,
        statement,
        order,
        [INSTANT, TEXT],
        asked=asked,
        after=after,
        limit=limit,
        descending=True,
    )
    return Page(tuple(change_view(row) for row in rows), more)


def history(
    db: Database,
    customer_id: str,
    lens: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[ChangeView]:
    """One customer's changes, the newest first, lens by lens unless one is said."""
    lenses = [_changes.c.lens == lens] if lens is not None else []
    statement = sa.select(_changes).where(_changes.c.customer_id == customer_id, *lenses)
    order = [_changes.c.lens, _changes.c.incarnation, _changes.c.sequence]
    rows, more = page_of(
        db,
        statement,
        order,
        [TEXT, WHOLE, WHOLE],
        asked=("history", customer_id, lens),
        after=after,
        limit=limit,
        descending=True,
    )
    return Page(tuple(change_view(row) for row in rows), more)


def places_now(db: Database) -> dict[int, int]:
    """The position of each partition's newest change."""
    return {row[0]: row[1] for row in db.rows(_NEWEST) if row[1] is not None}


def changes_after(
    db: Database, places: Mapping[int, int], filters: Filters = ALL, limit: int = 500
) -> Followed:
    """What lies behind these places, in each partition's order; a partition that isn't named is
    read from its start. One partition's many changes don't keep the others' waiting."""
    bounded(limit)
    with db.reading() as reading:
        partitions = _partitions(reading.rows(_NEWEST), places)
        each = max(1, limit // max(1, len(partitions)))
        found: list[ChangeView] = []
        reached = dict(places)
        is_all = True
        for partition, newest in partitions.items():
            rows = reading.rows(_behind(partition, places.get(partition, -1), filters, each))
            found += [change_view(row) for row in rows]
            is_full = len(rows) == each
            is_all = is_all and not is_full
            reached[partition] = rows[-1].position if is_full else newest
    return Followed(tuple(found), reached, is_all)


def conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    """As SQL has them."""
    columns = _changes.c
    if filters.lens is not None:
        yield columns.lens == filters.lens
    if filters.causes:
        yield columns.cause.in_(filters.causes)
    if filters.segment is not None:
        yield (columns.current_id == filters.segment) | (columns.previous_id == filters.segment)
    if filters.entered is not None:
        yield columns.current_id == filters.entered
    if filters.left is not None:
        yield columns.previous_id == filters.left
    if filters.customer_id is not None:
        yield columns.customer_id == filters.customer_id
    if filters.since is not None:
        yield columns.occurred_at >= filters.since
    if filters.until is not None:
        yield columns.occurred_at < filters.until


def change_view(row: Any) -> ChangeView:
    return ChangeView(
        row.change_id,
        row.partition,
        row.position,
        row.customer_id,
        row.lens,
        row.incarnation,
        row.sequence,
        _ref(row.previous_id, row.previous_name),
        _ref(row.current_id, row.current_name),
        row.cause,
        row.margin,
        row.confidence,
        tuple(
            ReasonView(one["feature"], one["before"], one["after"], one["contribution"])
            for one in row.reasons
        ),
        row.features,
        row.model_version,
        row.occurred_at,
        row.observed_at,
    )


def _ref(segment_id: str | None, name: str | None) -> Ref | None:
    return None if segment_id is None else Ref(segment_id, name or segment_id)


def _partitions(rows: Rows, places: Mapping[int, int]) -> dict[int, int]:
    """The newest position of each; never before where a reader is already, whatever was erased."""
    there = {row[0]: row[1] for row in rows if row[1] is not None}
    return {
        partition: max(there.get(partition, -1), places.get(partition, -1))
        for partition in sorted(there | dict(places))
    }


def _behind(partition: int, position: int, filters: Filters, limit: int) -> sa.Select[Any]:
    return (
        sa.select(_changes)
        .where(_changes.c.partition == partition, _changes.c.position > position)
        .where(*conditions(filters))
        .order_by(_changes.c.position)
        .limit(limit)
    )


def _newest() -> sa.Select[Any]:
    """Partition by partition the end of an index, because a look at all of it takes its time."""
    known = sa.select(schema.positions.c.partition).distinct().subquery()
    newest = sa.select(sa.func.max(_changes.c.position)).where(
        _changes.c.partition == known.c.partition
    )
    return sa.select(known.c.partition, newest.scalar_subquery())


_NEWEST = _newest()
