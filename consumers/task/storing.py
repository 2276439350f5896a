"""A task's state as blocks, and a task from its blocks.

A block ends at every commit, at every midnight (it names it) and on both sides of a `Promote`:
each is bytes before anything after it is folded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from consumers.task.lens_state import LensState
from consumers.task.partition import Partition
from consumers.task.promotion import learner_for
from consumers.task.told import Told
from stream.blocks.block import Block, encode
from stream.blocks.head import CHECKPOINT, DELTA, SCHEMA, Head, LensHead
from stream.errors import BlockError
from stream.log.batch import Record, Records
from stream.model.arrays import Shapes
from stream.model.lens import compile_lens
from stream.profile.pending import OPENED
from stream.profile.stored import LensRows, all_tables, delta_tables

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    import pyarrow as pa

    from consumers.task.rules import Identity, Models, TaskRules
    from consumers.task.told import Kind, Said
    from stream.blocks.restored import Restored
    from stream.log.known import LastRead

PART_HEADERS = 4_096
"""What a record takes besides its value, generously."""


class Output(NamedTuple):
    """What one commit writes for one partition, all of it or nothing."""

    changes: Said
    """Made as they are asked for, in whichever thread does."""

    dead_letters: Sequence[Records]
    blocks: Sequence[Records]
    position: int
    """The input position that all of it stands for."""

    is_checkpoint: bool
    """The first block replaces all that lie before it."""

    flaps: Counter[str]

    @property
    def kinds(self) -> Counter[Kind]:
        """How many changes there are of each kind."""
        return self.changes.kinds()


@dataclass(slots=True)
class Store:
    """Where the task is in its input and in its chain of blocks, and those not handed over."""

    position: int
    """The next offset to read."""

    begin: int
    """Where the last block ended."""

    sequence: int
    """The last block's."""

    last: LastRead | None = None
    """The last record of what was read, to be known again."""

    blocks: list[bytes] = field(default_factory=list)
    is_checkpoint: bool = False
    makes_blocks: bool = True
    """Not where nobody will ever restore."""

    @classmethod
    def new(cls, position: int, *, makes_blocks: bool = True) -> Store:
        return cls(position, position, 0, makes_blocks=makes_blocks)

    @classmethod
    def after(cls, head: Head) -> Store:
        return cls(head.end, head.end, head.sequence, head.last)


def collect(partition: Partition, store: Store, observed_ms: int, *, checkpoint: bool) -> Output:
    """Everything since the last time. A checkpoint is the first thing in what comes next: what
    lies before its first record can then be cut off."""
    if store.position != store.begin or not store.blocks:
        end_block(partition, store)
    told, partition.told = partition.told, Told()
    output = Output(
        told.changes,
        told.dead_letters,
        [Records.of(Record(None, value, observed_ms) for value in store.blocks)],
        store.position,
        store.is_checkpoint,
        told.flaps,
    )
    store.blocks, store.is_checkpoint = [], checkpoint
    if checkpoint:
        end_block(partition, store, whole=True)
    return output


def end_block(
    partition: Partition, store: Store, midnight_ms: int | None = None, *, whole: bool = False
) -> None:
    """Everything since the last block as bytes, or `whole`, all there is."""
    for state in partition.lenses.values():
        state.widen(len(partition.profiles))
    if store.makes_blocks:
        store.sequence += 1
        block = Block(
            _head(partition, store, midnight_ms, whole=whole), _tables(partition, whole=whole)
        )
        store.blocks += encode(block, partition.rules.message_bytes - PART_HEADERS)
    store.begin = store.position
    partition.profiles.blocked()


def _tables(partition: Partition, *, whole: bool) -> dict[str, pa.Table]:
    lenses = partition.lenses.values()
    return (all_tables if whole else delta_tables)(
        partition.profiles,
        partition.pending,
        {state.lens.name: LensRows(state.standings, state.seen) for state in lenses},
    )


def partition_of(
    identity: Identity, rules: TaskRules, restored: Restored, models: Models
) -> Partition:
    """The state that the last block left."""
    head = restored.head
    made = Partition(
        identity,
        rules,
        restored.profiles(rules.bounds),
        restored.pending(),
        model_version=head.model_version,
        promoted_ms=head.promoted_ms,
    )
    made.outcomes.update(head.outcomes)
    for lens in head.lenses:
        made.lenses[lens.name] = _lens_state(made, lens, restored, models)
    return made


def _head(partition: Partition, store: Store, midnight_ms: int | None, *, whole: bool) -> Head:
    identity, profiles = partition.identity, partition.profiles
    return Head(
        schema=SCHEMA,
        group=identity.group,
        topic=identity.topic,
        partitions=identity.partitions,
        partition=identity.partition,
        fingerprint=partition.rules.fingerprint,
        sequence=store.sequence,
        kind=CHECKPOINT if whole else DELTA,
        begin=store.begin,
        end=store.position,
        last=store.last,
        midnight=midnight_ms,
        half_life_ms=profiles.bounds.half_life_ms,
        marks=tuple(profiles.marks().tolist()),
        opened=int(partition.pending.marks[OPENED]),
        model_version=partition.model_version,
        promoted_ms=partition.promoted_ms,
        lenses=tuple(_lens_head(state) for state in partition.lenses.values()),
        outcomes=dict(partition.outcomes),
        customers=len(profiles),
    )


def _lens_head(state: LensState) -> LensHead:
    lens = state.lens
    return LensHead(
        name=lens.name,
        version=lens.version,
        needs=lens.needs,
        segments=tuple((segment.id, segment.name) for segment in lens.segments),
        positions=tuple(map(tuple, lens.shapes.positions.tolist())),
        centroid_segments=tuple(lens.shapes.segments.tolist()),
    )


def _lens_state(
    partition: Partition, head: LensHead, restored: Restored, models: Models
) -> LensState:
    model = models.model(head.version).lens(head.name)
    if model is None:
        raise BlockError(
            f"partition {partition.identity.partition} has the lens {head.name!r} of model "
            f"{head.version}, which has no such lens: segment-models is not the one it was "
            "written with"
        )
    shapes = Shapes(np.array(head.positions), np.array(head.centroid_segments, np.int64))
    return LensState(
        compile_lens(model, head.version).with_shapes(shapes),
        learner_for(partition.rules, model),
        restored.standings(head.name),
        restored.seen(head.name),
    )
