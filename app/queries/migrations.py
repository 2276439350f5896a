"""Who went where between two instants, and how large segments were at one.

From `changes` alone, reckoned back from how things are now, so that the dearer part is what
happened since and not everybody there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.segments import FRESH_SECONDS, counted_now, segments_ever
from consumers.sink import schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.queries.database import Database, Reading

_changes = schema.changes


@dataclass(frozen=True, slots=True)
class Move:
    """Customers who were in one segment and are in another; None is in none."""

    previous: str | None
    current: str | None
    customers: int


@dataclass(frozen=True, slots=True)
class Migrations:
    """Where the customers of a lens were at `since` and at `until`."""

    lens: str
    since: datetime
    until: datetime
    moves: tuple[Move, ...]
    """All of them, those who stayed too; the largest first. Segments by id."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    names: Mapping[str, str]
    """Of every segment that the lens ever had."""


def sizes_at(db: Database, lens: str, instant: datetime) -> dict[str, int]:
    """How many were in each segment after whatever happened up to the instant."""
    with db.reading() as reading:
        return _sizes_at(reading, lens, instant)


def migrations(db: Database, lens: str, since: datetime, until: datetime) -> Migrations:
    """From after `since` up to and with `until`; who went and came back stayed. An answer is kept
    for a while."""
    key = ("migrations", lens, since, until)
    return db.memory.kept(key, FRESH_SECONDS, lambda: _migrations(db, lens, since, until))


def flows(db: Database, lens: str, since: datetime, until: datetime) -> tuple[Move, ...]:
    """Every change by itself: who went and came back went twice."""
    counted = sa.select(_changes.c.previous_id, _changes.c.current_id, sa.func.count())
    statement = counted.where(*_between(lens, since, until)).group_by(
        _changes.c.previous_id, _changes.c.current_id
    )
    return _summed([Move(*row) for row in db.rows(statement)])


def latest(db: Database) -> datetime | None:
    """How far event time has come on the partition that is farthest."""
    row = db.first(sa.select(sa.func.max(schema.partitions.c.event_time)))
    return row[0] if row else None


def segment_names(db: Database, lens: str) -> dict[str, str]:
    """Of every segment that ever was."""
    return {one.segment_id: one.name for one in segments_ever(db) if one.lens == lens}


def _migrations(db: Database, lens: str, since: datetime, until: datetime) -> Migrations:
    with db.reading() as reading:
        before, after = (_sizes_at(reading, lens, instant) for instant in (since, until))
        changed = [Move(*row) for row in reading.rows(_first_to_last(lens, since, until))]
    moves = _summed([*_stayed(before, changed), *changed])
    return Migrations(lens, since, until, moves, before, after, segment_names(db, lens))


def _sizes_at(reading: Reading, lens: str, instant: datetime) -> dict[str, int]:
    now = counted_now(reading, lens)
    entered = _counted(reading, lens, instant, _changes.c.current_id)
    left = _counted(reading, lens, instant, _changes.c.previous_id)
    then = {
        one: now.get(one, 0) - entered.get(one, 0) + left.get(one, 0)
        for one in sorted(now.keys() | entered.keys() | left.keys())
    }
    return {one: customers for one, customers in then.items() if customers > 0}


def _counted(reading: Reading, lens: str, after: datetime, by: sa.Column[Any]) -> dict[str, int]:
    wanted = (_changes.c.lens == lens, _changes.c.occurred_at > after, by.is_not(None))
    counted = sa.select(by, sa.func.count()).where(*wanted).group_by(by)
    return dict(reading.rows(counted))


def _first_to_last(lens: str, since: datetime, until: datetime) -> sa.Select[Any]:
    """Of whoever changed: the segment left first, the one entered last."""
    in_order = (_changes.c.incarnation, _changes.c.sequence)
    ranked = (
        sa.select(
            _changes.c.customer_id,
            sa.func.first_value(_changes.c.previous_id)
            .over(partition_by=_changes.c.customer_id, order_by=in_order)
            .label("previous"),
            _changes.c.current_id.label("current"),
            sa.func.row_number()
            .over(
                partition_by=_changes.c.customer_id,
                order_by=[column.desc() for column in in_order],
            )
            .label("from_last"),
        )
        .where(*_between(lens, since, until))
        .subquery()
    )
    ends = (ranked.c.previous, ranked.c.current)
    return sa.select(*ends, sa.func.count()).where(ranked.c.from_last == 1).group_by(*ends)


def _between(lens: str, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    when = _changes.c.occurred_at
    return (_changes.c.lens == lens, when > since, when <= until)


def _stayed(before: Mapping[str, int], changed: list[Move]) -> list[Move]:
    """Those of whom there is no change."""
    gone: dict[str | None, int] = {}
    for move in changed:
        gone[move.previous] = gone.get(move.previous, 0) + move.customers
    return [Move(one, one, customers - gone.get(one, 0)) for one, customers in before.items()]


def _summed(found: list[Move]) -> tuple[Move, ...]:
    summed: dict[tuple[str | None, str | None], int] = {}
    for move in found:
        ends = (move.previous, move.current)
        summed[ends] = summed.get(ends, 0) + move.customers
    moves = [Move(*ends, customers) for ends, customers in summed.items() if customers > 0]
    return tuple(sorted(moves, key=lambda one: (-one.customers, str(one))))
