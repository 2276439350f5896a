"""Running centroids beside the batch's, and beside each other from partition to partition.

Gauges: none of them was seen to find a planted drift without crying wolf.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from snapshot.carrying import in_space_of
from snapshot.drift.standpoints import frozen_centroids, running_centroids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.batch_fit import BatchFit
    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats


def mean_running(moment: Moment, lens: LensAt, running: LensModel) -> dict[str, Floats]:
    """Each segment's running centroids averaged over partitions, customers counting alike."""
    sums: dict[str, Floats] = {}
    weights: dict[str, float] = {}
    counts = np.bincount(moment.partition, minlength=1)
    for partition in np.flatnonzero(counts).tolist():
        positions, segments = running_centroids(lens, partition, running)
        for segment, position in zip(segments, positions, strict=True):
            weight = float(counts[partition])
            sums[segment] = sums.get(segment, np.zeros(len(position))) + weight * position
            weights[segment] = weights.get(segment, 0.0) + weight
    return {segment: total / weights[segment] for segment, total in sums.items()}


def centroid_distances(
    means: Mapping[str, Floats], running: LensModel, fit: BatchFit
) -> dict[str, float]:
    """For each segment of both how far the running centroid lies from the batch's, in its space."""
    if not means:
        return {}
    moved = in_space_of(np.array(list(means.values())), running, fit.lens)
    if moved is None:
        return {}
    there = dict(zip(means, moved, strict=True))
    return {
        centroid.segment.id: float(
            np.linalg.norm(there[centroid.segment.id] - np.array(centroid.position))
        )
        for centroid in fit.lens.centroids
        if centroid.segment.id in there
    }


def inertia_ratio(moment: Moment, lens: LensAt, running: LensModel, fit: BatchFit) -> float | None:
    """The mean squared distance to the nearest running centroid by that to the batch's."""
    kept = ~fit.outliers
    batch, _ = frozen_centroids(fit.lens)
    least = _squares(fit.points[kept], batch)
    partition, total = moment.partition[fit.active][kept], 0.0
    for number in np.unique(partition).tolist():
        there, _ = running_centroids(lens, number, running)
        positions = in_space_of(there, running, fit.lens)
        if positions is None:
            return None
        total += _squares(fit.points[kept][partition == number], positions)
    return total / least if least > 0.0 else None


def partition_spread(lens: LensAt) -> float | None:
    """The largest distance between two partitions' centroids of one segment."""
    distances = [
        float(np.linalg.norm(one.positions[here] - other.positions[there]))
        for one, other in combinations(lens.running, 2)
        for here, segment in enumerate(one.segments)
        for there, same in enumerate(other.segments)
        if segment == same
    ]
    return max(distances, default=None)


def _squares(points: Floats, positions: Floats) -> float:
    """The sum of squared distances to the nearest, one centroid at a time to bound memory."""
    least = np.full(len(points), np.inf)
    for position in positions:
        np.minimum(least, ((points - position) ** 2).sum(axis=1), out=least)
    return float(least.sum())
