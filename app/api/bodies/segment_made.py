"""Segments' answers, made of what queries found."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.api.bodies.customer_made import by_catalogue
from app.api.bodies.segments import SegmentBody, SegmentDetail, SegmentList
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import SegmentEvent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.queries.events import EventView
    from app.queries.views import SegmentView
    from stream.contracts.lens import Importance
    from stream.contracts.model import SegmentModel


def segment_list(
    lens: str, lenses: Sequence[str], found: Iterable[SegmentView], half_life_days: int
) -> SegmentList:
    items = [SegmentBody.model_construct(**_fields(one, half_life_days)) for one in found]
    return SegmentList.model_construct(lens=lens, lenses=list(lenses), items=items)


def segment_detail(
    segment: SegmentView,
    model: SegmentModel | None,
    events: Iterable[EventView],
    half_life_days: int,
) -> SegmentDetail:
    return SegmentDetail.model_construct(
        **_fields(segment, half_life_days),
        importance=list(_importance(segment, model)),
        events=[_event(one) for one in events],
    )


def _fields(segment: SegmentView, half_life_days: int) -> dict[str, Any]:
    means = by_catalogue(segment.means, half_life_days) if segment.means else {}
    return {
        "segment": SegmentRef.model_construct(id=segment.segment_id, name=segment.name),
        "lens": segment.lens,
        "kind": segment.kind,
        "description": segment.description,
        "is_retired": segment.is_retired,
        "customers": segment.customers,
        "share": segment.share,
        "revenue": segment.revenue,
        "means": means,
        "measured": segment.measured,
        "fitted_customers": segment.fitted_customers,
        "model_version": segment.model_version,
        "expected_at": segment.expected_at,
        "clv": segment.clv,
        "probability_alive": segment.probability_alive,
        "churn_risk": segment.churn_risk,
    }


def _importance(segment: SegmentView, model: SegmentModel | None) -> Sequence[Importance]:
    lens = model.lens(segment.lens) if model else None
    theirs = (one for one in (lens.centroids if lens else ()))
    return next(
        (one.importance for one in theirs if one.segment.id == segment.segment_id),
        (),
    )


def _event(event: EventView) -> SegmentEvent:
    """The message that the row was made of."""
    fields = asdict(event)
    segment = {"id": fields.pop("segment_id"), "name": fields.pop("name")}
    return SegmentEvent.model_validate({**fields, "segment": segment}, strict=False)
