"""Customers as rows, and how these are read: what one has of everything, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.views import CustomerView, InsightsView, Ref, StandingView
from consumers.sink import schema
from consumers.sink.schema import FEATURES
from stream.contracts.scores import NUMBERS
from stream.half_life import USUAL_DAYS
from stream.profile.catalogue import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.database import Database


_customers, _stands, _partitions = schema.customers, schema.customer_segments, schema.partitions
_insights = schema.customer_insights
_now, _before = schema.segments.alias("now"), schema.segments.alias("before")

_CUSTOMER = (
    _customers.c.customer_id,
    _customers.c.partition,
    _customers.c.as_of,
    *(_customers.c[label.name] for label in LABELS),
    *(_customers.c[name] for name in FEATURES),
    _partitions.c.half_life_days,
    _insights.c.instant,
    *(_insights.c[name] for name in NUMBERS),
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
_STANDING_FROM = _HALF_LIFE + 2 + len(NUMBERS)


def customer_view(rows: Sequence[Any]) -> CustomerView:
    """Of all rows that are of one customer: one for each lens, or one alone."""
    return _view(rows[0], [row[_STANDING_FROM:] for row in rows])


def whole(db: Database, lens: str, ids: Sequence[str]) -> dict[str, CustomerView]:
    """Those of them who are still there, each with the one lens."""
    joined = _with_names(
        _stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id)
    )
    statement = _selected(joined).where(_stands.c.lens == lens, _stands.c.customer_id.in_(ids))
    rows = db.rows(statement) if ids else ()
    return {row[0]: customer_view([row]) for row in rows}


def _with_names(joined: sa.Join) -> sa.Join:
    for names, segment_id in ((_now, _stands.c.segment_id), (_before, _stands.c.previous_id)):
        joined = joined.outerjoin(
            names, (names.c.lens == _stands.c.lens) & (names.c.segment_id == segment_id)
        )
    joined = joined.outerjoin(_partitions, _partitions.c.partition == _customers.c.partition)
    return joined.outerjoin(_insights, _insights.c.customer_id == _customers.c.customer_id)


def _selected(joined: sa.Join) -> sa.Select[Any]:
    return sa.select(*_CUSTOMER, *_STANDING).select_from(joined)


def _one() -> sa.Select[Any]:
    joined = _with_names(
        _customers.outerjoin(_stands, _stands.c.customer_id == _customers.c.customer_id)
    )
    wanted = _customers.c.customer_id == sa.bindparam("customer")
    return _selected(joined).where(wanted).order_by(_stands.c.lens)


def _view(row: Any, standings: Sequence[Sequence[Any]]) -> CustomerView:
    labels = row[_LABELS_FROM:_FEATURES_FROM]
    return CustomerView(
        row[0],
        row[1],
        row[2],
        row[_HALF_LIFE] or USUAL_DAYS,
        dict(zip((label.name for label in LABELS), labels, strict=True)),
        dict(zip(FEATURES, row[_FEATURES_FROM:_HALF_LIFE], strict=True)),
        tuple(_standing(one) for one in standings if one[0] is not None),
        _expected(row[_HALF_LIFE + 1 : _STANDING_FROM]),
    )


def _expected(told: Sequence[Any]) -> InsightsView | None:
    return None if told[0] is None else InsightsView(*told)


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


ONE = _one()
"""Everything of one `customer`, a row for each lens."""
