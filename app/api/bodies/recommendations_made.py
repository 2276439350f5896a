"""Recommendations' answers, made of what queries found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api.bodies.changes import segment_ref
from app.api.bodies.recommendations import CustomerRecommendations, SegmentRecommendations

if TYPE_CHECKING:
    from app.queries.insights import Recommended


def customer_recommendations_body(
    customer_id: str, found: Recommended, count: int
) -> CustomerRecommendations:
    return CustomerRecommendations.model_construct(
        customer_id=customer_id,
        products=list(found.products[:count]),
        source=found.source,
        only_new=found.is_new,
        lens=found.lens,
        segment=segment_ref(found.segment),
        instant=found.instant,
    )


def segment_recommendations_body(found: Recommended, count: int) -> SegmentRecommendations:
    return SegmentRecommendations.model_construct(
        lens=found.lens,
        segment=segment_ref(found.segment),
        products=list(found.products[:count]),
        instant=found.instant,
    )
