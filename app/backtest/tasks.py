"""The tasks of all partitions, fed without a log, and what a snapshot sees of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consumers.task.rules import Identity
from consumers.task.task import new_task
from snapshot.moment import LensPart, PartitionAt
from stream.contracts.commands import Promote
from stream.log.batch import Record, RecordBatch, Records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consumers.task.partition import Partition
    from consumers.task.rules import TaskRules
    from consumers.task.storing import Output
    from consumers.task.task import Task
    from stream.contracts.model import SegmentModel


class KnownModels:
    """Every version that was published in this run: what a models topic is to a worker."""

    def __init__(self) -> None:
        self.all: list[SegmentModel] = []

    @property
    def last(self) -> SegmentModel | None:
        return self.all[-1] if self.all else None

    def model(self, version: int) -> SegmentModel:
        return self.all[version - 1]


class Tasks:
    """One task a partition, as workers run them."""

    def __init__(
        self, group: str, topic: str, partitions: int, rules: TaskRules, models: KnownModels
    ) -> None:
        self._topic = topic
        self._tasks = [
            new_task(
                Identity(group, topic, partitions, partition), rules, models, makes_blocks=False
            )
            for partition in range(partitions)
        ]

    def __len__(self) -> int:
        return len(self._tasks)

    def take(self, shares: Iterable[tuple[int, Records]]) -> list[Output]:
        """Each partition's records; what came of them."""
        return [self._take(self._tasks[partition], records) for partition, records in shares]

    def promote(self, model: SegmentModel, sent_ms: int) -> list[Output]:
        """Tells every partition of a version."""
        command = Promote(version=model.version, instant=model.instant).to_json()
        one = Records.of([Record(None, command, sent_ms)])
        return self.take((partition, one) for partition in range(len(self._tasks)))

    def at(self) -> list[PartitionAt]:
        """All partitions as they are now."""
        return [partition_at(task.state) for task in self._tasks]

    def outcomes(self) -> dict[str, int]:
        """What became of all records."""
        total: dict[str, int] = {}
        for task in self._tasks:
            for name, count in task.outcomes.items():
                total[name] = total.get(name, 0) + count
        return total

    @property
    def event_ms(self) -> int:
        """How far event time has come where it has come farthest."""
        return max(task.event_ms for task in self._tasks)

    def _take(self, task: Task, records: Records) -> Output:
        begin, end = task.position, task.position + len(records)
        batch = RecordBatch(self._topic, task.partition, np.arange(begin, end), end, records)
        task.take(batch, OBSERVED_MS)
        return task.collect(OBSERVED_MS)


OBSERVED_MS = 0
"""Who writes changes down puts the event time there."""


def partition_at(partition: Partition) -> PartitionAt:
    """A partition's state as a snapshot takes it; what is to change later is looked at at once."""
    rows = len(partition.profiles)
    lenses = {}
    for name, state in partition.lenses.items():
        state.widen(rows)
        shapes = state.lens.shapes
        lenses[name] = LensPart(
            state.lens.version,
            state.lens.segments,
            state.standings,
            shapes.positions,
            shapes.segments,
        )
    return PartitionAt(partition.profiles, partition.model_version, lenses)
