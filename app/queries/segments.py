"""Segments and who is in them: how many, what they are like, what they have spent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from app.queries.insights import expected_of_segments
from app.queries.models import current_model
from app.queries.sample import sample
from app.queries.views import SegmentView
from consumers.sink import schema
from consumers.sink.schema import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.database import Database, Reading
    from app.queries.insights import SegmentExpected

FRESH_SECONDS = 2.0
MOST_MEASURED = 100_000
"""Beyond, a sample's means will do: SQLite looks up some hundred thousand customers a second."""

SAMPLED = 20_000
FEW = 200
MOST_LOOKED_UP = 20_000
_stands, _customers, _segments = schema.customer_segments, schema.customers, schema.segments


@dataclass(frozen=True, slots=True)
class Means:
    """Of so many customers, by column."""

    customers: int
    values: Mapping[str, float]


NOBODY = Means(0, {})


def lenses(db: Database) -> list[str]:
    """Of the newest model, in its order."""
    model = current_model(db)
    return [] if model is None else [lens.lens for lens in model.lenses]


def segments(db: Database, lens: str) -> list[SegmentView]:
    """Every segment that the newest model has or that somebody is in, the largest first.

    Means are of all customers, or of a sample in a shop of more than `MOST_MEASURED`. It takes a
    while all the same, so that an answer is kept: some seconds, or 20 times as long as it took.
    """
    return db.memory.kept(("segments", lens), FRESH_SECONDS, lambda: _segments_of(db, lens))


def segments_ever(db: Database) -> list[SegmentView]:
    """Every segment of every lens that there ever was, without its customers."""
    return db.memory.kept("segments ever", FRESH_SECONDS, lambda: _ever(db))


def with_expected(db: Database, found: Sequence[SegmentView]) -> list[SegmentView]:
    """Segments with what the last snapshot expects of them."""
    expected = expected_of_segments(db)
    return [_expected(one, expected.get((one.lens, one.segment_id))) for one in found]


def sizes(db: Database, lens: str) -> dict[str, int]:
    """How many are in each segment now, read off an index."""
    return db.memory.kept(("sizes", lens), FRESH_SECONDS, lambda: counted_now(db, lens))


def counted_now(db: Database | Reading, lens: str) -> dict[str, int]:
    """The same, of this very moment."""
    counted = (
        sa.select(_stands.c.segment_id, sa.func.count())
        .where(_stands.c.lens == lens, _stands.c.segment_id.is_not(None))
        .group_by(_stands.c.segment_id)
    )
    return dict(db.rows(counted))


def _segments_of(db: Database, lens: str) -> list[SegmentView]:
    there = sizes(db, lens)
    everybody = sum(there.values())
    means = _means_of_all(db, lens) if everybody <= MOST_MEASURED else _means_of_some(db, lens)
    known = (one for one in _ever(db) if one.lens == lens)
    found = [_measured(one, there, everybody, means.get(one.segment_id, NOBODY)) for one in known]
    found = with_expected(db, found)
    shown = (one for one in found if one.customers or not one.is_retired)
    return sorted(shown, key=lambda one: (-one.customers, one.segment_id))


def _means_of_all(db: Database, lens: str) -> dict[str, Means]:
    return {row[0]: _means(row) for row in db.rows(_averages(lens))}


def _means_of_some(db: Database, lens: str) -> dict[str, Means]:
    """Of a sample; of those that hardly turn up in it everybody is looked at."""
    drawn = sample(db, lens, SAMPLED)
    theirs = np.array(drawn.segments, object)
    found = {}
    for segment_id, customers in sizes(db, lens).items():
        places = np.flatnonzero(theirs == segment_id)
        if len(places) >= min(FEW, customers):
            read = {name: float(drawn.features[name][places].mean()) for name in FEATURES}
            found[segment_id] = Means(len(places), read)
        else:
            first = _first_of(lens, segment_id).subquery()
            found |= {row[0]: _means(row) for row in db.rows(_averages(lens, first))}
    return found


def _first_of(lens: str, segment_id: str) -> sa.Select[Any]:
    wanted = (_stands.c.lens == lens, _stands.c.segment_id == segment_id)
    by_id = sa.select(_stands.c.customer_id).where(*wanted).order_by(_stands.c.customer_id)
    return by_id.limit(MOST_LOOKED_UP)


def _averages(lens: str, among: sa.Subquery | None = None) -> sa.Select[Any]:
    joined = _stands.join(_customers, _customers.c.customer_id == _stands.c.customer_id)
    if among is not None:
        joined = joined.join(among, among.c.customer_id == _stands.c.customer_id)
    averages = (sa.func.avg(_customers.c[name]) for name in FEATURES)
    return (
        sa.select(_stands.c.segment_id, sa.func.count(), *averages)
        .select_from(joined)
        .where(_stands.c.lens == lens, _stands.c.segment_id.is_not(None))
        .group_by(_stands.c.segment_id)
    )


def _means(row: Any) -> Means:
    return Means(row[1], dict(zip(FEATURES, row[2:], strict=True)))


def _ever(db: Database) -> list[SegmentView]:
    newest = sa.select(sa.func.max(schema.models.c.version)).scalar_subquery().label("newest")
    return [
        SegmentView(
            row.lens,
            row.segment_id,
            row.name,
            row.kind,
            row.description,
            row.fitted_customers,
            row.model_version,
            row.model_version != row.newest,
        )
        for row in db.rows(sa.select(_segments, newest).order_by(*_segments.primary_key))
    ]


def _expected(segment: SegmentView, told: SegmentExpected | None) -> SegmentView:
    if told is None:
        return segment
    return replace(
        segment,
        expected_at=told.instant,
        clv=told.clv,
        probability_alive=told.probability_alive,
        churn_risk=told.churn_risk,
    )


def _measured(
    segment: SegmentView, there: Mapping[str, int], everybody: int, means: Means
) -> SegmentView:
    customers = there.get(segment.segment_id, 0)
    return replace(
        segment,
        customers=customers,
        share=customers / everybody if everybody else 0.0,
        means=means.values,
        measured=means.customers,
        revenue=means.values.get("spend", 0.0) * customers,
    )
