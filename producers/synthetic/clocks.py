"""The shoppers' clocks: local days and hours to instants, and instants to offsets.

Time zones change their offset at quarters of an hour, so a day needs at most a few hundred
look-ups for any number of orders.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from producers.synthetic.rows import Integers

QUARTER_S = 900
DAY_S = 86_400


class Clocks:
    """The zones by number; a customer's zone is such a number."""

    def __init__(self, zones: list[str], start: date) -> None:
        self._zones = [ZoneInfo(zone) for zone in zones]
        self._start = start

    def date_of(self, day: int) -> date:
        return self._start + timedelta(days=day)

    def first_instant(self, day: int) -> int:
        """No shopper's clock reaches this day before this second."""
        return min(self._instants(zone, day)[0] for zone in range(len(self._zones)))

    def last_instant(self, day: int) -> int:
        """Every shopper's clock has reached this day by this second."""
        return max(self._instants(zone, day)[0] for zone in range(len(self._zones)))

    def instants(
        self, day: int, zone: npt.NDArray[np.integer], second_of_day: Integers
    ) -> tuple[Integers, Integers]:
        """Seconds since 1970 of these local times, and the minutes the local clock is ahead."""
        occurred_s = np.empty(len(zone), dtype=np.int64)
        offset_minutes = np.empty(len(zone), dtype=np.int64)
        for number in np.unique(zone):
            here = zone == number
            starts = np.array(self._instants(int(number), day), dtype=np.int64)
            local = second_of_day[here]
            occurred_s[here] = starts[local // QUARTER_S] + local % QUARTER_S
            offset_minutes[here] = self.offsets(int(number), occurred_s[here])
        return occurred_s, offset_minutes

    def offsets(self, zone: int, instant_s: Integers) -> Integers:
        """Minutes the zone's clock is ahead of UTC at these instants."""
        quarters, back = np.unique(instant_s // QUARTER_S, return_inverse=True)
        ahead = [self._offset_minutes(zone, int(quarter) * QUARTER_S) for quarter in quarters]
        return np.array(ahead, dtype=np.int64)[back]

    def _offset_minutes(self, zone: int, instant_s: int) -> int:
        ahead = datetime.fromtimestamp(instant_s, UTC).astimezone(self._zones[zone]).utcoffset()
        return round(ahead / timedelta(minutes=1)) if ahead else 0

    def _instants(self, zone: int, day: int) -> list[int]:
        """The instant of every local quarter hour; one the clock leaps over moves on by the leap.

        A day whose clock does not leap is its midnight and equal steps.
        """
        midnight = self._instant(zone, self.date_of(day), time(0))
        if self._instant(zone, self.date_of(day + 1), time(0)) - midnight == DAY_S:
            return list(range(midnight, midnight + DAY_S, QUARTER_S))
        quarters = [divmod(quarter * 15, 60) for quarter in range(96)]
        return [self._instant(zone, self.date_of(day), time(hour, m)) for hour, m in quarters]

    def _instant(self, zone: int, on: date, at: time) -> int:
        return int(datetime.combine(on, at, self._zones[zone]).timestamp())
