"""How far a replay got, read from the ends of its topic's partitions.

Other records may lie behind the replay's last one, so each tail is searched backwards in
growing steps. Nothing is believed but what the log has: a note of one's own could be
older than what was written before a crash, or newer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from producers.replaying.progress_mark import Mark, mark_of
from stream.errors import LogUnavailable, PositionOutOfRange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.batch import Ints, RecordBatch
    from stream.log.seam import Bounds, Log

FIRST_STEP = 1_000
STEP_GROWTH = 8
LARGEST_STEP = 4_000_000
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 30.0
NOTHING = -1


class Tails(NamedTuple):
    """For each partition the replay's last place there, or -1; and who else was met."""

    places: Ints
    others: frozenset[str]

    @property
    def found(self) -> bool:
        return bool((self.places > NOTHING).any())


def tails(log: Log, topic: str, fingerprint: str, *, only_near_end: bool = False) -> Tails:
    """Where the replay of this fingerprint ends in each partition.

    `only_near_end` looks at the last records only, for a question that may be answered wrongly.
    """
    bounds = log.bounds(topic)
    places = np.full(len(bounds), NOTHING, np.int64)
    others: set[str] = set()
    for partition, bound in bounds.items():
        for mark in _marks_backwards(log, topic, partition, bound):
            if mark is not None and mark.fingerprint == fingerprint:
                places[partition] = mark.place
                break
            if mark is not None:
                others.add(mark.fingerprint)
            elif only_near_end:
                break
    return Tails(places, frozenset(others))


def _marks_backwards(log: Log, topic: str, partition: int, bounds: Bounds) -> Iterator[Mark | None]:
    """The marks of the partition's records, the last first; null after each step."""
    stop, step = bounds.end, FIRST_STEP
    while stop > bounds.start:
        start = max(bounds.start, stop - step)
        for batch in reversed(_read(log, topic, partition, start, stop)):
            yield from _marks(batch, stop)
        yield None
        stop, step = start, min(step * STEP_GROWTH, LARGEST_STEP)


def _marks(batch: RecordBatch, stop: int) -> Iterator[Mark]:
    here = int(np.searchsorted(batch.offsets, stop))
    for row in np.flatnonzero(batch.records.headers.lengths[:here])[::-1].tolist():
        mark = mark_of(batch.records[row])
        if mark is not None:
            yield mark


def _read(log: Log, topic: str, partition: int, start: int, stop: int) -> list[RecordBatch]:
    """The batches from `start` to `stop`; what was truncated meanwhile is not missed."""
    read: list[RecordBatch] = []
    waited = 0.0
    with log.reader(topic, {partition: start}) as reader:
        while reader.positions()[partition] < stop:
            try:
                batches = reader.poll(POLL_SECONDS)
            except PositionOutOfRange as gone:
                return (
                    read if gone.start >= stop else _read(log, topic, partition, gone.start, stop)
                )
            read += batches
            waited = 0.0 if batches else waited + POLL_SECONDS
            if waited > PATIENCE_SECONDS:
                raise LogUnavailable(
                    f"{topic}[{partition}] brings nothing from {log.name} at "
                    f"{reader.positions()[partition]}, though it has records up to {stop}: "
                    "is its broker well?"
                )
    return read
