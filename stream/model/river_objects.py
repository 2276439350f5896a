"""River's KMeans made from centroids, and centroids taken back out of it.

So that what a task has learned can be carried on with River itself, and what River learned can
be put into a task. River is imported when it is first asked for: nothing else here needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.errors import FeatureError

if TYPE_CHECKING:
    from river.cluster import KMeans

    from stream.model.arrays import Floats


def to_river(positions: Floats, step: float) -> KMeans:
    """A `river.cluster.KMeans` that stands where the centroids stand and goes on with that step.

    Features have integer keys, their axes: River adds distances up over a set of keys, and only
    that of small integers has the same order in every process.
    """
    from river import cluster

    model = cluster.KMeans(n_clusters=len(positions), halflife=float(step), seed=0)
    for centroid, position in enumerate(positions.tolist()):
        model.centers[centroid].update(enumerate(position))
    return model


def from_river(model: KMeans) -> Floats:
    """The centroids of a KMeans that knows the same integer features in each of its centres."""
    centers = [model.centers[centroid] for centroid in sorted(model.centers)]
    axes = range(len(centers[0]))
    if not axes or any(set(center) != set(axes) for center in centers):
        raise FeatureError(
            "every centre should have the features 0, 1, 2 …, and all of them the same: "
            "River makes random coordinates up for features it has not seen"
        )
    positions = np.array([[center[axis] for axis in axes] for center in centers], np.float64)
    if not np.isfinite(positions).all():
        raise FeatureError("a centre has a coordinate that is NaN or infinite: one was learned")
    return positions


def as_river(point: Floats) -> dict[int, float]:
    """A point as River takes it."""
    return dict(enumerate(point.tolist()))
