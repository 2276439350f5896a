"""Which periods have ended and have no report yet. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence


def ended_periods(instants: Sequence[int], days: int, since_ms: int | None = None) -> list[int]:
    """The midnights at which a period ended and that have a snapshot within it, in order.

    Midnights whose number of days since 1970 is a multiple, as snapshots in event time have them.
    One has ended once there is a snapshot at it or later; `since_ms` leaves out those before.

    >>> [at // DAY_MS for at in ended_periods([day * DAY_MS for day in (6, 7, 13, 16, 40)], 7)]
    [7, 14, 21]
    >>> ended_periods([8 * DAY_MS], 7), ended_periods([], 7)
    ([], [])
    """
    if not instants:
        return []
    length = days * DAY_MS
    last = instants[-1] - instants[-1] % length
    ends = sorted({at + -at % length for at in instants})
    return [end for end in ends if end <= last and (since_ms is None or end >= since_ms)]
