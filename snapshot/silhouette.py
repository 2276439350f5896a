"""Silhouettes in a compiled loop: how much nearer each point's own cluster is than the next one.

Apart because it is the one measure that looks at every pair; without a table of distances it takes
a quarter of scikit-learn's time, and it is taken at every snapshot.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints


def mean_silhouette(points: Floats, labels: Ints) -> float:
    """The mean over all points, from −1 to 1, of at least two clusters; a point that is a cluster
    of its own counts as 0."""
    _, places = np.unique(labels, return_inverse=True)
    sizes = np.bincount(places)
    sums = np.zeros((len(points), len(sizes)))
    _sum_distances(np.ascontiguousarray(points), places, sums)
    rows = np.arange(len(points))
    own = sizes[places] - 1
    within = sums[rows, places] / np.maximum(own, 1)
    means = sums / sizes
    means[rows, places] = np.inf
    next_one = means.min(axis=1)
    widest = np.maximum(np.maximum(within, next_one), np.finfo(np.float64).tiny)
    return float(np.where(own > 0, (next_one - within) / widest, 0.0).mean())


@compiled
def _sum_distances(points: Floats, places: Ints, sums: Floats) -> None:
    """Of each point to all others, cluster by cluster."""
    for one in range(len(points)):
        for other in range(one):
            squared = 0.0
            for axis in range(points.shape[1]):
                away = points[one, axis] - points[other, axis]
                squared += away * away
            distance = math.sqrt(squared)
            sums[one, places[other]] += distance
            sums[other, places[one]] += distance
