"""How often a snapshot is taken: by the clock, or in event time, at midnights.

Midnights are counted from 1970, so that the job, a replay in lockstep with it and a backtest mean
the same ones wherever a source begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stream.errors import SettingsError
from stream.times import DAY_MS

MOST_DAYS = 366
CLOCK_SECONDS = {"s": 1, "m": 60, "h": 3600}
EVENT_DAYS = {"d": 1, "w": 7}

_EVERY = re.compile(r"([1-9][0-9]{0,5})([smhdw])")


@dataclass(frozen=True, slots=True)
class ClockCadence:
    """Every so many seconds of the clock."""

    seconds: int


@dataclass(frozen=True, slots=True)
class EventCadence:
    """Every so many days of event time.

    >>> [EventCadence(7).is_due(day * DAY_MS) for day in (6, 7, 8, 14)]
    [False, True, False, True]
    """

    days: int

    @property
    def every_ms(self) -> int:
        return self.days * DAY_MS

    def is_due(self, midnight_ms: int) -> bool:
        return midnight_ms % self.every_ms == 0

    def last_due(self, at_ms: int) -> int:
        """The last of its midnights at or before an instant.

        >>> EventCadence(7).last_due(13 * DAY_MS) // DAY_MS
        7
        """
        return at_ms - at_ms % self.every_ms


def parse_cadence(text: str, option: str = "--every") -> ClockCadence | EventCadence:
    """From the words of the command line: the unit says whose time it is.

    >>> parse_cadence("15m"), parse_cadence("7d"), parse_cadence("2w")
    (ClockCadence(seconds=900), EventCadence(days=7), EventCadence(days=14))
    """
    found = _EVERY.fullmatch(text)
    if found is None:
        raise SettingsError(
            f"{option} {text} is no cadence: write it like 15m or 2h (by the clock), or 7d or 1w "
            "(in event time)"
        )
    number, unit = int(found[1]), found[2]
    if unit in CLOCK_SECONDS:
        return ClockCadence(number * CLOCK_SECONDS[unit])
    days = number * EVENT_DAYS[unit]
    if days > MOST_DAYS:
        raise SettingsError(f"{option} {text} is more than {MOST_DAYS} days: say at most that")
    return EventCadence(days)
