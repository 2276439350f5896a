"""When each line is due: as fast as event time says, no faster than a rate, or at once.

Every line has an absolute deadline counted from the start, so that a replay of a year
doesn't drift. Pure: the clock is read, and waited on, by whoever sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.log.batch import Ints

# Lines due within this time go out together: live to the eye, and not a record a batch.
TOGETHER_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """`speed` in seconds of event time a second, `rate` in lines a second; null: no bound."""

    speed: float | None = None
    rate: float | None = None

    @classmethod
    def parse(cls, speed: str, rate: str | None) -> Pace:
        """From the words of the command line.

        >>> Pace.parse("60x", "5000/s")
        Pace(speed=60.0, rate=5000.0)
        >>> Pace.parse("max", None)
        Pace(speed=None, rate=None)
        """
        return cls(
            None if speed == "max" else _positive(speed, "x", "--speed", "60x, or max"),
            None if rate is None else _positive(rate, "/s", "--rate", "5000/s"),
        )

    @property
    def bounded(self) -> bool:
        return self.speed is not None or self.rate is not None


class Schedule:
    """The deadlines of one replay, counted from its first line and the clock then."""

    def __init__(self, pace: Pace, started: float) -> None:
        self._pace = pace
        self._started = started
        self._first_ms: int | None = None
        self._lines = 0

    def deadlines(self, times: Ints) -> NDArray[np.float64]:
        """When the next lines, of these ascending instants, are due, on the clock of `started`.

        >>> schedule = Schedule(Pace(speed=60.0), started=100.0)
        >>> schedule.deadlines(np.array([0, 120_000])), schedule.deadlines(np.array([180_000]))
        (array([100., 102.]), array([103.]))
        """
        if self._first_ms is None and len(times):
            self._first_ms = int(times[0])
        due = np.full(len(times), self._started)
        if self._pace.speed is not None:
            due += (times - (self._first_ms or 0)) / 1000 / self._pace.speed
        if self._pace.rate is not None:
            numbers = self._lines + np.arange(len(times))
            due = np.maximum(due, self._started + numbers / self._pace.rate)
        self._lines += len(times)
        return due


def _positive(text: str, unit: str, option: str, example: str) -> float:
    try:
        number = float(text.removesuffix(unit))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise SettingsError(f"{option} {text} is no pace: write it like {example}")
    return number
