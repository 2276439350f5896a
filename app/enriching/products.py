"""Recommendations as the snapshot asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.enriching import Enrichment, SegmentFields

if TYPE_CHECKING:
    from app.enriching.recommending import Recommending
    from snapshot.moment import Moment


class Products:
    """Hands on what is recommended."""

    name = "recommendations"

    def __init__(self, recommending: Recommending) -> None:
        self._recommending = recommending

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        part = self._recommending.part(moment)
        return Enrichment(
            products={"recommended": part.recommended, "recommended_new": part.recommended_new},
            recommending=part.quality,
            segments={
                key: SegmentFields(recommended=products)
                for key, products in part.of_segments.items()
            },
            problems=(part.problem,) if part.problem else (),
        )
