"""Blocks in their order: each part of each of them, from one worker at a time, without a gap.

A second group on the same topics, a topic made anew, a fork: all of them break the chain, and
are found by whoever reads it, instead of being averaged in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from stream.blocks.block import NO_TABLE, Block
from stream.errors import BlockError
from stream.profile.kept import SWEEP

if TYPE_CHECKING:
    from stream.blocks.block import Part
    from stream.blocks.head import Head


class Checkpoint(NamedTuple):
    """Where a checkpoint lies: what is before its first record can be truncated."""

    first_offset: int
    sweep_ms: int
    """The event time of its state."""

    written_ms: int
    """Its records' timestamp."""

    nbytes: int
    """How large it is, in its records' values."""

    stretch: int
    """How large all blocks are from the checkpoint before it up to this one."""


class Chain:
    """One partition's blocks, part by part.

    Of `group` and `fingerprint` the first block's hold where nothing is expected of them.
    """

    def __init__(
        self,
        *,
        topic: str,
        partitions: int,
        partition: int,
        group: str | None = None,
        fingerprint: str | None = None,
    ) -> None:
        self._topic, self._partitions, self._partition = topic, partitions, partition
        self._group, self._fingerprint = group, fingerprint
        self.head: Head | None = None
        """The last whole block's."""

        self.checkpoints: list[Checkpoint] = []
        self.bytes_since_checkpoint = 0
        """How large all blocks after it were."""

        self._floor = 0
        self._parts: list[Part] = []
        self._first_offset = 0

    @property
    def checkpoint_bytes(self) -> int:
        """How large the last checkpoint was; 0 where there was none."""
        return self.checkpoints[-1].nbytes if self.checkpoints else 0

    @property
    def is_between_blocks(self) -> bool:
        """Whether no part of the block that began is still to come."""
        return not self._parts

    def start_over(self) -> None:
        """What was read so far was truncated: what comes next has to be a checkpoint, later than
        all that was read."""
        self._floor = max(self._floor, self.head.sequence if self.head else 0)
        self.head, self._parts, self.checkpoints = None, [], []
        self.bytes_since_checkpoint = 0

    def follow(self, offset: int, part: Part, written_ms: int = 0) -> Block | None:
        """The block that this part completes; none if there are parts to come.

        `written_ms` is the timestamp of its record.
        """
        if self._parts:
            self._continues(part.head)
        else:
            self._begins(part.head)
            self._first_offset = offset
        self._parts.append(part)
        if part.head.part < part.head.parts - 1:
            return None
        block = _whole(self._parts)
        self._count(block.head, sum(part.nbytes for part in self._parts), written_ms)
        self.head, self._parts = block.head, []
        self._group, self._fingerprint = block.head.group, block.head.fingerprint
        return block

    def _count(self, head: Head, nbytes: int, written_ms: int) -> None:
        if head.is_checkpoint:
            stretch = self.checkpoint_bytes + self.bytes_since_checkpoint
            self.checkpoints.append(
                Checkpoint(self._first_offset, head.marks[SWEEP], written_ms, nbytes, stretch)
            )
            self.bytes_since_checkpoint = 0
        else:
            self.bytes_since_checkpoint += nbytes

    def _continues(self, head: Head) -> None:
        last = self._parts[-1].head
        if (head.sequence, head.begin, head.end) != (last.sequence, last.begin, last.end) or (
            (head.part, head.parts, head.kind) != (last.part + 1, last.parts, last.kind)
        ):
            raise BlockError(
                f"is part {head.part} of {head.parts} of block {head.sequence}, where part "
                f"{last.part + 1} of {last.parts} of block {last.sequence} should be: {_FORKED}"
            )

    def _begins(self, head: Head) -> None:
        self._is_ours(head)
        if head.part != 0:
            raise BlockError(
                f"is part {head.part} of block {head.sequence}, whose first part is missing: "
                f"{_BROKEN}"
            )
        if self.head is None:
            self._is_a_beginning(head)
        elif head.sequence != self.head.sequence + 1 or head.begin != self.head.end:
            raise BlockError(
                f"is block {head.sequence} from position {head.begin}, where block "
                f"{self.head.sequence + 1} from {self.head.end} should be: {_FORKED}"
            )

    def _is_a_beginning(self, head: Head) -> None:
        if head.sequence <= self._floor:
            raise BlockError(
                f"is block {head.sequence}, and up to block {self._floor} was read before: the "
                f"topic was made anew. {_REBUILD}"
            )
        if not head.is_checkpoint and head.sequence != 1:
            raise BlockError(
                f"is block {head.sequence}, a delta, and what it changes is not there: {_BROKEN}"
            )

    def _is_ours(self, head: Head) -> None:
        if (head.topic, head.partition) != (self._topic, self._partition):
            raise BlockError(
                f"is a block of {head.topic}[{head.partition}], not of "
                f"{self._topic}[{self._partition}]: give each its own prefix (topics.prefix)"
            )
        if head.partitions != self._partitions:
            raise BlockError(
                f"is a block of {head.partitions} partitions, and {self._topic} has "
                f"{self._partitions}: customers would be in other places. {_REBUILD}"
            )
        if self._group is not None and head.group != self._group:
            raise BlockError(
                f"is a block of group {head.group!r}, not {self._group!r}: a prefix has one group "
                "of workers. Give the other a prefix of its own (topics.prefix)"
            )
        if self._fingerprint is not None and head.fingerprint != self._fingerprint:
            raise BlockError(
                f"is a block of profiles of the kind {head.fingerprint!r}, not "
                f"{self._fingerprint!r}: lenses or half-lives were set otherwise. Set them back, "
                f"or start anew. {_REBUILD}"
            )


_REBUILD = "`shoal rebuild` replays everything into a new prefix"
_FORKED = (
    "two workers wrote here as if each were the only one, or the topic was made anew. " + _REBUILD
)
_BROKEN = "what came before it is gone, and not by truncation up to a checkpoint. " + _REBUILD


def _whole(parts: list[Part]) -> Block:
    batches: dict[str, list[pa.RecordBatch]] = {}
    for part in parts:
        if part.table != NO_TABLE:
            batches.setdefault(part.table, []).append(part.rows)
    try:
        tables = {name: pa.Table.from_batches(found) for name, found in batches.items()}
    except pa.ArrowInvalid as error:
        raise BlockError("is the end of a block whose parts don't go together") from error
    return Block(parts[0].head.of_part(0, 1), tables)
