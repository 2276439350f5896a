"""What a clusterer is asked and what it answers.

Apart from the clusterers so that what works on clusters needs none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from stream.errors import InputError
from stream.model.arrays import Shapes
from stream.model.assignment import assign

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

NOISE = -1
"""The label of who is in no cluster."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What a fit found."""

    centres: Floats | None
    """A row a cluster; None where it found no cluster at all."""

    labels: Ints
    """For each point the row of its cluster in `centres`, or `NOISE`."""

    squares: float
    """The sum of the squared distances to the centres of their clusters, noise left out."""

    confidence: Floats | None = None
    """How sure the clusterer is of each point, from 0 to 1, where it says so."""


class Clusterer(Protocol):
    """Finds clusters among points, a row each.

    `k` is how many are wanted; clusterers that find the number themselves leave it aside, the
    others need it, or `start`. `start` are centres to begin with, a row a cluster; those that
    have no use for it leave it aside. The same arguments give the same bits. No cluster is empty.
    Raises InputError where the points can't make as many clusters.
    """

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters: ...


def as_on_the_stream(points: Floats, clusters: Clusters) -> Clusters:
    """Everybody in the cluster whose centre is nearest, as tasks assign: noise too.

    Centres that are nearest to nobody are gone then. Raises InputError where there is no centre.
    """
    if clusters.centres is None:
        raise InputError(
            "the clusterer calls every customer noise, so there is no centre to assign by: "
            'loosen its parameters, or take clusterer = "kmeans"'
        )
    return around(points, clusters.centres)


def around(points: Floats, centres: Floats) -> Clusters:
    """The clusters of these centres; one that is nearest to nobody is left out."""
    kept, labels = np.unique(nearest(points, centres), return_inverse=True)
    return Clusters(
        centres[kept], labels.astype(np.int64), squares_of(points, labels, centres[kept])
    )


def nearest(points: Floats, centres: Floats) -> Ints:
    """For each point the row of its nearest centre, to the bit as tasks find it."""
    shapes = Shapes(np.ascontiguousarray(centres), np.arange(len(centres), dtype=np.int64))
    return assign(shapes, points, 1.0).centroid


def clusters_of(points: Floats, labels: Ints, confidence: Floats | None = None) -> Clusters:
    """The clusters of these labels, numbered from 0 on without a gap, with their means."""
    numbered = _without_gaps(labels)
    centres = centres_of(points, numbered)
    squares = 0.0 if centres is None else squares_of(points, numbered, centres)
    return Clusters(centres, numbered, squares, confidence)


def centres_of(points: Floats, labels: Ints) -> Floats | None:
    """The mean of each cluster; None where everybody is noise.

    >>> centres_of(np.array([[0.0], [2.0], [7.0], [99.0]]), np.array([0, 0, 1, -1])).tolist()
    [[1.0], [7.0]]
    """
    if not (labels > NOISE).any():
        return None
    counts = np.bincount(labels + 1)[1:]
    sums = np.stack([np.bincount(labels + 1, weights=axis)[1:] for axis in points.T], axis=1)
    means: Floats = sums / np.maximum(counts, 1)[:, None]
    return means


def squares_of(points: Floats, labels: Ints, centres: Floats) -> float:
    """The sum of the squared distances of all but noise to the centres of their clusters."""
    within = labels > NOISE
    return float(((points[within] - centres[labels[within]]) ** 2).sum())


def _without_gaps(labels: Ints) -> Ints:
    """
    >>> _without_gaps(np.array([3, -1, 5, 3])).tolist()
    [0, -1, 1, 0]
    """
    kept, places = np.unique(labels, return_inverse=True)
    noise = int(bool(len(kept)) and kept[0] == NOISE)
    return places.astype(np.int64) - noise
