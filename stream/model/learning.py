"""How centroids learn in the daily sweep: River's k-means with a small step, compiled.

Bit for bit what `river.cluster.KMeans` does when it is taught the same points in the same
order (`reference.py` holds it to that), a hundred times as fast.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled, inlined

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Hashes, Ints

COMPENSATED = sys.version_info >= (3, 12)
"""From Python 3.12 on `sum`, with which River adds its distances up, carries rounding errors."""

SQUARE = 2.0
"""What River raises differences to. Kernels are given it, because of a constant they would make a
multiplication, which rounds one square in a thousand otherwise than River's `pow`."""

NEARLY = 1e-9
SEED_MIX = np.uint64(0x1CAD21F72C81017C ^ 0xDB979083E96DD4DE)
PRIME = np.uint64(0x9FB21C651E98DF25)


def step_of(active: int, centroids: int, *, factor: float = 1.5, largest: float = 0.05) -> float:
    """How far a centroid goes toward a point: so far that in a day it forgets most of the last.

    Each of `k` centroids sees about N / k points a sweep and keeps (1 - step) ** (N / k) of where
    it was: e ** -1.5, or 22 %, whatever N is.

    >>> step_of(2_000, 4), step_of(10, 4)
    (0.003, 0.05)
    """
    return min(largest, factor * centroids / active) if active else 0.0


def order_of_day(customer_hashes: Hashes, day: int) -> Ints:
    """The order in which a day's points are learned: by the xxh3 of customer and day.

    Not by row, which depends on who came first to this worker; and another one every day, so that
    nobody always has the last word. `customer_hashes` are xxh3 of the ids, `day` counts from 1970.
    """
    keys = np.empty(len(customer_hashes), np.uint64)
    _hash(np.ascontiguousarray(customer_hashes, np.uint64), np.uint64(day), keys)
    return np.argsort(keys)


def learned(positions: Floats, points: Floats, order: Ints, step: float) -> Floats:
    """The centroids after they were taught the points in that order; the old ones stay."""
    after = np.array(positions, np.float64, order="C")
    learn(after, np.ascontiguousarray(points, np.float64), order, step, SQUARE)
    return after


@compiled
def learn(positions: Floats, points: Floats, order: Ints, step: float, power: float) -> None:
    """Each point moves the centroid that River finds nearest by a step toward it."""
    for row in order:
        nearest = river_nearest(positions, points[row], power)
        for axis in range(positions.shape[1]):
            here = positions[nearest, axis]
            positions[nearest, axis] = here + step * (points[row, axis] - here)


@inlined
def river_nearest(positions: Floats, point: Floats, power: float) -> int:
    """The centroid that River's `predict_one` names.

    Multiplying is ten times as fast as `pow`: only where two centroids are so nearly as far that
    rounding could matter are River's own sums made.
    """
    nearest = -1
    least = np.inf
    second = np.inf
    for centroid in range(len(positions)):
        total = 0.0
        for axis in range(len(point)):
            away = point[axis] - positions[centroid, axis]
            total += away * away
        if total < least:
            nearest, least, second = centroid, total, least
        elif total < second:
            second = total
    if second > least * (1.0 + NEARLY) and second > 1e-290:
        return nearest
    return _nearest_by_rivers_sums(positions, point, power)


@compiled
def _nearest_by_rivers_sums(positions: Floats, point: Floats, power: float) -> int:
    nearest = 0
    least = np.inf
    for centroid in range(len(positions)):
        total = rivers_sum(positions[centroid], point, power, COMPENSATED)
        if total < least:
            nearest, least = centroid, total
    return nearest


@inlined
def rivers_sum(centre: Floats, point: Floats, power: float, compensated: bool) -> float:
    """`sum(abs(c - x) ** p)` as Python does it.

    Since 3.12 `sum` is Neumaier's: the low parts that rounding loses are kept apart and added.
    """
    total = 0.0
    lost = 0.0
    for axis in range(len(point)):
        term = abs(centre[axis] - point[axis]) ** power
        added = total + term
        if abs(total) >= abs(term):
            lost += (total - added) + term
        else:
            lost += (term - added) + total
        total = added
    return total + lost if compensated else total


@compiled
def _hash(customers: Hashes, day: np.uint64, keys: Hashes) -> None:
    for row in range(len(customers)):
        keys[row] = xxh3_of_eight(customers[row], day)


@inlined
def xxh3_of_eight(value: np.uint64, seed: np.uint64) -> np.uint64:
    """`xxh3_64(value as 8 little-endian bytes, seed)`; for values of one seed all different."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    swapped = np.uint64(0)
    for byte in range(4):
        part = (seed >> np.uint64(8 * byte)) & np.uint64(0xFF)
        swapped |= part << np.uint64(8 * (3 - byte))
    seed = seed ^ (swapped << half)
    mixed = ((value >> half) | ((value & low) << half)) ^ (SEED_MIX - seed)
    mixed ^= _rotated(mixed, np.uint64(49)) ^ _rotated(mixed, np.uint64(24))
    mixed *= PRIME
    mixed ^= (mixed >> np.uint64(35)) + np.uint64(8)
    mixed *= PRIME
    return np.uint64(mixed ^ (mixed >> np.uint64(28)))


@inlined
def _rotated(value: np.uint64, bits: np.uint64) -> np.uint64:
    return np.uint64((value << bits) | (value >> (np.uint64(64) - bits)))
