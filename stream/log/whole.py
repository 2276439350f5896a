"""A topic of one partition read from its beginning to its end, for those that keep little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import LogError, TopicMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.batch import Record
    from stream.log.seam import Log

PATIENCE_SECONDS = 90.0
"""Longer than a transaction may stay open: one of a dead writer is decided by then."""

POLL_SECONDS = 5.0
MOST_SILENT_POLLS = 6


def whole(
    log: Log, topic: str, patience_seconds: float = PATIENCE_SECONDS
) -> Iterator[tuple[int, Record]]:
    """Each record with its offset, up to an end that nothing undecided lies before; none where the
    topic was never made."""
    try:
        start = log.bounds(topic)[0].start
    except TopicMissing:
        return
    end, silent = log.settled_end(topic, 0, patience_seconds), 0
    with log.reader(topic, {0: start}) as reader:
        while reader.positions()[0] < end:
            batches = reader.poll(POLL_SECONDS)
            silent = 0 if batches else silent + 1
            if silent > MOST_SILENT_POLLS:
                raise LogError(f"{topic} brings nothing more before its end: is the log well?")
            for batch in batches:
                yield from batch
