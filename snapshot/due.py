"""Which midnight a snapshot is to be taken at next, of those that can be read. Pure.

By the clock, and once, the latest one counts. In event time none is passed over: but a model is
only made of the newest, because one of long ago would be taken up today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from snapshot.midnights import Midnights
    from stream.cadence import EventCadence


class Due(NamedTuple):
    """A snapshot to be taken."""

    midnight_ms: int | None
    """None: of everything as it is now, because no midnight can be read on all partitions."""

    is_newest: bool
    """Whether no later one is due already."""


def due_now(midnights: Midnights, cadence: EventCadence | None, last_ms: int | None) -> Due | None:
    """What is due after the last snapshot; without a cadence, the latest that there is."""
    there = midnights.common()
    new = [midnight_ms for midnight_ms in there if last_ms is None or midnight_ms > last_ms]
    if cadence is None:
        if new:
            return Due(new[-1], is_newest=True)
        return None if there else _everything_now(midnights, last_ms)
    due = [midnight_ms for midnight_ms in new if cadence.is_due(midnight_ms)]
    for midnight_ms in due[:-1]:
        if any(midnights.versions_at(midnight_ms)):  # else there is nothing to compare
            return Due(midnight_ms, is_newest=False)
    return Due(due[-1], is_newest=True) if due else None


def missed(
    midnights: Midnights, cadence: EventCadence, last_ms: int | None, before_ms: int | None
) -> list[int]:
    """The midnights after the last snapshot that were due and can't be read any more.

    Up to `before_ms`, or to where the partition that is behind has come.
    """
    first_ms, passed_ms = midnights.first_ms(), midnights.passed_ms()
    if first_ms is None or passed_ms is None:
        return []
    begin_ms = last_ms if last_ms is not None else cadence.last_due(first_ms) - cadence.every_ms
    first_due_ms = cadence.last_due(begin_ms) + cadence.every_ms
    end_ms = passed_ms + 1 if before_ms is None else before_ms
    there = set(midnights.common())
    return [
        midnight_ms
        for midnight_ms in range(first_due_ms, end_ms, cadence.every_ms)
        if midnight_ms not in there and midnights.lacking(midnight_ms)
    ]


def _everything_now(midnights: Midnights, last_ms: int | None) -> Due | None:
    """Where days are not marked alike; nothing where event time stands still."""
    latest_ms = midnights.latest_ms()
    if latest_ms is None or (last_ms is not None and latest_ms <= last_ms):
        return None
    return Due(None, is_newest=True)
