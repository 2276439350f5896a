"""How good a clustering is, by measures that need no truth. Whoever is noise is left out.

None of them chooses: the best silhouette on unlogged money is one giant cluster and a few whales.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.clusterers.clusters import NOISE, squares_of
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.sampling import sampled_rows
from snapshot.silhouette import mean_silhouette

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

SILHOUETTE_SAMPLE = 2_000
"""Customers whose silhouettes are measured: the work grows with the square."""


@dataclass(frozen=True, slots=True)
class Measures:
    """None where there are fewer than two clusters, or every point is one."""

    inertia: float
    """The mean squared distance to the centre of the own cluster."""

    silhouette: float | None
    """From −1 to 1: how much nearer the own cluster is than the next one; on a sample of
    `SILHOUETTE_SAMPLE`."""

    davies_bouldin: float | None
    """From 0 on, less is better: how wide clusters are against how far apart, at their worst."""

    calinski_harabasz: float | None
    """From 0 on, more is better: the variance between clusters against that within, per degree
    of freedom."""

    smallest_share: float
    """The smallest cluster's part of all points, noise among these."""


def measures_of(points: Floats, labels: Ints, centres: Floats) -> Measures:
    """The measures of one clustering."""
    within = labels > NOISE
    inside, ours = points[within], labels[within]
    counts = np.bincount(ours, minlength=len(centres))
    return Measures(
        inertia=squares_of(points, labels, centres) / max(len(inside), 1),
        silhouette=silhouette(inside, ours),
        davies_bouldin=_davies_bouldin(inside, ours),
        calinski_harabasz=_calinski_harabasz(inside, ours),
        smallest_share=float(counts.min(initial=len(points))) / max(len(points), 1),
    )


def silhouette(points: Floats, labels: Ints) -> float | None:
    """How well separated the clusters are, on a sample; None where it shows fewer than two."""
    rows = sampled_rows(len(points), SILHOUETTE_SAMPLE)
    if not _comparable(labels[rows]):
        return None
    return mean_silhouette(points[rows], labels[rows])


def _davies_bouldin(points: Floats, labels: Ints) -> float | None:
    from sklearn.metrics import davies_bouldin_score

    with one_thread():
        return float(davies_bouldin_score(points, labels)) if _comparable(labels) else None


def _calinski_harabasz(points: Floats, labels: Ints) -> float | None:
    from sklearn.metrics import calinski_harabasz_score

    with one_thread():
        return float(calinski_harabasz_score(points, labels)) if _comparable(labels) else None


def _comparable(labels: Ints) -> bool:
    return 1 < len(np.unique(labels)) < len(labels)
