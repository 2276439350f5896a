"""The published segments as if a fit had made them: so that what describes fits describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insights.persona import NEEDED
from insights.reporting.executive.seen import are_in
from snapshot.batch_fit import BatchFit
from stream.model.arrays import NONE
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insights.arrays import Floats, Ints
    from insights.reporting.executive.seen import Seen
    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel


def published_fit(moment: Moment, at: LensAt, model: LensModel) -> BatchFit | None:
    """Of those who are in a learned segment; None where nobody is, or a feature is missing."""
    ids = frozenset(centroid.segment.id for centroid in model.centroids)
    active = are_in(at, ids)
    space = space_of(model.features)
    if not active.any() or any(name not in moment.table.names for name in space.needs):
        return None
    places = {centroid.segment.id: place for place, centroid in enumerate(model.centroids)}
    codes = np.array([places.get(ref.id, NONE) for ref in at.segments], np.int64)
    some = int(active.sum())
    return BatchFit(
        lens=model,
        active=active,
        labels=codes[at.published[active]],
        points=space.project(moment.table.of(active).columns(space.needs)),
        outlier_scores=np.zeros(some),
        outliers=np.zeros(some, np.bool_),
    )


OF_SOME = frozenset({"interpurchase_days"})
"""Features that say nothing of who has them as 0: one order has no next one."""


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over the customers of each segment; the last place is those without one."""

    codes: Ints
    places: int

    @classmethod
    def of(cls, at: LensAt) -> Sums:
        places = len(at.segments) + 1
        return cls(at.published % places, places)

    def counts(self) -> Ints:
        return np.bincount(self.codes, minlength=self.places)

    def of_column(self, values: Floats) -> Floats:
        found = np.bincount(self.codes, weights=values, minlength=self.places)
        return found.astype(np.float64, copy=False)

    def means(self, values: Floats) -> list[float | None]:
        """Of those that are known, NaN is not; None where none is."""
        known = ~np.isnan(values)
        counts = np.bincount(self.codes[known], minlength=self.places)
        sums = np.bincount(self.codes[known], weights=values[known], minlength=self.places)
        pairs = zip(sums.tolist(), counts.tolist(), strict=True)
        return [total / count if count else None for total, count in pairs]

    def per_customer(self, values: Floats) -> list[float | None]:
        """What is known of some, by all of them; None where it is known of nobody."""
        totals = self.of_column(np.nan_to_num(values)).tolist()
        rows = zip(self.means(values), totals, self.counts().tolist(), strict=True)
        return [None if mean is None else total / count for mean, total, count in rows]


def typical_of(seen: Seen, at: LensAt) -> list[dict[str, float]]:
    """What a typical customer of each segment does: medians, because a few large customers make a
    mean that nobody has; of shares, those of all their purchases together."""
    table = seen.moment.table
    purchases = seen.column("purchases")
    found: list[dict[str, float]] = []
    for code in range(len(at.segments)):
        there = at.published == code
        if not there.any():
            found.append({})
            continue
        weights = None if purchases is None else purchases[there]
        columns = {name: table.columns([name])[there, 0] for name in NEEDED if name in table.names}
        found.append({name: _typical(name, column, weights) for name, column in columns.items()})
    return found


def _typical(name: str, values: Floats, purchases: Floats | None) -> float:
    if not name.endswith("_ratio"):
        there = values[values > 0] if name in OF_SOME else values
        return float(np.median(there)) if len(there) else 0.0
    known = purchases is not None and float(purchases.sum()) > 0
    return float(np.average(values, weights=purchases if known else None))


def means_of(seen: Seen, at: LensAt) -> tuple[list[dict[str, float]], Mapping[str, float]]:
    """Segment by segment the mean of each feature, and those of everybody in a segment."""
    table, sums = seen.moment.table, Sums.of(at)
    counts = sums.counts()[:-1]
    found: list[dict[str, float]] = [{} for _ in at.segments]
    everybody: dict[str, float] = {}
    for place, name in enumerate(table.names):
        totals = sums.of_column(table.features[:, place])[:-1]
        for one, total, count in zip(found, totals.tolist(), counts.tolist(), strict=True):
            if count:
                one[name] = total / count
        if counts.sum():
            everybody[name] = float(totals.sum()) / int(counts.sum())
    return found, everybody
