"""What the kernels take: a lens as nothing but arrays and numbers, and the codes they speak in.

Apart so that every kernel, and the task's own, can take the same tuples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stream.times import DAY_MS as DAY_MS  # noqa: PLC0414 - some still take it from here
from stream.times import NEVER as NEVER  # noqa: PLC0414 - and this

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

NONE = -1
"""The code of no segment: the customer was never assigned."""
GONE = -2
"""The code of a segment that the present model doesn't have any more."""
REFUSED = -3
"""Instead of a code: a feature is no finite number."""

IDENTITY, LOG1P, ARCSINE_SQRT = 0, 1, 2
DORMANT, NO_NET_SPEND = 0, 1


class Axes(NamedTuple):
    """How features become a point; axis `i` reads column `i` of the features, and each array has
    an entry an axis."""

    transform: Ints
    unit: Floats
    centre: Floats
    scale: Floats
    toward: Floats
    weight: Floats
    orders_column: Ints
    """The column of the orders that the axis' share is a share of; -1 where nothing is shrunk."""


class Shapes(NamedTuple):
    """The centroids; the only part of a lens that moves between versions."""

    positions: Floats
    """One row a centroid, one column an axis."""

    segments: Ints
    """The code of the segment that each centroid stands for."""


class Rules(NamedTuple):
    """The rule segments, in the order in which they are asked."""

    kind: Ints
    after_ms: Ints
    segment: Ints
    spend_column: int


class Knobs(NamedTuple):
    """The numbers of the transition rule and of confidence."""

    learned: int
    """Codes below this are learned segments, codes from here on rule segments."""

    margin: float
    guard_ms: int
    variance: float


class LensArrays(NamedTuple):
    """A lens, ready for kernels."""

    axes: Axes
    shapes: Shapes
    rules: Rules
    knobs: Knobs


class Standings(NamedTuple):
    """Where customers stand in a lens, one entry a customer. All of it belongs in the block."""

    segment: Ints
    """The code of the customer's segment, or `NONE`."""

    left: Ints
    """The code of the segment just left, or `NONE`."""

    left_ms: Ints
    """When it was left."""
