"""When something happened, as the source says it: not yet an instant.

One struct for every way to write a time down; `clock` makes instants of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_OFFSET = np.int32(2**31 - 1)  # the value didn't say how far its clock is ahead of UTC


@dataclass(frozen=True, slots=True)
class Moments:
    """One for each row. `wall_ms` is what the clock on the wall showed, as if it were UTC.

    `missing`: nothing there; `wrong`: something that is no time. For both the rest means
    nothing. `is_timed`: there was a time of day.
    """

    wall_ms: NDArray[np.int64]
    offset_minutes: NDArray[np.int32]
    is_timed: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    wrong: NDArray[np.bool_]

    def take(self, indices: NDArray[np.int64]) -> Moments:
        return Moments(
            self.wall_ms[indices],
            self.offset_minutes[indices],
            self.is_timed[indices],
            self.missing[indices],
            self.wrong[indices],
        )

    def or_else(self, other: Moments) -> Moments:
        """`other` where this one is wrong."""
        return Moments(
            np.where(self.wrong, other.wall_ms, self.wall_ms),
            np.where(self.wrong, other.offset_minutes, self.offset_minutes),
            np.where(self.wrong, other.is_timed, self.is_timed),
            self.missing,
            self.wrong & other.wrong,
        )


def moments(
    wall_ms: NDArray[np.int64],
    *,
    missing: NDArray[np.bool_],
    wrong: NDArray[np.bool_] | None = None,
    is_timed: NDArray[np.bool_] | None = None,
    offset_minutes: NDArray[np.int32] | None = None,
) -> Moments:
    """What isn't said: nothing is wrong, everything has a time of day, nothing an offset."""
    rows = len(wall_ms)
    return Moments(
        wall_ms,
        np.full(rows, NO_OFFSET) if offset_minutes is None else offset_minutes,
        np.ones(rows, dtype=bool) if is_timed is None else is_timed,
        missing,
        np.zeros(rows, dtype=bool) if wrong is None else wrong & ~missing,
    )
