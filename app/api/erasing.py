"""Erasures asked for over HTTP: written to the log, and followed to where nothing is left.

How far one is can be told from its place on the log alone, by any process and after any restart:
nothing about it is remembered here.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stream.blocks.block import decode_part
from stream.contracts.commands import Erasure
from stream.errors import LogUnavailable, PositionOutOfRange
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.wiring import Wiring
    from stream.blocks.head import Head
    from stream.log.seam import Log

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 20.0
TRIES = 5
LOOKS_BACK = (3, 50)
"""How many offsets before a position the last block is looked for: marks may lie between."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where on `transactions` an erasure lies."""

    partition: int
    position: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What of a customer is gone, in the order in which it goes."""

    profile: bool
    """The task that owns the customer has come to the erasure."""

    tables: bool
    """The sink has written a state that is without them."""

    blocks: bool
    """The blocks that still held the profile are cut off the log."""


class Eraser:
    """Opens the log for each question: they are few."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._topics = wiring, wiring.topics()

    @property
    def profiles(self) -> str:
        """The topic that tables stand in."""
        return self._topics.profiles

    def erase(self, customer_id: str, now_ms: int) -> Place:
        """Writes the command; the customer is forgotten where their task comes to it."""
        key = customer_id.encode()
        command = Erasure(
            customer_id=customer_id, requested_at=datetime.fromtimestamp(now_ms / 1000, UTC)
        )
        record = Record(key, command.to_json(), now_ms)
        topic = self._topics.transactions
        with self._wiring.open_existing_log() as log:
            partition = partition_of(key, log.partitions(topic))
            before = log.bounds(topic)[partition].end
            with log.writer() as writer:
                writer.append(topic, partition, Records.of([record]))
                writer.flush()
            return Place(partition, _found(log, topic, partition, before, record))

    def progress(self, place: Place, tables_position: int | None) -> Progress:
        """`tables_position`: where the tables stand in the partition's profiles."""
        for _ in range(TRIES):
            with suppress(PositionOutOfRange):  # blocks were cut off while they were looked at
                return self._progress(place, tables_position)
        raise LogUnavailable("blocks are cut off faster than they can be looked at: ask again")

    def _progress(self, place: Place, tables_position: int | None) -> Progress:
        topics, partition = self._topics, place.partition
        with self._wiring.open_existing_log() as log:
            there = log.bounds(topics.transactions).get(partition)
            if there is None or place.position >= there.end:
                raise UnknownErasure
            committed = log.committed(self._wiring.settings.group, topics.transactions)
            if committed.get(partition, 0) <= place.position:
                return Progress(profile=False, tables=False, blocks=False)
            blocks = _Blocks(log, topics.profiles, partition)
            return Progress(
                profile=True,
                tables=blocks.knows(tables_position, place.position),
                blocks=blocks.begins_after(place.position),
            )


class UnknownErasure(Exception):
    """There is no record at that place."""


def _found(log: Log, topic: str, partition: int, before: int, record: Record) -> int:
    """Where the record came to lie, from the end that the partition had before it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with log.reader(topic, {partition: before}) as reader:
        while time.monotonic() < deadline:
            for batch in reader.poll(POLL_SECONDS):
                for offset, one in batch:
                    if (one.key, one.value) == (record.key, record.value):
                        return offset
    raise LogUnavailable(
        f"the erasure is written to {topic}[{partition}], and can't be read there yet: a "
        "transaction before it is still open. Ask for it again to follow it"
    )


class _Blocks:
    """One partition's blocks, looked at without being applied."""

    def __init__(self, log: Log, topic: str, partition: int) -> None:
        self._log, self._topic, self._partition = log, topic, partition
        self._start, self._end = log.bounds(topic)[partition]

    def knows(self, tables_position: int | None, position: int) -> bool:
        """Whether tables that stand there have all up to a place in the transactions."""
        if tables_position is None:
            return False
        for back in LOOKS_BACK:
            heads = [head for _, head in self._heads(tables_position - back, tables_position)]
            if heads:
                return heads[-1].end > position
        return False

    def begins_after(self, position: int) -> bool:
        """Whether even the oldest block that is there knows of the erasure."""
        first = next(self._heads(self._start, self._end), None)
        return first is not None and first[1].end > position

    def _heads(self, start: int, end: int) -> Iterator[tuple[int, Head]]:
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return
        with self._log.reader(self._topic, {self._partition: start}) as reader:
            while reader.positions()[self._partition] < end:
                for batch in reader.poll(POLL_SECONDS):
                    for offset, record in batch:
                        if start <= offset < end:
                            yield offset, decode_part(record.value).head
