"""A topic's records from where a database stands, all partitions of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stream.errors import DatabaseError, PositionOutOfRange
from stream.log.closing import ClosingMixin
from stream.log.known import LastRead, made_anew

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consumers.sink.places import Place
    from stream.log.batch import RecordBatch
    from stream.log.seam import Log, Reader

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1


class Followed(ClosingMixin):
    """`positions` is what has been handed out, and `last` the last record of that."""

    positions: dict[int, int]
    last: dict[int, LastRead]
    _reader: Reader

    def __init__(self, log: Log, topic: str, there: Mapping[tuple[str, int], Place]) -> None:
        self._log, self.topic = log, topic
        places = {part: place for (of, part), place in there.items() if of == topic}
        self.last = {part: place.last for part, place in places.items() if place.last is not None}
        positions = {part: place.position for part, place in places.items()}
        other = made_anew(log, topic, positions, self.last)
        if other is not None:
            raise DatabaseError(
                f"the database stands for {topic}[{other}] up to {positions[other]:,}, and the log "
                "has other records there: it is another log's database, or the topic was made "
                "anew. Give sink.db a database of its own"
            )
        starts = {part: bounds.start for part, bounds in log.bounds(topic).items()}
        self._begin(starts | positions)

    def close(self) -> None:
        self._reader.close()

    def read_on(self, ends: Mapping[int, int], most: int) -> Iterator[RecordBatch]:
        """What lies before `ends`, a bit more, or about as many records as said."""
        count = 0
        while count < most and any(at < ends[part] for part, at in self.positions.items()):
            try:
                batches = self._reader.poll(POLL_SECONDS)
            except PositionOutOfRange as gone:
                self._skip(gone)
                continue
            for batch in batches:
                self.positions[batch.partition] = batch.next_offset
                self.last[batch.partition] = LastRead.in_batch(batch)
                count += len(batch)
                yield batch
            for partition, position in self._reader.positions().items():
                self.positions[partition] = max(self.positions[partition], position)

    def _begin(self, positions: dict[int, int]) -> None:
        self.positions = positions
        self._reader = self._log.reader(self.topic, positions)

    def _skip(self, gone: PositionOutOfRange) -> None:
        """Records that expired before they were read are nobody's any more."""
        logger.warning(
            "records %s to %s of %s[%s] expired before the sink had read them",
            gone.position,
            gone.start,
            self.topic,
            gone.partition,
        )
        self._reader.close()
        self._begin(self.positions | {gone.partition: gone.start})
