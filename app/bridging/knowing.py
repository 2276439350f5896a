"""Whether a source is still the topic that a bridge has read: a record is known again.

A topic that was deleted and made anew under its name has the same offsets, and would be read
from the middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bridging.standing import mark_of
from stream.errors import PositionOutOfRange, TopicsDiffer

if TYPE_CHECKING:
    from app.bridging.standing import Seen, Standing
    from stream.log.seam import Log

POLL_SECONDS = 0.5
LONGEST_SECONDS = 5.0


def require_same(log: Log, topic: str, standing: Standing, name: str) -> None:
    """`TopicsDiffer` where it ends before that, or another record lies where the last one lay.

    One that is not there any more says nothing.
    """
    bounds = log.bounds(topic)
    for part, position in standing.positions.items():
        if part not in bounds or bounds[part].end < position:
            raise _another(topic, part, name)
    for part, seen in standing.seen.items():
        if bounds[part].start <= seen.offset < bounds[part].end:
            found = _mark_at(log, topic, part, seen)
            if found is not None and found != seen.mark:
                raise _another(topic, part, name)


def _mark_at(log: Log, topic: str, partition: int, seen: Seen) -> str | None:
    """What lies there now; None where nothing does, as after a compaction."""
    waited = 0.0
    try:
        with log.reader(topic, {partition: seen.offset}) as reader:
            while waited < LONGEST_SECONDS and reader.positions()[partition] <= seen.offset:
                for batch in reader.poll(POLL_SECONDS):
                    is_there = batch.first_offset == seen.offset
                    return mark_of(batch.records[0]) if is_there else None
                waited += POLL_SECONDS
    except PositionOutOfRange:
        return None
    return None


def _another(topic: str, partition: int, name: str) -> TopicsDiffer:
    return TopicsDiffer(
        f"{topic}[{partition}] has other records than the bridge {name} has read: it was made "
        "anew, or --from names another cluster than before. Begin a new bridge with another --name."
    )
