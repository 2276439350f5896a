"""Customers with their segments: as the log has them now, or as a snapshot had them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.history import history_of
from snapshot.marks import PATIENCE_SECONDS, chain_of
from snapshot.moment import PartitionAt, moment_of
from snapshot.reading_at import partition_at
from stream.blocks.reading import restore
from stream.errors import InputError, TopicMissing
from stream.profile.state import Profiles
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.moment import Moment
    from stream.contracts.segment import SegmentRef
    from stream.log.seam import Log
    from stream.profile.layout import Ints
    from stream.settings import Settings
    from stream.topics import Topics


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Everybody who is in a segment of a lens at an instant, sorted by id."""

    instant_ms: int
    """All that occurred before it is known."""

    ids: Sequence[str]
    segments: tuple[SegmentRef, ...]
    segment: Ints
    """The place of each one's segment."""


def present(log: Log, topics: Topics, settings: Settings, lens: str) -> Population:
    """As of the last commit of every partition; no running worker is asked."""
    try:
        count = log.partitions(topics.profiles)
    except TopicMissing:
        raise InputError(
            f"there are no profiles on {log.name} yet: run `shoal consume` first"
        ) from None
    partitions = [_partition(log, topics, settings, one, count) for one in range(count)]
    latest_ms = max(one.profiles.sweep_ms for one in partitions)
    if latest_ms == NEVER:
        raise InputError(f"there is no customer on {log.name} yet: run `shoal consume` first")
    after_ms = latest_ms + 1  # what occurred at that very instant is in the profiles already
    return _in_lens(moment_of(partitions, (), after_ms), lens, log.name)


def past(settings: Settings, lens: str, when_ms: int) -> Population:
    """As the latest snapshot at or before an instant has them."""
    history = history_of(settings)
    moment = history.read(history.at(when_ms), ())
    return _in_lens(moment, lens, str(history.directory))


def _partition(
    log: Log, topics: Topics, settings: Settings, partition: int, count: int
) -> PartitionAt:
    bounds = settings.profiles.bounds(settings.consume.grace_ms)
    end = log.settled_end(topics.profiles, partition, PATIENCE_SECONDS)
    chain = chain_of(topics, settings, partition, count)
    restored = restore(log, topics.profiles, partition, end, chain)
    return partition_at(restored, bounds) if restored else PartitionAt(Profiles(bounds), None, {})


def _in_lens(moment: Moment, lens: str, where: str) -> Population:
    if lens not in moment.lenses:
        known = ", ".join(sorted(moment.lenses))
        raise InputError(
            f"nobody on {where} has a segment in the lens {lens!r}: "
            + (f"there is {known}" if known else "the first model is still to come")
        )
    found = moment.lenses[lens]
    rows = np.flatnonzero(found.published >= 0)
    ids = moment.table.ids
    return Population(
        moment.instant_ms,
        [ids[row] for row in rows.tolist()],
        found.segments,
        found.published[rows],
    )
