"""The marks of all partitions' blocks, followed as the topic grows.

Read beside the state, and ahead of it: only heads are looked at, so that following the topic for
weeks costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.midnights import Midnights, PartitionMarks
from snapshot.unread import has_unread
from stream.blocks.chain import Chain
from stream.blocks.reading import BlockReader
from stream.log.closing import ClosingMixin
from stream.settings.fingerprint import fingerprint

if TYPE_CHECKING:
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics

PATIENCE_SECONDS = 150.0
"""Longer than the transaction of a dead worker may stay open."""


class Marks(ClosingMixin):
    """Reads on when asked to."""

    def __init__(self, log: Log, topics: Topics, settings: Settings) -> None:
        self._log, self._topics, self._settings = log, topics, settings
        count = log.partitions(topics.profiles)
        self.midnights = Midnights([PartitionMarks() for _ in range(count)])
        self._readers: list[BlockReader] = []
        try:
            for partition in range(count):
                self._readers.append(self._reader(partition, count))
        except BaseException:
            self.close()
            raise

    def read_on(self) -> None:
        """To where the blocks end now."""
        bounds = self._log.bounds(self._topics.profiles)
        followed = zip(self.midnights.partitions, self._readers, strict=True)
        for partition, (marks, reader) in enumerate(followed):
            if bounds[partition].end > reader.position:
                end = self._log.settled_end(self._topics.profiles, partition, PATIENCE_SECONDS)
                for block in reader.until(end):
                    marks.see(block, reader.position - 1)
            marks.forget_before(bounds[partition].start)

    def unread(self) -> list[int]:
        """Partitions without a customer whose input nobody has read to its end: of these nobody
        can say whether anybody bought something before a midnight."""
        return [
            partition
            for partition, marks in enumerate(self.midnights.partitions)
            if marks.first_ms is None
            and has_unread(self._log, self._topics.transactions, partition, marks.position)
        ]

    def close(self) -> None:
        for reader in self._readers:
            reader.close()

    def _reader(self, partition: int, count: int) -> BlockReader:
        chain = chain_of(self._topics, self._settings, partition, count)
        return BlockReader(self._log, self._topics.profiles, partition, chain)


def chain_of(topics: Topics, settings: Settings, partition: int, count: int) -> Chain:
    """What a partition's blocks have to be like."""
    return Chain(
        topic=topics.transactions,
        partitions=count,
        partition=partition,
        fingerprint=fingerprint(settings),
    )
