"""Every partition's profiles as they were last committed, read from the log like a restoring task.

For now the end of the log is what counts; a snapshot of an instant before it comes with its marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.blocks.chain import Chain
from stream.blocks.reading import restore
from stream.errors import InputError, TopicMissing
from stream.settings.fingerprint import fingerprint

if TYPE_CHECKING:
    from stream.blocks.head import Head
    from stream.log.seam import Log
    from stream.profile.state import Profiles
    from stream.settings import Settings
    from stream.topics import Topics

PATIENCE_SECONDS = 150.0
"""Longer than the transaction of a dead worker may stay open."""


@dataclass(frozen=True, slots=True)
class PartitionState:
    """One partition at the end of its blocks."""

    head: Head
    """What the last block says of itself: model version, centroids, times."""

    profiles: Profiles


def read_partitions(log: Log, topics: Topics, settings: Settings) -> list[PartitionState]:
    """Every partition that has blocks, in order."""
    count = _partitions(log, topics)
    found = (_read(log, topics, settings, partition, count) for partition in range(count))
    return [state for state in found if state is not None]


def read_partition(log: Log, topics: Topics, settings: Settings, partition: int) -> PartitionState:
    """One of them."""
    count = _partitions(log, topics)
    if partition >= count:
        raise InputError(f"there is no partition {partition}: {topics.profiles} has {count}")
    state = _read(log, topics, settings, partition, count)
    if state is None:
        raise InputError(
            f"{topics.profiles}[{partition}] has no profiles yet: run `shoal consume` first"
        )
    return state


def _partitions(log: Log, topics: Topics) -> int:
    try:
        return log.partitions(topics.profiles)
    except TopicMissing:
        raise TopicMissing(
            f"there is no topic {topics.profiles}, so there are no profiles yet: `shoal consume` "
            "makes both"
        ) from None


def _read(
    log: Log, topics: Topics, settings: Settings, partition: int, count: int
) -> PartitionState | None:
    """Up to an end that nothing undecided lies before."""
    end = log.settled_end(topics.profiles, partition, PATIENCE_SECONDS)
    chain = Chain(
        topic=topics.transactions,
        partitions=count,
        partition=partition,
        fingerprint=fingerprint(settings),
    )
    restored = restore(log, topics.profiles, partition, end, chain)
    if restored is None:
        return None
    bounds = settings.profiles.bounds(settings.consume.grace_ms)
    return PartitionState(restored.head, restored.profiles(bounds))
