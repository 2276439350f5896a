"""Enrichers of a shop that say something of everybody, or fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.enriching import Enrichment, SegmentFields

if TYPE_CHECKING:
    from snapshot.moment import Moment


class Worth:
    """A column of each kind, with gaps, and a number for each segment."""

    name = "worth"

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        assert not known.numbers
        count = len(moment)
        clv = np.arange(count) / 3.0
        clv[::4] = np.nan
        lists = [tuple(f"p{row}-{place}" for place in range(row % 3)) for row in range(count)]
        return Enrichment(
            numbers={"clv": clv, "churn_risk": np.linspace(0, 1, count)},
            products={"recommended": lists},
            segments={
                (name, segment.id): SegmentFields(customers=1, revenue=2.5)
                for name, lens in moment.lenses.items()
                for segment in lens.segments
            },
            problems=("only\nhalf of it",),
        )


@dataclass(frozen=True)
class Failing:
    """Raises what it is told to."""

    error: Exception
    name: str = "broken"

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        raise self.error


@dataclass(frozen=True)
class Saying:
    """What it is told to."""

    said: Enrichment
    name: str = "said"

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        return self.said
