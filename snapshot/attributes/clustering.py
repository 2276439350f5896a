"""Customers on their axes put into clusters, the largest first, by any clusterer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.choosing import LEAST, MOST, choose_k
from snapshot.clusterers import clusterer_of, nearest
from snapshot.clusterers.clusters import NOISE
from snapshot.clusterers.known import FINDS_K
from snapshot.measures import measures_of
from snapshot.outliers import are_outliers, outlier_scores
from stream.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snapshot.algorithms import Algorithm
    from snapshot.choosing import Choice
    from snapshot.clusterers import Clusters
    from snapshot.measures import Measures
    from stream.model.arrays import Floats, Ints

LEAST_PLACES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Clustered:
    """An entry a customer."""

    points: Floats
    centres: Floats
    labels: Ints
    """The place in `centres`; `NOISE` for who is in none."""

    confidence: Floats | None
    """As the clusterer says it; not a number for outliers."""

    variance: float
    """Around the centres, an axis; of those fitted on."""

    outlier_scores: Floats
    outliers: NDArray[np.bool_]
    """Whom the fit left out."""

    measures: Measures
    choice: Choice | None
    """None where nobody had to choose how many there are."""

    @property
    def stability(self) -> float | None:
        return self.choice.chosen.stability if self.choice else None

    @property
    def sizes(self) -> list[int]:
        there = self.labels[self.labels > NOISE]
        sizes: list[int] = np.bincount(there, minlength=len(self.centres)).tolist()
        return sizes


def clustered(points: Floats, algorithm: Algorithm, k: int | None, outliers: float) -> Clustered:
    """The fit leaves a share of outliers out; a clusterer that knows noise has to see them.

    Raises InputError where the points make no such clusters.
    """
    scores = outlier_scores(points)
    out = are_outliers(scores, 0.0 if algorithm.clusterer in FINDS_K else outliers)
    choice = _chosen(points[~out], algorithm, k)
    wanted = choice.k if choice else k
    found = clusterer_of(algorithm.clusterer, algorithm.parameters).fit(points[~out], wanted)
    centres, labels, confidence = _everybody(points, out, found, algorithm)
    return Clustered(
        points,
        centres,
        labels,
        confidence,
        found.squares / points[~out].size,
        scores,
        out,
        measures_of(points, labels, centres),
        choice,
    )


def _chosen(points: Floats, algorithm: Algorithm, k: int | None) -> Choice | None:
    if k is not None or algorithm.clusterer in FINDS_K:
        return None
    chooser = clusterer_of(algorithm.chosen_by, algorithm.chosen_with)
    places = len(np.unique(points, axis=0))
    if places <= LEAST_PLACES:
        raise InputError(
            f"the columns that are compared put {len(points):,} customers at only {places:,} "
            "different places: that makes no segments; give columns that say more"
        )
    return choose_k(points, chooser, min(LEAST, max(places - 1, 2)), MOST)


def _everybody(
    points: Floats, out: NDArray[np.bool_], found: Clusters, algorithm: Algorithm
) -> tuple[Floats, Ints, Floats | None]:
    """Who was left out of the fit goes where the nearest centre is; where clusters have shapes that
    centres can't say, they are noise."""
    if found.centres is None:
        raise InputError(
            f"{algorithm.clusterer} finds no dense crowd among these customers, so there is no "
            "segment: take --algorithm kmeans, or other columns"
        )
    labels = np.full(len(points), NOISE, np.int64)
    labels[~out] = found.labels
    if algorithm.clusterer not in FINDS_K:
        labels[out] = nearest(points[out], found.centres)
    confidence = None
    if found.confidence is not None:
        confidence = np.full(len(points), np.nan)
        confidence[~out] = found.confidence
    sizes = np.bincount(labels[labels > NOISE], minlength=len(found.centres))
    order = np.argsort(-sizes, kind="stable")
    ranks = np.append(np.argsort(order), NOISE)
    return found.centres[order], ranks[labels], confidence
