"""Where in a stream midnights pass, so that quiet partitions and customers hear of them.

A sweep is what happens at midnight; a partition without a line that day would miss it, so
replay says it to all. Whoever is away for longer than a month catches up on the last 32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from stream.log.batch import Ints

DAY_MS = 24 * 60 * 60 * 1000
AHEAD_AT_MOST_MS = 10 * 60 * 1000
MIDNIGHTS_AT_MOST = 32
END_OF_REPLAY = 0  # comes before the midnights that a longer replay would have there


class PlacedTick(NamedTuple):
    """A tick in front of a line: which line of the batch, which tick there, its instant."""

    line: int
    number: int
    instant_ms: int


class Midnights:
    """Follows event time over batches of lines in order, up to `latest_ms`.

    >>> midnights = Midnights(latest_ms=10 * DAY_MS)
    >>> midnights.passed(np.array([0, 10]))
    []
    >>> midnights.passed(np.array([20, 2 * DAY_MS, 99 * DAY_MS]))  # doctest: +NORMALIZE_WHITESPACE
    [PlacedTick(line=1, number=1, instant_ms=86400000),
     PlacedTick(line=1, number=2, instant_ms=172800000)]
    >>> midnights.come_to_ms
    172800000
    """

    def __init__(self, latest_ms: int) -> None:
        self._latest_ms = latest_ms
        self.come_to_ms: int | None = None

    def passed(self, times: Ints) -> list[PlacedTick]:
        """The midnights (UTC) that these lines are the first at or after."""
        times = self._believed(times)
        if len(times) == 0:
            return []
        days = times // DAY_MS
        before = np.concatenate((days[:1], days[:-1]))
        if self.come_to_ms is not None:
            before[0] = self.come_to_ms // DAY_MS
        self.come_to_ms = int(times[-1])
        return [
            tick
            for line in np.flatnonzero(days > before).tolist()
            for tick in _leap(line, int(before[line]), int(days[line]))
        ]

    def _believed(self, times: Ints) -> Ints:
        """A line from the future or from before 1970 is a mistake, and moves no clock: one
        wrong year would send every customer to sleep."""
        return np.maximum(times[: np.searchsorted(times, self._latest_ms, side="right")], 0)


def _leap(line: int, before: int, day: int) -> list[PlacedTick]:
    first = max(before + 1, day - MIDNIGHTS_AT_MOST + 1)
    midnights = range(first, day + 1)
    return [PlacedTick(line, number, at * DAY_MS) for number, at in enumerate(midnights, 1)]
