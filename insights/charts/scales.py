"""From values to places on paper, and the round numbers that axes name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST, SMALLEST = 1e100, 1e-100
ROUND_HOURS = (1, 2, 3, 6, 12, 24)
ROUND_DAYS = (1, 2, 7, 14, 28, 91, 182, 364)


class Format(Enum):
    """How an axis' values are written."""

    NUMBER = "number"
    PERCENT = "percent"
    """A share: 0.2 is 20 %."""

    POWER = "power"
    """A logarithm to the base 10, written as the number it is of: 3.0 is 1,000."""

    DATE = "date"
    """Milliseconds since 1970, in UTC."""

    HOUR = "hour"
    """Of the day, on somebody's clock."""

    def of(self, value: float) -> str:
        """
        >>> Format.NUMBER.of(1200.0), Format.PERCENT.of(0.125), Format.DATE.of(0)
        ('1,200', '12.5 %', '1970-01-01')
        >>> Format.POWER.of(3.0), Format.POWER.of(-1.0), Format.HOUR.of(9)
        ('1,000', '0.1', '9:00')
        """
        if not is_drawn(value):
            return "–"
        if self is Format.DATE:
            return _date(value)
        if self is Format.HOUR:
            return f"{_plain(value, 0)}:00"
        if self is Format.POWER:
            return _plain(10.0**value, 0 if value >= 2 else 2) if abs(value) <= 15 else "–"
        if self is Format.PERCENT:
            return f"{_plain(value * 100, 1)} %"
        return _plain(value, 0 if abs(value) >= 100 else 2)


WHOLE = {Format.DATE: float(DAY_MS), Format.HOUR: 1.0}
"""What these are told apart by: between two of them there is nothing to write at an axis."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear, from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """
        >>> Scale(0, 10, 100, 200)(2.5)
        125.0
        """
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def span_of(
    values: Iterable[float], *, zero: bool = False, form: Format = Format.NUMBER
) -> tuple[float, float]:
    """From the least to the most finite value, never of no width; of dates at least two days, of
    hours two.

    >>> span_of([3.0, float("nan")]), span_of([1.0, 4.0], zero=True), span_of([])
    ((2.0, 4.0), (0.0, 4.0), (0.0, 1.0))
    >>> span_of([8.0, 9.0], form=Format.HOUR)
    (7.0, 10.0)
    """
    there = [value for value in values if is_drawn(value)] + ([0.0] if zero else [])
    if not there or (zero and not any(there)):
        return 0.0, 1.0
    low, high = min(there), max(there)
    if form in WHOLE:
        around = 0.0 if high - low >= 2 * WHOLE[form] else WHOLE[form]
        return low - around, high + around
    largest = max(abs(low), abs(high))
    if high - low > max(largest * 1e-9, SMALLEST):
        return low, high
    around = largest / 3 if largest > SMALLEST else 1.0
    return low - around, high + around


def is_drawn(value: float) -> bool:
    """Whether it has a place: numbers beyond all that is measured have none, as no numbers have.

    >>> is_drawn(-3.0), is_drawn(float("nan")), is_drawn(1e200)
    (True, False, False)
    """
    return abs(value) <= LARGEST


def ticks(low: float, high: float, most: int = 5, form: Format = Format.NUMBER) -> list[float]:
    """Round values within the span.

    >>> ticks(0.0, 9.7)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    >>> [Format.DATE.of(each) for each in ticks(0, 30 * DAY_MS, 5, Format.DATE)]
    ['1970-01-01', '1970-01-08', '1970-01-15', '1970-01-22', '1970-01-29']
    """
    step = _step((high - low) / max(most, 1), form)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [each * step for each in range(first, last + 1)][: most * 3]


def _step(least: float, form: Format) -> float:
    if form is Format.DATE:
        days = least / DAY_MS
        return DAY_MS * next(
            (each for each in ROUND_DAYS if each >= days), 364 * math.ceil(days / 364)
        )
    if form is Format.HOUR:
        return next((each for each in ROUND_HOURS if each >= least), 24 * math.ceil(least / 24))
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in (1, 2, 5, 10, 20) if each * power >= least * (1 - 1e-9))


def _date(ms: float) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):  # no calendar goes there
        return "–"


def _plain(value: float, digits: int) -> str:
    words = f"{value:,.{digits}f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return "0" if words == "-0" else words.replace("-", "−")
