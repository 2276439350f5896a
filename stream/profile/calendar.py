"""The shopper's own clock: day, hour, weekend and month of an instant with its offset."""

from __future__ import annotations

from stream.borrowing import inlined
from stream.times import DAY_MS, HOUR_MS, MINUTE_MS

NIGHT_BEGINS, NIGHT_ENDS = 22, 6


@inlined
def local_day(at_ms: int, offset_minutes: int) -> int:
    """Days since 1970 on a clock so many minutes ahead of UTC."""
    return (at_ms + offset_minutes * MINUTE_MS) // DAY_MS


@inlined
def is_night(at_ms: int, offset_minutes: int) -> bool:
    """From 22 to 6 o'clock.

    >>> [is_night(hour * HOUR_MS, 0) for hour in (5, 6, 21, 22)]
    [True, False, False, True]
    """
    hour = (at_ms + offset_minutes * MINUTE_MS) // HOUR_MS % 24
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


@inlined
def is_weekend(day: int) -> bool:
    """Saturday or Sunday; day 0 was a Thursday.

    >>> [is_weekend(day) for day in (1, 2, 3, 4)]
    [False, True, True, False]
    """
    return (day + 3) % 7 >= 5


@inlined
def month_of(day: int) -> int:
    """From 1 to 12, by counting the days of a year that begins with March.

    >>> [month_of(day) for day in (0, 31, 58, 59, 364, -1)]
    [1, 2, 2, 3, 12, 12]
    """
    day_of_era = (day + 719_468) % 146_097
    year = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    return (((5 * day_of_year + 2) // 153) + 2) % 12 + 1
