"""A partition's blocks read from a log: to have its state back, and to go on from there.

The task that wrote them, snapshots, sinks and `shoal customer` all read them through this.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from stream.blocks.block import decode_part
from stream.blocks.restored import Restored
from stream.errors import BlockError, PositionOutOfRange
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stream.blocks.block import Block
    from stream.blocks.chain import Chain
    from stream.log.batch import Record, RecordBatch
    from stream.log.seam import Log, Reader

POLL_SECONDS = 0.1


def restore(
    log: Log,
    topic: str,
    partition: int,
    until: int,
    chain: Chain,
    on_block: Callable[[Block, Restored], None] | None = None,
) -> Restored | None:
    """The state of a partition as its blocks up to offset `until` have it; none without a block.

    `until` is a settled end. `on_block` is told of each block once it is applied.
    """
    restored = None
    with BlockReader(log, topic, partition, chain) as reader:
        for block in reader.until(until):
            restored = reader.applied(block, restored)
            if on_block:
                on_block(block, restored)
    return restored


class BlockReader(ClosingMixin):
    """Follows one partition of the profiles topic, from its start on.

    Where what it is about to read was truncated, it begins again at the new start: a checkpoint
    comes next, and replaces all that was made of the blocks before.
    """

    position: int
    """The next offset to read."""

    _reader: Reader

    def __init__(self, log: Log, topic: str, partition: int, chain: Chain) -> None:
        self._log, self._topic, self._partition, self._chain = log, topic, partition, chain
        self._fetched: deque[RecordBatch] = deque()
        self._begin(log.bounds(topic)[partition].start)

    def close(self) -> None:
        self._reader.close()

    def until(self, end: int) -> Iterator[Block]:
        """The blocks up to an offset that the partition has reached already."""
        there = self._log.bounds(self._topic)[self._partition]
        if end > there.end:
            raise PositionOutOfRange(
                self._topic, self._partition, end, start=there.start, end=there.end
            )
        while self.position < end:
            yield from self.poll(POLL_SECONDS, end)
        if not self._chain.is_between_blocks:
            raise BlockError(f"{self._place(end)} is in the middle of a block, and nothing is")

    def poll(self, timeout: float, end: int | None = None) -> Iterator[Block]:
        """What is there by now, or comes within `timeout` seconds; nothing from `end` on."""
        if not self._fetched:
            self._fetch(timeout)
        while self._fetched:
            batch = self._fetched[0].starting_at(self.position)
            for offset, record in batch:
                if end is not None and offset >= end:
                    self.position = max(self.position, end)  # marks may lie before it
                    return
                block = self._follow(offset, record)
                self.position = offset + 1
                if block:
                    yield block
            self.position = batch.next_offset
            self._fetched.popleft()
        self.position = max(self.position, self._reader.positions()[self._partition])

    def applied(self, block: Block, restored: Restored | None) -> Restored:
        """The state with the block that was read last, which an error names."""
        restored = Restored() if restored is None else restored  # an empty one is false, too
        try:
            restored.apply(block)
        except BlockError as error:
            raise BlockError(f"{self._place(self.position - 1)} {error}") from error
        return restored

    def _begin(self, position: int) -> None:
        self.position = position
        self._reader = self._log.reader(self._topic, {self._partition: position})

    def _fetch(self, timeout: float) -> None:
        try:
            self._fetched.extend(self._reader.poll(timeout))
        except PositionOutOfRange as gone:
            self._reader.close()
            self._chain.start_over()
            self._begin(gone.start)

    def _follow(self, offset: int, record: Record) -> Block | None:
        try:
            return self._chain.follow(offset, decode_part(record.value), record.timestamp)
        except BlockError as error:
            raise BlockError(f"{self._place(offset)} {error}") from error

    def _place(self, offset: int) -> str:
        return f"record {offset} of {self._topic}[{self._partition}]"
