"""Which snapshots tell who fell silent after which: a matter of instants alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from insights.churn.examples import SILENT_DAYS
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

APART_DAYS = 28
"""Instants nearer to each other say nearly the same of the same customers."""

INSTANTS = 8
AROUND_DAYS = 31
"""So far apart the snapshots around the 90th day may lie: what was bought between them can't
always be told to have come before that day or after it."""


class Silence(NamedTuple):
    """An instant, and the two around its 90th day, which are the same where one falls on it."""

    then_ms: int
    before_ms: int
    after_ms: int


def silences(instants: Sequence[int], now_ms: int) -> list[Silence]:
    """The newest first, of instants in order and now.

    >>> weekly = [week * 7 * DAY_MS for week in range(20)]
    >>> [[at // DAY_MS for at in one] for one in silences(weekly, 140 * DAY_MS)]
    [[49, 133, 140], [21, 105, 112]]
    >>> [[at // DAY_MS for at in one] for one in silences([0], 90 * DAY_MS)]
    [[0, 90, 90]]
    """
    known, found = [*instants, now_ms], list[Silence]()
    for then_ms in reversed(instants):
        if found and then_ms > found[-1].then_ms - APART_DAYS * DAY_MS:
            continue
        end_ms = then_ms + SILENT_DAYS * DAY_MS
        after = bisect_left(known, end_ms)
        if after == len(known) or len(found) == INSTANTS:
            continue
        one = Silence(then_ms, known[bisect_right(known, end_ms) - 1], known[after])
        if one.after_ms - one.before_ms <= AROUND_DAYS * DAY_MS:
            found.append(one)
    return found
