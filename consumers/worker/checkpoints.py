"""When a task writes a checkpoint, and up to where older blocks may go then.

Pure, because what is cut off is gone for good. Bytes are those of the blocks' records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.worker.partition_task import NEVER
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.worker.partition_task import BlocksThere, Checkpoint, PartitionTask
    from consumers.worker.rules import WorkerRules


def is_large(blocks: BlocksThere, rules: WorkerRules) -> bool:
    """Whether the deltas since the last checkpoint outweigh it by so much that a new one pays."""
    state = blocks.checkpoints[-1].size if blocks.checkpoints else 0
    most = max(rules.checkpoint_factor * state, rules.checkpoint_floor_bytes)
    return blocks.delta_bytes > most


def cut_before(
    checkpoints: Sequence[Checkpoint],
    promoted_ms: int | None,
    now_ms: int,
    rules: WorkerRules,
    *,
    erased: bool,
) -> int:
    """Up to where to cut, once the last of these checkpoints is committed.

    The last one before the T of the last `Promote` stays, so that a snapshot of T can be made
    again; or else the last one before the newest midnight, so that a snapshot can still be made
    there. But no longer than a day, and with no more than `checkpoint_factor` times the state
    beyond the stretch of blocks that the instant lies in. Where somebody was erased, nothing stays.
    """
    newest = checkpoints[-1]
    midnight_ms = newest.event_ms - newest.event_ms % DAY_MS
    for until_ms in () if erased else (promoted_ms, midnight_ms):
        before = [
            index
            for index, one in enumerate(checkpoints)
            if until_ms is not None and NEVER < one.event_ms <= until_ms
        ]
        if before and _may_stay(checkpoints, before[-1], now_ms, rules):
            return checkpoints[before[-1]].offset
    return newest.offset


def _may_stay(
    checkpoints: Sequence[Checkpoint], index: int, now_ms: int, rules: WorkerRules
) -> bool:
    too_old = now_ms - checkpoints[index].written_ms > rules.kept_checkpoint_ms
    beyond = sum(one.stretch for one in checkpoints[index + 2 :])
    return not (too_old or beyond > rules.checkpoint_factor * checkpoints[-1].size)


def erasure_is_due(
    task: PartitionTask, noticed_ms: int | None, now_ms: int, rules: WorkerRules
) -> bool:
    """Whether blocks that still hold an erased customer have lain there long enough."""
    return (
        task.erased_since_checkpoint
        and noticed_ms is not None
        and now_ms - noticed_ms >= rules.erasure_checkpoint_ms
    )
