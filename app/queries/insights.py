"""What snapshots expect: the newest report, what it says of segments, and products to recommend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from consumers.sink import schema
from stream.contracts.insight_report import InsightReport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.queries.database import Database
    from app.queries.views import CustomerView, Ref

FRESH_SECONDS = 2.0
_customers, _segments, _reports = (
    schema.customer_insights,
    schema.segment_insights,
    schema.insight_reports,
)


@dataclass(frozen=True, slots=True)
class SegmentExpected:
    """What a snapshot expects of a segment's customers of then."""

    lens: str
    segment_id: str
    instant: datetime
    customers: int
    revenue: float
    clv: float | None
    """All together."""

    probability_alive: float | None
    churn_risk: float | None
    churn_auc: float | None
    recommended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    """Products, the best first, and whose they are."""

    products: tuple[str, ...] = ()
    instant: datetime | None = None
    source: str | None = None
    """`customer`, or `segment`; None where nothing is recommended to either."""

    segment: Ref | None = None
    lens: str | None = None
    is_new: bool = False
    """Whether what the customer bought before is left out."""


def latest_report(db: Database) -> InsightReport | None:
    """Of the last snapshot that expected something."""
    instant = _latest(db)
    if instant is None:
        return None
    return db.memory.kept(("insights", instant), FRESH_SECONDS, lambda: _report(db, instant))


def expected_of_segments(db: Database) -> Mapping[tuple[str, str], SegmentExpected]:
    """What the last snapshot said, by lens and segment."""
    return db.memory.kept("segments expected", FRESH_SECONDS, lambda: _of_segments(db))


def recommended_to(db: Database, customer: CustomerView, *, only_new: bool) -> Recommended:
    """What a customer may want; where that is not known, what their segment buys, looked for lens
    by lens."""
    column = _customers.c.recommended_new if only_new else _customers.c.recommended
    wanted = sa.select(column, _customers.c.instant)
    row = db.first(wanted.where(_customers.c.customer_id == customer.customer_id))
    if row is not None and row[0]:
        return Recommended(tuple(row[0]), row[1], "customer", is_new=only_new)
    for standing in customer.standings:
        found = recommended_in(db, standing.lens, standing.segment)
        if found.products:
            return found
    return Recommended()


def recommended_in(db: Database, lens: str, segment: Ref | None) -> Recommended:
    """What a segment buys more of than others do."""
    found = expected_of_segments(db).get((lens, segment.id)) if segment else None
    if found is None or not found.recommended:
        return Recommended(segment=segment, lens=lens)
    return Recommended(found.recommended, found.instant, "segment", segment, lens)


def _latest(db: Database) -> datetime | None:
    row = db.first(sa.select(sa.func.max(_reports.c.instant, type_=_reports.c.instant.type)))
    return row[0] if row else None


def _report(db: Database, instant: datetime) -> InsightReport | None:
    row = db.first(sa.select(_reports.c.report).where(_reports.c.instant == instant))
    return None if row is None else InsightReport.model_validate(row[0], strict=False)


def _of_segments(db: Database) -> dict[tuple[str, str], SegmentExpected]:
    instant = _latest(db)
    if instant is None:
        return {}
    rows = db.rows(sa.select(_segments).where(_segments.c.instant == instant))
    return {(row.lens, row.segment_id): _expected(row) for row in rows}


def _expected(row: Any) -> SegmentExpected:
    told = {name: getattr(row, name) for name in SegmentExpected.__slots__}
    return SegmentExpected(**(told | {"recommended": tuple(row.recommended)}))
