"""Customers: one with all that is known of them, pages of a segment's, and the search by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import NUMBER, TEXT
from app.queries.keyset import bounded, page_of
from app.queries.views import CustomerView, Page, Ref, StandingView
from consumers.sink import schema
from consumers.sink.schema import FEATURES, column_of
from stream.errors import InputError
from stream.profile.catalogue import LABELS, catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.database import Database

BY_ID = "customer_id"
LAST_LETTER = "\U0010ffff"
LOOKED_AGAIN_SECONDS = 10.0
NO_HALF_LIFE = 90
"""What is said where the partition's is not known yet."""

_customers, _stands, _partitions = schema.customers, schema.customer_segments, schema.partitions
_now, _before = schema.segments.alias("now"), schema.segments.alias("before")

_CUSTOMER = (
    _customers.c.customer_id,
    _customers.c.partition,
    _customers.c.as_of,
    *(_customers.c[label.name] for label in LABELS),
    *(_customers.c[name] for name in FEATURES),
    _partitions.c.half_life_days,
)
_STANDING = (
    _stands.c.lens,
    _stands.c.segment_id,
    _now.c.name,
    _stands.c.previous_id,
    _before.c.name,
    _stands.c.since,
    _stands.c.sequence,
    _stands.c.confidence,
    _stands.c.model_version,
)
_LABELS_FROM, _FEATURES_FROM = 3, 3 + len(LABELS)
_HALF_LIFE = _FEATURES_FROM + len(FEATURES)


class NoSuchFeature(InputError):
    """What nobody can be sorted by."""


def customer(db: Database, customer_id: str) -> CustomerView | None:
    """All that there is of a customer, in one query."""
    rows = db.prepared_rows(_ONE, {"customer": customer_id})
    if not rows:
        return None
    return _view(rows[0], [row[_HALF_LIFE + 1 :] for row in rows])


def page_of_customers(
    db: Database,
    lens: str,
    segment_id: str | None,
    *,
    sort: str = BY_ID,
    descending: bool = False,
    after: str | None = None,
    limit: int = 100,
) -> Page[CustomerView]:
    """Who is in a segment now (in none, for None), sorted by id or any feature.

    Each with this lens' standing. By id a page is read off an index; by a feature all of the
    segment is looked at.
    """
    key = _sort_column(sort)
    order: list[sa.Column[Any]] = [_stands.c.customer_id]
    kinds: list[Any] = [TEXT]
    if sort != BY_ID:
        order, kinds = [key, *order], [NUMBER, *kinds]
    found, more = page_of(
        db,
        _who(lens, segment_id, order),
        order,
        kinds,
        asked=("customers", lens, segment_id, key.name, descending),
        after=after,
        limit=limit,
        descending=descending,
    )
    there = _whole(db, lens, [row.customer_id for row in found])
    return Page(tuple(there[row.customer_id] for row in found if row.customer_id in there), more)


def find_customers(db: Database, prefix: str, limit: int = 20) -> list[str]:
    """Ids that begin so, in order."""
    ids = _customers.c.customer_id
    # On PostgreSQL the order may be a language's, and others lie among those that begin so.
    last = sa.func.starts_with(ids, prefix) if db.is_postgres else ids < prefix + LAST_LETTER
    statement = sa.select(ids).where(ids >= prefix, last).order_by(ids).limit(bounded(limit))
    return [row[0] for row in db.rows(statement)]


def is_there(db: Database, customer_id: str) -> bool:
    """Whether there is such a customer now."""
    wanted = sa.select(_customers.c.partition).where(_customers.c.customer_id == customer_id)
    return db.first(wanted) is not None


def half_life_days(db: Database) -> int:
    """Of what decays."""
    longest = sa.select(sa.func.max(_partitions.c.half_life_days))

    def asked() -> int:
        row = db.first(longest)
        return (row and row[0]) or NO_HALF_LIFE

    return db.memory.kept("half-life", LOOKED_AGAIN_SECONDS, asked)


def sorts(half_life_days: int = NO_HALF_LIFE) -> tuple[str, ...]:
    """What customers can be sorted by; each column that decays has its catalogue's name too."""
    names = [one.name for one in catalogue(half_life_days)]
    return (BY_ID, *dict.fromkeys([*names, *FEATURES]))


def _one() -> sa.Select[Any]:
    joined = _with_names(
        _customers.outerjoin(_stands, _stands.c.customer_id == _customers.c.customer_id)
    )
    wanted = _customers.c.customer_id == sa.bindparam("customer")
    return _selected(joined).where(wanted).order_by(_stands.c.lens)


def _who(lens: str, segment_id: str | None, columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    """Nothing but what they are sorted by: rows that are sorted should be narrow."""
    source: sa.FromClause = _stands
    if len(columns) > 1:
        source = _stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id)
    wanted = (_stands.c.lens == lens, _stands.c.segment_id == segment_id)
    return sa.select(*columns).select_from(source).where(*wanted)


def _whole(db: Database, lens: str, ids: Sequence[str]) -> dict[str, CustomerView]:
    """Those of them who are still there."""
    joined = _with_names(
        _stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id)
    )
    statement = _selected(joined).where(_stands.c.lens == lens, _stands.c.customer_id.in_(ids))
    rows = db.rows(statement) if ids else ()
    return {row[0]: _view(row, [row[_HALF_LIFE + 1 :]]) for row in rows}


def _with_names(joined: sa.Join) -> sa.Join:
    for names, segment_id in ((_now, _stands.c.segment_id), (_before, _stands.c.previous_id)):
        joined = joined.outerjoin(
            names, (names.c.lens == _stands.c.lens) & (names.c.segment_id == segment_id)
        )
    return joined.outerjoin(_partitions, _partitions.c.partition == _customers.c.partition)


def _selected(joined: sa.Join) -> sa.Select[Any]:
    return sa.select(*_CUSTOMER, *_STANDING).select_from(joined)


def _sort_column(sort: str) -> sa.Column[Any]:
    if sort == BY_ID:
        return _stands.c.customer_id
    column = column_of(sort)
    if column not in FEATURES:
        raise NoSuchFeature(
            f"customers can't be sorted by that: give {BY_ID}, or a feature of "
            "docs/features-catalogue.md"
        )
    return _customers.c[column]


def _view(row: Any, standings: Sequence[Sequence[Any]]) -> CustomerView:
    labels = row[_LABELS_FROM:_FEATURES_FROM]
    return CustomerView(
        row[0],
        row[1],
        row[2],
        row[_HALF_LIFE] or NO_HALF_LIFE,
        dict(zip((label.name for label in LABELS), labels, strict=True)),
        dict(zip(FEATURES, row[_FEATURES_FROM:_HALF_LIFE], strict=True)),
        tuple(_standing(one) for one in standings if one[0] is not None),
    )


def _standing(told: Sequence[Any]) -> StandingView:
    lens, segment_id, name, previous_id, previous_name, since, changes, confidence, version = told
    return StandingView(
        lens,
        ref(segment_id, name),
        ref(previous_id, previous_name),
        since,
        changes,
        confidence,
        version,
    )


def ref(segment_id: str | None, name: str | None) -> Ref | None:
    """A segment whose name is not known has its id for one."""
    return None if segment_id is None else Ref(segment_id, name or segment_id)


_ONE = _one()
