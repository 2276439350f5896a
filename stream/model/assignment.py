"""Which centroid is nearest, how far the others are, and how sure that is.

One kernel looks at one customer; the vectorised function is that kernel in a loop, so that
both give the same bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled, inlined

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints, Shapes

LARGEST_MARGIN = 1e6
"""A customer who sits on a centroid is infinitely nearer to it; a message can't say infinite."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Of each point: its nearest centroid, that one's segment, and the distance to each."""

    centroid: Ints
    segment: Ints
    distances: Floats
    confidence: Floats


def assign(shapes: Shapes, points: Floats, variance: float) -> Assignment:
    """Everybody's nearest segment. Transition rules are not asked."""
    count, centroids = len(points), len(shapes.segments)
    nearest = np.empty(count, np.int64)
    squared = np.empty((count, centroids))
    confidence = np.empty(count)
    _assign(shapes, np.ascontiguousarray(points), variance, nearest, squared, confidence)
    return Assignment(nearest, shapes.segments[nearest], np.sqrt(squared), confidence)


@compiled
def _assign(
    shapes: Shapes,
    points: Floats,
    variance: float,
    nearest: Ints,
    squared: Floats,
    confidence: Floats,
) -> None:
    for row in range(len(points)):
        centroid = measure(shapes.positions, points[row], squared[row])
        nearest[row] = centroid
        segment = shapes.segments[centroid]
        confidence[row] = posterior(shapes.segments, squared[row], segment, variance)


@inlined
def measure(positions: Floats, point: Floats, squared: Floats) -> int:
    """Fills the squared distance to each centroid; returns the nearest, of equals the first."""
    nearest = 0
    for centroid in range(len(positions)):
        total = 0.0
        for axis in range(len(point)):
            away = point[axis] - positions[centroid, axis]
            total += away * away
        squared[centroid] = total
        if total < squared[nearest]:
            nearest = centroid
    return nearest


@inlined
def nearest_of(segments: Ints, squared: Floats, segment: int) -> int:
    """A segment's centroid that is nearest, or -1 where it has none."""
    found = -1
    for centroid in range(len(segments)):
        if segments[centroid] == segment and (found < 0 or squared[centroid] < squared[found]):
            found = centroid
    return found


@inlined
def distance_to(segments: Ints, squared: Floats, segment: int) -> float:
    """The distance to a segment's nearest centroid; infinite where it has none."""
    centroid = nearest_of(segments, squared, segment)
    return math.sqrt(squared[centroid]) if centroid >= 0 else math.inf


@inlined
def posterior(segments: Ints, squared: Floats, segment: int, variance: float) -> float:
    """How likely a segment is: equal spherical Gaussians around the centroids, no priors."""
    least = squared[0]
    for centroid in range(1, len(squared)):
        least = min(least, squared[centroid])
    total = 0.0
    own = 0.0
    for centroid in range(len(squared)):
        weight = math.exp((least - squared[centroid]) / (2.0 * variance))
        total += weight
        if segments[centroid] == segment:
            own += weight
    return own / total


@inlined
def margin_between(previous: float, current: float) -> float:
    """By how much nearer the current segment is: the ratio of the distances, less one."""
    if previous <= current * (1.0 + LARGEST_MARGIN):
        return previous / current - 1.0 if current > 0.0 else 0.0
    return LARGEST_MARGIN
