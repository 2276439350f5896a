"""Which midnights each partition's blocks name, and which of them all partitions have. Pure.

A snapshot is taken at a midnight that every partition has marked, or before which nobody had
bought anything there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.profile import tables
from stream.profile.graves import GRAVE
from stream.profile.kept import SWEEP
from stream.profile.layout import NEVER

if TYPE_CHECKING:
    from stream.blocks.block import Block
    from stream.profile.layout import Rows


class Mark(NamedTuple):
    """Where a partition's blocks come to a midnight."""

    offset: int
    """The last record of the block that ends there."""

    sequence: int
    """That block's."""

    model_version: int | None
    """What the partition worked with then."""


@dataclass(slots=True)
class PartitionMarks:
    """What one partition's blocks say of themselves."""

    marks: dict[int, Mark] = field(default_factory=dict)
    """By the midnight."""

    first_ms: int | None = None
    """A time of the day on which anybody first bought something; None where nobody did yet."""

    is_whole: bool = True
    """Whether that day is known: nothing was cut off before it."""

    sweep_ms: int = NEVER
    position: int | None = None
    """How far the input was read; None where there is no block."""

    graves: Rows = field(default_factory=lambda: np.zeros(0, GRAVE))
    """Who was erased, as of the last block."""

    sequence: int = 0

    def see(self, block: Block, offset: int) -> None:
        head = block.head
        sweep_ms, ends_day = head.marks[SWEEP], head.midnight is not None
        if head.sequence != self.sequence + 1:  # what came before was cut off
            self.is_whole &= self.first_ms is not None or sweep_ms == NEVER
            self.marks.clear()
        if self.first_ms is None and sweep_ms != NEVER:
            self.first_ms = sweep_ms - ends_day
        self.sequence, self.position = head.sequence, head.end
        self.sweep_ms = max(self.sweep_ms, sweep_ms)
        if head.midnight is not None:
            self.marks.setdefault(head.midnight, Mark(offset, head.sequence, head.model_version))
        self._bury(tables.to_records(tables.GRAVES, block.tables.get(tables.GRAVES)))

    def was_empty_at(self, midnight_ms: int) -> bool:
        """Whether nobody had bought anything here by then, as far as blocks say it."""
        return (
            self.is_whole
            and self.first_ms is not None
            and midnight_ms <= self.first_ms
            and midnight_ms not in self.marks
        )

    def forget_before(self, start: int) -> None:
        """Marks that lie before where the topic begins now can't be read any more."""
        gone = [at for at, mark in self.marks.items() if mark.offset < start]
        for midnight_ms in gone:
            del self.marks[midnight_ms]

    def _bury(self, graves: Rows) -> None:
        if len(graves):
            kept = self.graves[~np.isin(self.graves["key"], graves["key"])]
            both = np.concatenate([kept, graves])
            self.graves = both[np.argsort(both["key"])]


@dataclass(slots=True)
class Midnights:
    """All partitions' marks."""

    partitions: list[PartitionMarks]

    def common(self) -> list[int]:
        """The midnights that can be read on every partition, the first one first."""
        known = [marks for marks in self.partitions if marks.first_ms is not None]
        candidates = {midnight_ms for marks in known for midnight_ms in marks.marks}
        return sorted(
            midnight_ms
            for midnight_ms in candidates
            if all(midnight_ms in marks.marks or marks.was_empty_at(midnight_ms) for marks in known)
        )

    def first_ms(self) -> int | None:
        """The day on which anybody first bought something, as far as is known; None at first."""
        known = [marks.first_ms for marks in self.partitions if marks.first_ms is not None]
        return min(known, default=None)

    def passed_ms(self) -> int | None:
        """How far event time has come on the partition where it is behind; None at first."""
        return min(self._sweeps(), default=None)

    def latest_ms(self) -> int | None:
        """How far it has come where it has come farthest; None at first."""
        return max(self._sweeps(), default=None)

    def versions_at(self, midnight_ms: int) -> set[int | None]:
        """The model versions that partitions with customers worked with then."""
        found = (marks.marks.get(midnight_ms) for marks in self.partitions)
        return {mark.model_version for mark in found if mark is not None}

    def lacking(self, midnight_ms: int) -> list[int]:
        """The partitions that have passed the midnight, and can't be read at it any more."""
        return [
            partition
            for partition, marks in enumerate(self.partitions)
            if marks.first_ms is not None
            and marks.sweep_ms >= midnight_ms
            and midnight_ms not in marks.marks
            and not marks.was_empty_at(midnight_ms)
        ]

    def _sweeps(self) -> list[int]:
        return [marks.sweep_ms for marks in self.partitions if marks.first_ms is not None]
