"""Where a curve bends most: the elbow of squares over k, the knee of distances to neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.model.arrays import Floats


def elbow(values: Sequence[float] | Floats) -> int | None:
    """The place that is farthest from the straight line between the ends; None for a straight one.

    >>> elbow([100.0, 40.0, 15.0, 12.0, 10.0])
    2
    >>> elbow([3.0, 2.0, 1.0]), elbow([1.0])
    (None, None)
    """
    heights = np.asarray(values, np.float64)
    if len(heights) < 3 or not np.isfinite(heights).all():
        return None
    line = np.linspace(heights[0], heights[-1], len(heights))
    away = np.abs(heights - line)
    place = int(away.argmax())
    return place if away[place] > 1e-9 * np.abs(heights).max() else None
