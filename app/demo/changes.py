"""What the demonstration tells of the changes: every one read back from the log, and counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.cli.watch import positions, records
from consumers.subscribe import read
from stream.contracts.change import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stream.contracts.change import SegmentChange
    from stream.log.seam import Log

Flow = tuple[str, str]
"""The ids of two segments."""

SHOWN_LATEST = {Cause.MOVED: 3, Cause.JOINED: 1, Cause.TIME: 1}
"""Not the last five as they lie: those are of one midnight, and all because of time."""


def changes_of(log: Log, topic: str, lens: str) -> list[SegmentChange]:
    """Every change of a lens, by the customers' own time."""
    found = records(log, topic, positions(log, topic, "start"), None, follow=False)
    changes = (read(record) for _, record in found)
    mine = [one for one in changes if one is not None and one.lens == lens]
    return sorted(mine, key=lambda one: one.occurred_at)


def places(changes: Iterable[SegmentChange]) -> dict[str, str]:
    """The id of the segment that each customer is in after these changes, if in any."""
    now: dict[str, str] = {}
    for change in changes:
        if change.current is None:
            now.pop(change.customer_id, None)
        else:
            now[change.customer_id] = change.current.id
    return now


def flows(changes: Iterable[SegmentChange]) -> dict[Flow, Counter[Cause]]:
    """How often customers went from one segment to another, by cause; the most often first."""
    counts: dict[Flow, Counter[Cause]] = {}
    for change in changes:
        if change.previous is not None and change.current is not None:
            flow = (change.previous.id, change.current.id)
            counts.setdefault(flow, Counter())[change.cause] += 1
    return dict(sorted(counts.items(), key=lambda flow: (-flow[1].total(), flow[0])))


def latest(changes: Sequence[SegmentChange]) -> list[SegmentChange]:
    """The last ones of each cause that is shown, oldest first."""
    found = [
        one
        for cause, count in SHOWN_LATEST.items()
        for one in [change for change in changes if change.cause is cause][-count:]
    ]
    return sorted(found, key=lambda one: one.occurred_at)


def most_to_tell(changes: Iterable[SegmentChange]) -> str | None:
    """The customer who came through the most segments, by an order and by time, on the
    straightest way."""
    stories: dict[str, list[SegmentChange]] = {}
    for change in changes:
        stories.setdefault(change.customer_id, []).append(change)
    moved = {who: story for who, story in stories.items() if len(story) > 1}
    return max(sorted(moved), key=lambda who: _telling(moved[who]), default=None)


def _telling(story: Sequence[SegmentChange]) -> tuple[bool, int, int]:
    causes = {change.cause for change in story}
    segments = {change.current.id for change in story if change.current is not None}
    return {Cause.MOVED, Cause.TIME} <= causes, len(segments), -len(story)


def kinds_in_segments(
    kinds: Mapping[str, str], places: Mapping[str, str]
) -> Iterator[tuple[str, Counter[str]]]:
    """Each planted kind with how many of its customers are in which segment."""
    counts: dict[str, Counter[str]] = {}
    for customer, kind in kinds.items():
        if customer in places:
            counts.setdefault(kind, Counter())[places[customer]] += 1
    yield from counts.items()
