"""A customer forgotten: the profile, where they stood, what waited; what is left is a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.model.arrays import NONE
from stream.model.change import erased
from stream.profile.layout import NEVER
from stream.profile.pending import without_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.task.partition import Partition
    from stream.model.change import Changes


def erase(partition: Partition, customer_id: str, observed_ms: int) -> None:
    """Forgets somebody at this event time, and says so where they had a segment.

    Whoever isn't there is forgotten too: lines up to this event time may be still to come.
    """
    profiles, at_ms = partition.profiles, partition.profiles.sweep_ms
    row = profiles.row_of(customer_id)
    if row is not None:
        for change in _last_changes(partition, customer_id, row, at_ms):
            partition.told.change(change, partition.rules.changes_topic, observed_ms)
        partition.pending = without_row(partition.pending, row)
        for state in partition.lenses.values():
            state.widen(len(profiles))
            state.forget(row)
    if at_ms != NEVER:
        profiles.erase(customer_id, at_ms)


def _last_changes(
    partition: Partition, customer_id: str, row: int, at_ms: int
) -> Iterator[Changes]:
    for name, state in partition.lenses.items():
        state.widen(len(partition.profiles))
        standing = state.standings[row]
        previous = state.lens.segment(int(standing["segment"]))
        if standing["segment"] != NONE and previous is not None:
            sequence = int(standing["sequence"]) + 1
            incarnation = partition.profiles.incarnation(row)
            version = partition.model_version
            yield erased(name, customer_id, sequence, incarnation, previous, at_ms, version)
