"""Segment by segment what its customers come to; the last to be asked, for it sums up the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.enriching import Enrichment, SegmentFields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insights.arrays import Floats
    from snapshot.moment import Moment

SPEND = "spend"


class Segments:
    """Of every lens."""

    name = "segments"

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        spend = moment.table.columns([SPEND])[:, 0]
        found = {
            (name, segment.id): _summed(lens.published == code, spend, known.numbers)
            for name, lens in moment.lenses.items()
            for code, segment in enumerate(lens.segments)
        }
        return Enrichment(segments=found)


def _summed(inside: np.ndarray, spend: Floats, numbers: Mapping[str, Floats]) -> SegmentFields:
    """Of the customers of whom something is known."""
    known = {name: column[inside & ~np.isnan(column)] for name, column in numbers.items()}
    nobody = np.empty(0)
    clv, alive, risk = (
        known.get(name, nobody) for name in ("clv", "probability_alive", "churn_risk")
    )
    return SegmentFields(
        customers=int(inside.sum()),
        revenue=float(spend[inside].sum()),
        clv=float(clv.sum()) if len(clv) else None,
        probability_alive=_mean(alive),
        churn_risk=_mean(risk),
    )


def _mean(chances: Floats) -> float | None:
    """Of many numbers up to 1 it may come out a hair above."""
    return min(float(chances.mean()), 1.0) if len(chances) else None
