"""How far a point is from each learned segment, for whoever tells people where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.model.arrays import Floats, Ints


def distances_by_segment(segments: Ints, squared: Floats) -> dict[int, float]:
    """The distance to each segment's nearest centroid, the nearest segment first.

    >>> distances_by_segment(np.array([1, 0, 1]), np.array([9.0, 4.0, 1.0]))
    {1: 1.0, 0: 2.0}
    """
    distances: dict[int, float] = {}
    for code, away in zip(segments.tolist(), np.sqrt(squared).tolist(), strict=True):
        distances[code] = min(away, distances.get(code, away))
    return dict(sorted(distances.items(), key=lambda one: one[1]))


def margin_among(distances: Mapping[int, float], own: int) -> float | None:
    """How much farther the nearest other segment is; None for who is in no learned segment.

    >>> margin_among({0: 2.0, 1: 3.0, 2: 9.0}, 0), margin_among({0: 2.0}, 0)
    (0.5, None)
    """
    away = distances.get(own)
    others = [other for code, other in distances.items() if code != own]
    return min(others) / away - 1.0 if others and away else None
