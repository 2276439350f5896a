"""When customers buy: purchases counted by the shopper's own clock, working days and weekends.

Counts only, so that they can be taken off again when somebody is forgotten.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.profile.calendar import is_weekend
from stream.times import HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from insights.arrays import Ints

HOURS = 24
UNKNOWN = HOURS
"""The slot of a day for purchases of which only the day is known."""

SLOTS = HOURS + 1


@dataclass(frozen=True, slots=True)
class Hours:
    """Purchase lines by the hour of the shopper's clock."""

    workdays: tuple[int, ...]
    weekends: tuple[int, ...]
    days: tuple[int, int]
    """How many working days and weekend days they lie on."""

    unknown: int
    """Purchases of which only the day is known."""

    @property
    def purchases(self) -> int:
        return sum(self.workdays) + sum(self.weekends)

    @property
    def together(self) -> tuple[int, ...]:
        """On all days."""
        return tuple(sum(pair) for pair in zip(self.workdays, self.weekends, strict=True))


def slots_of(at_ms: Ints, offset_minutes: Ints, time_known: NDArray[np.bool_]) -> Counter[int]:
    """How many lie in each hour of each day: a place is the day since 1970 times `SLOTS`, and the
    hour, or `UNKNOWN`.

    >>> sorted(slots_of(np.array([0, 0]), np.array([60, -60]), np.array([True, False])))
    [-1, 1]
    """
    hours = (at_ms + offset_minutes.astype(np.int64) * MINUTE_MS) // HOUR_MS
    places = hours // HOURS * SLOTS + np.where(time_known, hours % HOURS, UNKNOWN)
    found, counts = np.unique(places, return_counts=True)
    return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))


def hours_of(slots: Mapping[int, int]) -> Hours:
    """The same by the hour, over all days; a slot with nothing left in it is none.

    >>> hours_of({1: 3, SLOTS * 2 + 23: 1}).days
    (1, 1)
    """
    counts = ([0] * SLOTS, [0] * SLOTS)
    days: tuple[set[int], set[int]] = (set(), set())
    for place, count in slots.items():
        day, hour = divmod(place, SLOTS)
        if count > 0:
            at_weekend = bool(is_weekend(day))
            counts[at_weekend][hour] += count
            days[at_weekend].add(day)
    workdays, weekends = (tuple(each[:HOURS]) for each in counts)
    unknown = counts[0][UNKNOWN] + counts[1][UNKNOWN]
    return Hours(workdays, weekends, (len(days[0]), len(days[1])), unknown)
