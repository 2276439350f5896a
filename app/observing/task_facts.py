"""What metrics show of a task that its worker has no need to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from consumers.task.storing import Output as TasksOutput
from consumers.task.task import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.task.lens_state import LensState
    from consumers.task.partition import Partition
    from consumers.task.told import Kind
    from consumers.worker.partition_task import Output, PartitionTask
    from stream.model.arrays import Hashes

NO_SEGMENT = "none"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task at one moment."""

    customers: int
    customers_in_segment: Mapping[tuple[str, str], int]
    """By lens and segment id; those of a lens add up to all customers."""

    profile_bytes: int
    model_version: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What one commit said."""

    changes: Mapping[Kind, int]
    flaps: Mapping[str, int]
    """By lens."""


def facts_of(task: PartitionTask) -> TaskFacts:
    """Goes through all customers, once a lens."""
    if not isinstance(task, Task):
        raise TypeError(f"{type(task).__name__} is no task of Shoal's: give `facts` a function")
    partition = task.state
    keys = partition.profiles.state.profiles["key"][: len(partition.profiles)]
    return TaskFacts(
        int(np.count_nonzero(keys)),
        {
            (name, segment): customers
            for name, state in partition.lenses.items()
            for segment, customers in _in_segments(state, keys).items()
        },
        _profile_bytes(partition),
        partition.model_version,
    )


def counts_of(output: Output) -> Counts:
    """How many changes there are of each kind in the output, and how many flaps."""
    if not isinstance(output, TasksOutput):
        raise TypeError(f"{type(output).__name__} is no task's output: give `counts` a function")
    return Counts(output.kinds, output.flaps)


def _in_segments(state: LensState, keys: Hashes) -> dict[str, int]:
    sizes = state.sizes(len(keys), keys)
    return sizes | {NO_SEGMENT: int(np.count_nonzero(keys)) - sum(sizes.values())}


def _profile_bytes(partition: Partition) -> int:
    rows = len(partition.profiles)
    lenses = partition.lenses.values()
    # Rows that nobody has used yet have no memory behind them.
    standings = sum(state.standings[:rows].nbytes + state.seen[:rows].nbytes for state in lenses)
    return partition.profiles.nbytes + standings
