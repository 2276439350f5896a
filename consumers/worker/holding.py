"""A task that a worker holds, and what the worker keeps beside it: only of this session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from consumers.worker.checkpoints import cut_before, erasure_is_due, is_large
from consumers.worker.committing import Share
from consumers.worker.observer import Written
from consumers.worker.partition_task import NEVER, Checkpoint
from consumers.worker.ticking import tick, tick_is_due

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.worker.partition_task import BlocksThere, Output, PartitionTask
    from consumers.worker.rules import WorkerRules
    from stream.log.batch import RecordBatch


class Asked(NamedTuple):
    """A checkpoint that the task was asked for. It may come with the next output, not this one."""

    event_ms: int
    """The event time of the state in it."""

    erased: bool
    """Whether blocks before it hold a customer who was erased."""


class InFlight(NamedTuple):
    """What is remembered of a collected block until its commit has happened."""

    output: Output
    outcomes: Mapping[str, int]
    block_bytes: int
    checkpoint: Asked | None


@dataclass(slots=True)
class Held:
    """One partition's task between its restore and its end here. Clock times are in `_ms`."""

    task: PartitionTask
    blocks: BlocksThere
    rules: WorkerRules
    read_ms: int
    """When its last records came, or reading began: silence is counted from here."""

    position: int = 0
    """What the last block collected stands for."""

    committed: int = 0
    ticked_ms: int = NEVER
    erased_ms: int | None = None
    asked: Asked | None = None
    in_flight: InFlight | None = None
    cut: int | None = None
    """Up to where blocks may be forgotten, once the commit thread has time."""

    def __post_init__(self) -> None:
        self.position = self.committed = self.task.position
        if self.task.erased_since_checkpoint:  # for how long is not known: so no longer
            self.erased_ms = NEVER
        if self.blocks.checkpoints:  # whoever wrote the last one may not have lived to cut
            self._see_what_to_cut(self.read_ms, erased=False)

    @property
    def has_output(self) -> bool:
        """Whether the next commit has something of it, a checkpoint that was asked for included."""
        return self.task.has_output or self.asked is not None

    def take(self, batch: RecordBatch, now_ms: int) -> int:
        """Folds what of the batch was not folded yet; says how many records that was."""
        rest = batch.starting_at(self.task.position)
        if len(rest):
            self.task.take(rest, now_ms)
            self.read_ms = now_ms
        if self.task.erased_since_checkpoint and self.erased_ms is None:
            self.erased_ms = now_ms
        return len(rest)

    def is_silent(self, now_ms: int) -> bool:
        return now_ms - self.read_ms >= self.rules.tick_silence_ms

    def wants_tick(self, now_ms: int) -> bool:
        """As far as can be told without asking the log whether there is more to read."""
        task = self.task
        return (
            task.is_live
            and self.is_silent(now_ms)
            and tick_is_due(now_ms, task.event_ms, task.pending_due_ms, self.ticked_ms)
        )

    def wants_erasure(self, now_ms: int) -> bool:
        return erasure_is_due(self.task, self.erased_ms, now_ms, self.rules)

    def share(self, now_ms: int, *, with_tick: bool) -> Share | None:
        """Its part in the next commit; none where nothing is to be said."""
        if self.has_output or self.wants_erasure(now_ms):
            self._collect(now_ms)
        elif not with_tick:
            return None
        if with_tick:
            self.ticked_ms = now_ms
        ticks = tick(now_ms) if with_tick else None
        if self.in_flight is None:
            return Share(self.task.partition, self.position, tick=ticks)
        output, outcomes, size, _ = self.in_flight
        written = Written(self.task, output, outcomes, size)
        return Share(self.task.partition, self.position, output, ticks, written)

    def _collect(self, now_ms: int) -> None:
        is_due = self.wants_erasure(now_ms) or is_large(self.blocks, self.rules)
        asks = is_due and self.asked is None
        if asks:
            self.asked = Asked(self.task.event_ms, self.task.erased_since_checkpoint)
            self.erased_ms = None
        output = self.task.collect(now_ms, checkpoint=asks)
        checkpoint = None
        if output.is_checkpoint:
            checkpoint = self.asked or Asked(self.task.event_ms, erased=False)
            self.asked = None
        size = sum(int(records.values.lengths.sum()) for records in output.blocks)
        self.position = output.position
        self.in_flight = InFlight(output, dict(self.task.outcomes), size, checkpoint)

    def commit_happened(self, checkpoint_at: int | None, now_ms: int) -> None:
        """Notes where blocks are now."""
        self.committed = self.position
        done, self.in_flight = self.in_flight, None
        if done is None:
            return
        if done.checkpoint is None or checkpoint_at is None:
            self.blocks.delta_bytes += done.block_bytes
        else:
            self._checkpointed(done.checkpoint, checkpoint_at, done.block_bytes, now_ms)

    def _checkpointed(self, checkpoint: Asked, at: int, size: int, now_ms: int) -> None:
        blocks = self.blocks
        if not blocks.checkpoints:  # nothing was ever cut off: all of it is there, from the start
            blocks.checkpoints.append(Checkpoint(0, 0, now_ms, 0))
        earlier = blocks.checkpoints[-1].size
        stretch = earlier + blocks.delta_bytes
        blocks.checkpoints.append(Checkpoint(at, checkpoint.event_ms, now_ms, size, stretch))
        blocks.delta_bytes = 0
        self._see_what_to_cut(now_ms, erased=checkpoint.erased)

    def _see_what_to_cut(self, now_ms: int, *, erased: bool) -> None:
        known = self.blocks.checkpoints
        self.cut = cut_before(known, self.task.promoted_ms, now_ms, self.rules, erased=erased)
        self.blocks.checkpoints = [one for one in known if one.offset >= self.cut]
