"""Whether a partition has records that no worker has read yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stream.log.seam import Log

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 150.0


def has_unread(log: Log, topic: str, partition: int, position: int | None) -> bool:
    """Whether there are records from a position on; marks of commits are none.

    Without a position, from where the partition begins.
    """
    bounds = log.bounds(topic)[partition]
    begin = max(bounds.start, bounds.start if position is None else position)
    if begin >= bounds.end:
        return False
    end = log.settled_end(topic, partition, PATIENCE_SECONDS)
    with log.reader(topic, {partition: begin}) as reader:
        while reader.positions()[partition] < end:
            if any(len(batch) for batch in reader.poll(POLL_SECONDS)):
                return True
    return False
