"""One customer, looked at: the rules, the point, the nearest centroid, the transition rule.

The kernel for orders; sweeps and refits are made of the same parts, so that the same customer at
the same instant gets the same segment on each of these ways.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stream.compiled import inlined
from stream.model.arrays import NONE, REFUSED, LensArrays
from stream.model.assignment import distance_to, measure
from stream.model.rules import rule_segment
from stream.model.space import project_row
from stream.model.transition import moves

if TYPE_CHECKING:
    from stream.model.arrays import Floats


@inlined
def look(
    lens: LensArrays,
    features: Floats,
    last_purchase_ms: int,
    segment: int,
    left: int,
    left_ms: int,
    at_ms: int,
    bypass: bool,
    point: Floats,
    squared: Floats,
) -> int:
    """The code of the segment that a customer is in from now on, or `REFUSED`.

    `point` (an entry an axis) and `squared` (an entry a centroid) are room to work in; where no
    rule holds they have the customer's point and squared distances afterwards.
    """
    ruled = rule_segment(lens.rules, features, last_purchase_ms, at_ms)
    if ruled != NONE:
        return ruled
    if project_row(lens.axes, features, point) >= 0:
        return REFUSED
    return look_from(lens, point, segment, left, left_ms, at_ms, bypass, squared)


@inlined
def look_from(
    lens: LensArrays,
    point: Floats,
    segment: int,
    left: int,
    left_ms: int,
    at_ms: int,
    bypass: bool,
    squared: Floats,
) -> int:
    """The same of a customer for whom no rule holds, from the point."""
    centroid = measure(lens.shapes.positions, point, squared)
    nearest = int(lens.shapes.segments[centroid])
    if moves(
        segment,
        left,
        left_ms,
        nearest,
        distance_to(lens.shapes.segments, squared, segment),
        math.sqrt(squared[centroid]),
        at_ms,
        bypass,
        lens.knobs.learned,
        lens.knobs.margin,
        lens.knobs.guard_ms,
    ):
        return nearest
    return segment
