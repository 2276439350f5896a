"""Records that are known again: what tells a topic from one that was made anew under its name.

The same offsets are there then, so that whoever goes on from a position would read from the
middle. Where the last record that was read is on the log still, it has to be the one that it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from xxhash import xxh3_64_hexdigest

from stream.errors import PositionOutOfRange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.log.batch import Record, RecordBatch
    from stream.log.seam import Log

POLL_SECONDS = 0.5
LONGEST_SECONDS = 5.0


class LastRead(msgspec.Struct, frozen=True):
    """The last record that somebody read of a partition."""

    offset: int
    mark: str

    @classmethod
    def of(cls, offset: int, record: Record) -> LastRead:
        return cls(offset, mark_of(record))

    @classmethod
    def in_batch(cls, batch: RecordBatch) -> LastRead:
        """The last one of a batch that isn't empty."""
        return cls.of(int(batch.offsets[-1]), batch.records[len(batch) - 1])


def mark_of(record: Record) -> str:
    """What a record is known again by.

    >>> from stream.log.batch import Record
    >>> mark_of(Record(b"c1", b"{}", 5)) == mark_of(Record(b"c1", b"{}", 6))
    False
    """
    return xxh3_64_hexdigest(b"%d " % record.timestamp + (record.value or b""))


def made_anew(
    log: Log, topic: str, positions: Mapping[int, int], last: Mapping[int, LastRead]
) -> int | None:
    """The first partition that ends before the position, or has another record where the last one
    lay; None where all are what they were. A record that is not there any more says nothing."""
    bounds = log.bounds(topic)
    for part, position in positions.items():
        if part not in bounds or bounds[part].end < position:
            return part
    for part, read in last.items():
        if bounds[part].start <= read.offset < bounds[part].end:
            found = _mark_at(log, topic, part, read.offset)
            if found is not None and found != read.mark:
                return part
    return None


def _mark_at(log: Log, topic: str, partition: int, offset: int) -> str | None:
    """What lies there now; None where nothing does, as after a compaction."""
    waited = 0.0
    try:
        with log.reader(topic, {partition: offset}) as reader:
            while waited < LONGEST_SECONDS and reader.positions()[partition] <= offset:
                for batch in reader.poll(POLL_SECONDS):
                    return mark_of(batch.records[0]) if batch.first_offset == offset else None
                waited += POLL_SECONDS
    except PositionOutOfRange:
        return None
    return None
