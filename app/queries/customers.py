"""Customers: one with all that is known of them, pages of a segment's, and the search by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import NUMBER, TEXT
from app.queries.customer_rows import ONE, customer_view, whole
from app.queries.expectations import ids_by_expectation
from app.queries.keyset import bounded, page_of
from app.queries.members import Members
from app.queries.views import CustomerView, Page
from consumers.sink import schema
from consumers.sink.schema import FEATURES, SORTED, column_of
from stream.errors import InputError
from stream.half_life import USUAL_DAYS
from stream.profile.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.database import Database

BY_ID = "customer_id"
LAST_LETTER = "\U0010ffff"
LOOKED_AGAIN_SECONDS = 10.0
_customers, _stands, _partitions = schema.customers, schema.customer_segments, schema.partitions


class NoSuchFeature(InputError):
    """What nobody can be sorted by."""


def customer(db: Database, customer_id: str) -> CustomerView | None:
    """All that there is of a customer, in one query."""
    rows = db.prepared_rows(ONE, {"customer": customer_id})
    return customer_view(rows) if rows else None


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
    """Who is in a segment now (in none, for None), sorted by id, by any feature, or by what the
    last snapshot expects of them.

    Each with this lens' standing. By id a page is read off an index; by a feature all of the
    segment is looked at.
    """
    ids_of = ids_by_expectation if sort in SORTED else _ids_by_feature
    ids, more = ids_of(db, Members(lens, segment_id, sort, descending), after, limit)
    there = whole(db, lens, ids)
    return Page(tuple(there[one] for one in ids if one in there), more)


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
        return (row and row[0]) or USUAL_DAYS

    return db.memory.kept("half-life", LOOKED_AGAIN_SECONDS, asked)


def sorts(half_life_days: int = USUAL_DAYS) -> tuple[str, ...]:
    """What customers can be sorted by; each column that decays has its catalogue's name too."""
    names = [one.name for one in catalogue(half_life_days)]
    return (BY_ID, *dict.fromkeys([*names, *FEATURES]), *SORTED)


def _ids_by_feature(
    db: Database, members: Members, after: str | None, limit: int
) -> tuple[list[str], str | None]:
    """Or by the id itself."""
    key = _sort_column(members.sort)
    order: list[sa.Column[Any]] = [_stands.c.customer_id]
    kinds: list[Any] = [TEXT]
    if members.sort != BY_ID:
        order, kinds = [key, *order], [NUMBER, *kinds]
    found, more = page_of(
        db,
        _who(members, order),
        order,
        kinds,
        asked=members.asked(key.name),
        after=after,
        limit=limit,
        descending=members.descending,
    )
    return [row.customer_id for row in found], more


def _who(members: Members, columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    """Nothing but what they are sorted by: rows that are sorted should be narrow."""
    source: sa.FromClause = _stands
    if len(columns) > 1:
        source = _stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id)
    return sa.select(*columns).select_from(source).where(*members.conditions())


def _sort_column(sort: str) -> sa.Column[Any]:
    if sort == BY_ID:
        return _stands.c.customer_id
    column = column_of(sort)
    if column not in FEATURES:
        raise NoSuchFeature(
            f"customers can't be sorted by that: give {BY_ID}, {', '.join(SORTED)}, or a feature "
            "of docs/features-catalogue.md"
        )
    return _customers.c[column]
