"""A task brought back from the log, behind every hole that a dead or sleeping owner can leave.

Runs off the worker's thread: reading a million customers' blocks takes seconds, and a dead
owner's transaction may have to be waited out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consumers.worker.partition_task import BlocksThere, Restored
from stream.errors import LogError, LogUnavailable, PositionOutOfRange, StateDiffers
from stream.log.known import made_anew

if TYPE_CHECKING:
    from threading import Event

    from consumers.worker.partition_task import PartitionTask, Tasks
    from stream.log.seam import Log
    from stream.topics import Topics

ASKED_SECONDS = 2.0
"""How long the log is waited for at a stretch, so that a worker that leaves need not wait."""


TRUNCATED_AT_MOST = 2


class Interrupted(Exception):
    """The worker has no use for the task any more."""


@dataclass(frozen=True, slots=True)
class Restoring:
    """For one session of a worker; `over` is set when it ends."""

    log: Log
    topics: Topics
    group: str
    tasks: Tasks
    settled_seconds: float
    over: Event

    def restored(self, partition: int) -> Restored:
        """The task as of everything that anybody has committed for its partition.

        1. The group's position, once nothing hangs on an open transaction any more.
        2. How far the blocks are written, committed or not: whatever a former owner sent.
        3. All of that is decided: nothing can appear before that end from here on.
        4. The blocks up to there, and the models that they name, read the same way.
        5. Blocks and position are of the same transaction, or something is wrong.
        6. The record that was read last lies where it lay, or the topic is another one.
        """
        committed = self._committed(partition)  # 1
        end = self._settled_end(partition)  # 2, 3
        found = self._read(partition, end)  # 4
        if found is None and committed is None:
            return self._new(partition)
        self._require_one_story(partition, committed, found)  # 5
        assert found is not None
        self._require_same_input(partition, found.task)  # 6
        return found

    def _committed(self, partition: int) -> int | None:
        return self.log.committed(self.group, self.topics.transactions).get(partition)

    def _settled_end(self, partition: int) -> int:
        """As the log's own, in short stretches; a later end than the first is as good."""
        deadline = time.monotonic() + self.settled_seconds
        while True:
            if self.over.is_set():
                raise Interrupted
            began = time.monotonic()
            try:
                return self.log.settled_end(self.topics.profiles, partition, ASKED_SECONDS)
            except LogUnavailable:
                raise
            except LogError:
                now = time.monotonic()
                if now - began < ASKED_SECONDS or now > deadline:
                    raise

    def _read(self, partition: int, end: int) -> Restored | None:
        """Once more where a former owner's last truncation came between start and reading."""
        for _ in range(TRUNCATED_AT_MOST):
            try:
                return self.tasks.restored(partition, end)
            except PositionOutOfRange:
                continue
        return self.tasks.restored(partition, end)

    def _new(self, partition: int) -> Restored:
        """Nobody was here before: from the log's start, wherever that is by now."""
        start = self.log.bounds(self.topics.transactions)[partition].start
        return Restored(self.tasks.new(partition, start), BlocksThere())

    def _require_one_story(
        self, partition: int, committed: int | None, found: Restored | None
    ) -> None:
        """Blocks without a position are fine: a group's positions expire, blocks don't. Positions
        are gone with a deleted topic, too: whether the input is the same is asked apart."""
        place = f"{self.topics.transactions}[{partition}]"
        if found is None:
            raise StateDiffers(
                f"group {self.group} has read {place} up to {committed}, but "
                f"{self.topics.profiles}[{partition}] has no profiles: they were deleted, or "
                "another consumer has this group's name. Take another consume.group, or another "
                "topics.prefix with `shoal rebuild`."
            )
        if committed is not None and found.task.position != committed:
            raise StateDiffers(
                f"group {self.group} has read {place} up to {committed}, but the profiles in "
                f"{self.topics.profiles}[{partition}] stand for {found.task.position}: positions "
                "were set by hand, or a topic was made anew. Set the group back to "
                f"{found.task.position}, or take another topics.prefix with `shoal rebuild`."
            )

    def _require_same_input(self, partition: int, task: PartitionTask) -> None:
        topic, positions = self.topics.transactions, {partition: task.position}
        last = {} if task.last is None else {partition: task.last}
        if made_anew(self.log, topic, positions, last) is not None:
            raise StateDiffers(
                f"{topic}[{partition}] has other records than those that the profiles in "
                f"{self.topics.profiles}[{partition}] were made of up to {task.position}: the "
                "topic was made anew. Take another topics.prefix: `shoal rebuild` brings all that "
                "lies there now into it."
            )
