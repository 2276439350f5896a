"""One customer as the log has them: profile, place in each lens, and every change so far.

Read from the blocks of the one partition that the id belongs to, as a restoring task would,
and from that partition of the changes. Nothing is asked of a running worker. Only what is expected
of them is from elsewhere, the history of snapshots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.customer_expected import expected_of
from app.customer_standing import standing_of
from consumers.subscribe import read
from consumers.worker.models import LogModels
from snapshot.history import history_of
from stream.blocks.chain import Chain
from stream.blocks.reading import restore
from stream.errors import InputError
from stream.log.partitioning import partition_of
from stream.profile.catalogue import catalogue, features, labels
from stream.profile.events import hash_of
from stream.profile.graves import times_erased
from stream.profile.layout import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.customer_expected import Expected
    from app.customer_standing import Standing
    from app.wiring import Wiring
    from stream.blocks.block import Block
    from stream.blocks.restored import Restored
    from stream.contracts.change import SegmentChange
    from stream.log.batch import Records
    from stream.log.seam import Log
    from stream.model.arrays import Ints
    from stream.profile.kept import Bounds
    from stream.profile.state import Profiles
    from stream.topics import Topics

    Progress = Callable[[str], None]

PATIENCE_SECONDS = 150.0
POLL_SECONDS = 1.0
BLOCKS_A_WORD = 50


@dataclass(frozen=True, slots=True)
class Customer:
    """What there is to know, at the event time of the customer's partition."""

    customer_id: str
    partition: int
    at_ms: int
    half_life_days: int
    features: dict[str, float]
    labels: dict[str, str | None]
    standings: tuple[Standing, ...]
    history: tuple[SegmentChange, ...]
    expected: Expected | None


def customer_of(wiring: Wiring, customer_id: str, progress: Progress) -> Customer:
    """`InputError` where there is no such customer."""
    with wiring.open_existing_log() as log:
        return _Reading(log, wiring, customer_id, progress).customer()


class _Reading:
    def __init__(self, log: Log, wiring: Wiring, customer_id: str, progress: Progress) -> None:
        self._log, self._settings = log, wiring.settings
        self._topics: Topics = wiring.topics()
        self._id, self._progress = customer_id, progress
        self._partitions = _partitions(log, self._topics)
        self._partition = partition_of(customer_id.encode(), self._partitions)

    def customer(self) -> Customer:
        restored = self._restored()
        profiles = restored.profiles(self._bounds(restored)) if restored else None
        row = profiles.row_of(self._id) if profiles else None
        if restored is None or profiles is None or row is None:
            raise InputError(self._nobody(restored))
        models = LogModels(self._log, self._topics.models)
        return Customer(
            self._id,
            self._partition,
            profiles.sweep_ms,
            restored.head.half_life_ms // DAY_MS,
            _features(profiles, row),
            labels(profiles, row),
            tuple(
                standing_of(lens, restored, profiles, row, models) for lens in restored.head.lenses
            ),
            tuple(self._history()),
            self._expected(restored),
        )

    def _expected(self, restored: Restored) -> Expected | None:
        graves = restored.graves
        mine = graves["erased_ms"][graves["key"] == np.uint64(hash_of(self._id))].tolist()
        return expected_of(history_of(self._settings), self._id, max(mine, default=None))

    def _restored(self) -> Restored | None:
        """The partition's state, as far as everything is decided."""
        topic, partition = self._topics.profiles, self._partition
        end = self._log.settled_end(topic, partition, PATIENCE_SECONDS)
        chain = Chain(
            topic=self._topics.transactions, partitions=self._partitions, partition=partition
        )
        blocks = 0

        def told(_: Block, __: Restored) -> None:
            nonlocal blocks
            blocks += 1
            if blocks % BLOCKS_A_WORD == 0:
                self._progress(f"reading {topic}[{partition}]: {blocks:,} blocks")

        return restore(self._log, topic, partition, end, chain, told)

    def _nobody(self, restored: Restored | None) -> str:
        if restored is None:
            return (
                f"there are no profiles on {self._topics.profiles}[{self._partition}], where "
                f"customer {self._id!r} belongs: run `shoal consume` first"
            )
        if times_erased(restored.graves, hash_of(self._id)):
            return f"customer {self._id!r} was erased"
        return (
            f"there is no customer {self._id!r} on {self._log.name}: of all transactions that "
            f"were consumed so far ({self._topics.transactions}[{self._partition}] up to "
            f"{restored.head.end:,}) none is theirs"
        )

    def _bounds(self, restored: Restored) -> Bounds:
        """The settings', but what decays is read as it was folded, whatever is set now."""
        bounds = self._settings.profiles.bounds(self._settings.consume.grace_ms)
        return bounds._replace(half_life_ms=restored.head.half_life_ms)

    def _history(self) -> Iterator[SegmentChange]:
        topic, partition, key = self._topics.changes, self._partition, self._id.encode()
        start, end = self._log.bounds(topic)[partition]
        with self._log.reader(topic, {partition: start}) as reader:
            while reader.positions()[partition] < end:
                for batch in reader.poll(POLL_SECONDS):
                    for row in rows_of_key(batch.records, key).tolist():
                        change = read(batch.records[row])
                        if change is not None:
                            yield change
                self._progress(f"reading {topic}: {reader.positions()[partition]:,} of {end:,}")


def rows_of_key(records: Records, key: bytes) -> Ints:
    """Which records have this key; no object is made of the others."""
    keys = records.keys
    found = np.flatnonzero(keys.lengths == len(key))
    for place, byte in enumerate(key):
        found = found[records.buffer[keys.starts[found] + place] == byte]
    return found


def _partitions(log: Log, topics: Topics) -> int:
    if topics.profiles not in {topic.name for topic in log.topics()}:
        raise InputError(f"there are no profiles on {log.name} yet: run `shoal consume` first")
    return log.partitions(topics.profiles)


def _features(profiles: Profiles, row: int) -> dict[str, float]:
    names = [one.name for one in catalogue(profiles.bounds.half_life_ms // DAY_MS)]
    values = features(profiles, np.array([row]), profiles.sweep_ms, names)[0]
    return dict(zip(names, values.tolist(), strict=True))
