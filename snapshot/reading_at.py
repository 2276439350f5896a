"""Partitions as they were at a midnight: their blocks read through the mark that names it.

Rule 23 of the exactly-once rules: so everybody who reads a midnight reads the same, however much
later, and whatever the tasks have done since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.marks import PATIENCE_SECONDS, chain_of
from snapshot.moment import LensPart, PartitionAt
from stream.blocks.reading import BlockReader
from stream.contracts.segment import SegmentRef
from stream.errors import LogError, PositionOutOfRange
from stream.profile.state import Profiles

if TYPE_CHECKING:
    from snapshot.midnights import Mark, PartitionMarks
    from stream.blocks.head import LensHead
    from stream.blocks.restored import Restored
    from stream.log.seam import Log
    from stream.profile.kept import Bounds
    from stream.profile.layout import Rows
    from stream.settings import Settings
    from stream.topics import Topics


class Missed(LogError):
    """A midnight that can't be read any more: a checkpoint after it has replaced its blocks."""


def partitions_at(
    log: Log,
    topics: Topics,
    settings: Settings,
    partitions: list[PartitionMarks],
    midnight_ms: int | None,
) -> list[PartitionAt]:
    """All partitions at a midnight that each of them has marked; None means as they are now.

    Whoever was erased since then isn't there any more. `Missed` where a worker has truncated the
    blocks meanwhile.
    """
    reading = _Reading(log, topics, settings, len(partitions))
    found = []
    for number, marks in enumerate(partitions):
        mark = None if midnight_ms is None else marks.marks.get(midnight_ms)
        is_empty = marks.sequence == 0 if midnight_ms is None else mark is None
        found.append(
            PartitionAt(Profiles(reading.bounds), None, {})
            if is_empty
            else reading.at(number, mark, marks.graves)
        )
    return found


def partition_at(restored: Restored, bounds: Bounds, graves: Rows | None = None) -> PartitionAt:
    """What a snapshot looks at, of a state that is handed over for good."""
    profiles = restored.profiles(bounds)
    if graves is not None:
        _without(profiles, restored.graves, graves)
    return PartitionAt(
        profiles,
        restored.head.model_version,
        {lens.name: _lens_part(restored, lens) for lens in restored.head.lenses},
    )


class _Reading:
    """One partition after the other, so that only one is held in the form of blocks."""

    def __init__(self, log: Log, topics: Topics, settings: Settings, count: int) -> None:
        self._log, self._topics, self._settings, self._count = log, topics, settings, count
        self.bounds = settings.profiles.bounds(settings.consume.grace_ms)

    def at(self, partition: int, mark: Mark | None, graves: Rows) -> PartitionAt:
        restored = self._through(partition, mark) if mark else self._to_the_end(partition)
        return partition_at(restored, self.bounds, graves)

    def _through(self, partition: int, mark: Mark) -> Restored:
        """From the last checkpoint at or before the mark, through the block that ends there."""
        place = f"{self._topics.profiles}[{partition}]"
        try:
            restored = self._read(partition, mark.offset + 1)
        except PositionOutOfRange as gone:
            raise Missed(f"{place} was cut off up to record {gone.start} meanwhile") from None
        if restored is None or restored.head.sequence != mark.sequence:
            raise Missed(f"{place} was cut off past block {mark.sequence} meanwhile")
        return restored

    def _to_the_end(self, partition: int) -> Restored:
        topic = self._topics.profiles
        restored = self._read(partition, self._log.settled_end(topic, partition, PATIENCE_SECONDS))
        assert restored is not None  # a block was seen there, and checkpoints only replace
        return restored

    def _read(self, partition: int, end: int) -> Restored | None:
        chain = chain_of(self._topics, self._settings, partition, self._count)
        restored = None
        with BlockReader(self._log, self._topics.profiles, partition, chain) as reader:
            for block in reader.until(end):
                restored = reader.applied(block, restored)
        return restored


def _lens_part(restored: Restored, lens: LensHead) -> LensPart:
    return LensPart(
        version=lens.version,
        segments=tuple(SegmentRef(id=one, name=name) for one, name in lens.segments),
        standings=restored.standings(lens.name),
        positions=np.array(lens.positions, np.float64),
        centroid_segments=np.array(lens.centroid_segments, np.int64),
    )


def _without(profiles: Profiles, then: Rows, now: Rows) -> None:
    """Leaves out who lies in a grave by now in which they did not lie then."""
    known = dict(zip(then["key"].tolist(), then["times"].tolist(), strict=True))
    pairs = zip(now["key"].tolist(), now["times"].tolist(), strict=True)
    newer = [key for key, times in pairs if known.get(key, 0) < times]
    if newer:
        keys = profiles.state.profiles["key"]
        keys[np.isin(keys, np.array(newer, np.uint64))] = 0
