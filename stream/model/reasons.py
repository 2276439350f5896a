"""Why customers moved: margin, confidence, and the features that did it, each with its share.

Which of two segments is nearer is the sign of the difference of the squared distances. That is a
sum over the axes and linear in the customer's point, so what changed in it is shared out among
the features exactly, with nothing left over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled, inlined
from stream.model.assignment import distance_to, margin_between, measure, nearest_of, posterior
from stream.model.space import project_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.model.arrays import Floats, Ints, LensArrays
    from stream.model.lens import Lens

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Explained:
    """A row a move; NaN says null."""

    margin: Floats
    confidence: Floats
    axes: Ints
    """The features that speak for the move, the strongest first; -1 where there are fewer."""

    shares: Floats
    """What each of them contributes."""

    changed: NDArray[np.bool_]
    """Whether it is what changed in them that moved the customer, or where he lies."""


def explain(
    lens: Lens, previous: Ints, current: Ints, before: Floats | None, after: Floats
) -> Explained:
    """Why these moves, by codes of the lens; rule segments are left null.

    `before` and `after` have the columns of `lens.needs`; a row of NaN is a newcomer.
    """
    count = len(current)
    found = Explained(
        np.empty(count),
        np.empty(count),
        np.empty((count, MOST_REASONS), np.int64),
        np.empty((count, MOST_REASONS)),
        np.zeros(count, np.bool_),
    )
    if before is None:
        before = np.full(after.shape, math.nan)
    row = _explain(
        lens.arrays,
        previous,
        current,
        np.ascontiguousarray(before, np.float64),
        np.ascontiguousarray(after, np.float64),
        found.margin,
        found.confidence,
        found.axes,
        found.shares,
        found.changed,
    )
    if row >= 0:
        lens.space.refuse(after[row])
    return found


@compiled
def _explain(
    lens: LensArrays,
    previous: Ints,
    current: Ints,
    before: Floats,
    after: Floats,
    margin: Floats,
    confidence: Floats,
    axes: Ints,
    shares: Floats,
    changed: NDArray[np.bool_],
) -> int:
    """Fills in what is said of each move; the first row that is refused, or -1."""
    segments, positions = lens.shapes.segments, lens.shapes.positions
    squared = np.empty(len(segments))
    was, now, parts = np.empty((3, positions.shape[1]))
    for row in range(len(current)):
        margin[row] = confidence[row] = math.nan
        axes[row], shares[row] = -1, 0.0
        if current[row] >= lens.knobs.learned:
            continue
        if project_row(lens.axes, after[row], now) >= 0:
            return row
        measure(positions, now, squared)
        confidence[row] = posterior(segments, squared, current[row], lens.knobs.variance)
        entered = nearest_of(segments, squared, current[row])
        left = nearest_of(segments, squared, previous[row])
        if left >= 0:
            near = math.sqrt(squared[entered])
            margin[row] = margin_between(distance_to(segments, squared, previous[row]), near)
        else:
            left = next_nearest(segments, squared, current[row])
        if left >= 0:
            known = project_row(lens.axes, before[row], was) < 0
            changed[row] = contributions(
                known, was, now, positions[left], positions[entered], parts
            )
            strongest(parts, axes[row], shares[row])
    return -1


@inlined
def next_nearest(segments: Ints, squared: Floats, segment: int) -> int:
    """The nearest centroid of any other segment, or -1."""
    found = -1
    for centroid in range(len(segments)):
        if segments[centroid] != segment and (found < 0 or squared[centroid] < squared[found]):
            found = centroid
    return found


@inlined
def contributions(
    known: bool, before: Floats, after: Floats, left: Floats, entered: Floats, parts: Floats
) -> bool:
    """Fills in each axis' share of the move, negative where it speaks against; they add to 1.

    Of what changed since the customer was last looked at; or, where he did not come nearer since
    (a newcomer, a guard that ran out, centroids that moved), of where he lies. All 0 where the
    centroids are equally far. Whether it is what changed.
    """
    total = 0.0
    if known:
        for axis in range(len(parts)):
            apart = 2.0 * (entered[axis] - left[axis])
            parts[axis] = apart * (after[axis] - before[axis])
            total += parts[axis]
    changed = total > 0.0
    if not changed:
        total = 0.0
        for axis in range(len(parts)):
            from_left = after[axis] - left[axis]
            from_entered = after[axis] - entered[axis]
            parts[axis] = from_left * from_left - from_entered * from_entered
            total += parts[axis]
    for axis in range(len(parts)):
        share = parts[axis] / total if total > 0.0 else 0.0
        parts[axis] = share if math.isfinite(share) else 0.0
    return changed


@inlined
def strongest(parts: Floats, axes: Ints, shares: Floats) -> None:
    """Fills in the axes with the largest shares above 0; of equals the first axis comes first."""
    for place in range(len(axes)):
        best = -1
        for axis in range(len(parts)):
            taken = False
            for earlier in range(place):
                taken = taken or axes[earlier] == axis
            if not taken and parts[axis] > 0.0 and (best < 0 or parts[axis] > parts[best]):
                best = axis
        axes[place] = best
        shares[place] = parts[best] if best >= 0 else 0.0
