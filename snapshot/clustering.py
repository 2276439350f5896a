"""k-means by scikit-learn, so that the same points give the same centroids, whoever fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import InputError

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

STARTS = 10
"""How often k-means++ begins anew; the best of these is taken."""

SEED = 0
SILHOUETTE_SAMPLE = 2_000
"""Customers whose silhouettes are measured: the work grows with the square."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What a fit found."""

    centres: Floats
    labels: Ints
    squares: float
    """The sum of the squared distances to the nearest centre."""


def kmeans(points: Floats, k: int) -> Clusters:
    """The best of several starts. One thread: sums of several come in another order each time."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    _require_places(points, k)
    with threadpool_limits(limits=1):
        fitted = KMeans(n_clusters=k, init="k-means++", n_init=STARTS, random_state=SEED)
        fitted.fit(points)
    return Clusters(
        fitted.cluster_centers_, fitted.labels_.astype(np.int64), float(fitted.inertia_)
    )


def silhouette(points: Floats, labels: Ints) -> float | None:
    """How well separated the clusters are, on a sample; None where it shows fewer than two."""
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    rows = np.arange(len(points))
    if len(rows) > SILHOUETTE_SAMPLE:
        rows = np.random.default_rng(SEED).choice(rows, SILHOUETTE_SAMPLE, replace=False)
    if not 1 < len(np.unique(labels[rows])) < len(rows):
        return None
    with threadpool_limits(limits=1):
        return float(silhouette_score(points[rows], labels[rows]))


def _require_places(points: Floats, k: int) -> None:
    """More customers than segments, and not on so few places that every segment is a point."""
    places = len(np.unique(points, axis=0))
    if places <= k:
        raise InputError(
            f"{len(points):,} active customers lie at only {places:,} different places, which "
            f"makes no {k} segments: take a smaller --k"
        )
