"""A share of a source's records as what one transaction writes, and what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.bridging.aligned import NEVER
from app.bridging.mapping import LeftOut
from producers.replaying.ticks import Midnights
from stream.contracts.bounds import FIRST_INSTANT
from stream.contracts.commands import Tick
from stream.contracts.dead_letter import DeadLetter
from stream.contracts.refusal import Refused
from stream.log.batch import Record, Records
from stream.log.dead_letter import dead_letter
from stream.log.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bridging.aligned import Crossing
    from stream.log.seam import Transaction
    from stream.topics import Topics

HEADER = "shoal-bridged-from"
LIVE_MS = 60 * 60 * 1000
"""Younger midnights are for the workers to tell: on a live stream they write ticks."""

CROSSED = "crossed"


@dataclass(slots=True)
class Crossed:
    """`records` of the source by what became of them: crossed, left out, or refused and why."""

    records: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    ticks: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    most_behind_ms: int = 0
    """How far a line lay behind those before it, at most."""

    def __add__(self, other: Crossed) -> Crossed:
        firsts = [at for at in (self.first_ms, other.first_ms) if at is not None]
        lasts = [at for at in (self.last_ms, other.last_ms) if at is not None]
        return Crossed(
            self.records + other.records,
            self.refused + other.refused,
            self.lines + other.lines,
            self.ticks + other.ticks,
            min(firsts, default=None),
            max(lasts, default=None),
            max(self.most_behind_ms, other.most_behind_ms),
        )

    def __len__(self) -> int:
        return self.records.total()


def cross(
    transaction: Transaction,
    topics: Topics,
    source_topic: str,
    crossings: Sequence[Crossing],
    event_ms: int | None,
    now_ms: int,
    *,
    ticks: bool,
) -> Crossed:
    """Writes lines, dead letters and, while this is history, the midnights between.

    `event_ms` is how far event time had come before.
    """
    writing = _Writing(topics, source_topic, event_ms, now_ms)
    placed = _ticks(crossings, event_ms, now_ms) if ticks else {}
    for row, crossing in enumerate(crossings):
        for instant_ms in placed.get(row, ()):
            writing.tick(instant_ms)
        writing.crossing(crossing)
    writing.append_to(transaction)
    return writing.crossed


def _ticks(
    crossings: Sequence[Crossing], event_ms: int | None, now_ms: int
) -> dict[int, list[int]]:
    """The midnights in front of each record, by its row."""
    rows = [row for row, one in enumerate(crossings) if one.reached_ms != NEVER]
    if not rows:
        return {}
    midnights = Midnights(latest_ms=now_ms - LIVE_MS)
    midnights.come_to_ms = event_ms
    times = np.array([crossings[row].reached_ms for row in rows], np.int64)
    placed: dict[int, list[int]] = defaultdict(list)
    for tick in midnights.passed(np.maximum.accumulate(times)):
        placed[rows[tick.line]].append(tick.instant_ms)
    return placed


class _Writing:
    def __init__(
        self, topics: Topics, source_topic: str, event_ms: int | None, now_ms: int
    ) -> None:
        self._topics, self._source_topic, self._now_ms = topics, source_topic, now_ms
        self._lines: dict[int, list[Record]] = defaultdict(list)
        self._letters: dict[int, list[Record]] = defaultdict(list)
        self._latest_ms = NEVER if event_ms is None else event_ms
        self.crossed = Crossed()

    def tick(self, instant_ms: int) -> None:
        """To every partition: one without a line that day would not hear of it."""
        value = Tick(instant=FIRST_INSTANT + timedelta(milliseconds=instant_ms)).to_json()
        for partition in range(self._topics.partitions):
            self._lines[partition].append(Record(None, value, self._now_ms))
        self.crossed.ticks += 1

    def crossing(self, crossing: Crossing) -> None:
        mapped = crossing.mapped
        if isinstance(mapped, Refused):
            self._refuse(crossing, mapped)
        elif isinstance(mapped, LeftOut):
            self.crossed.records[str(mapped)] += 1
        else:
            self._cross(crossing)

    def append_to(self, transaction: Transaction) -> None:
        for topic, by_partition in (
            (self._topics.transactions, self._lines),
            (self._topics.dead_letters, self._letters),
        ):
            for partition, records in by_partition.items():
                transaction.append(topic, partition, Records.of(records))

    def _cross(self, crossing: Crossing) -> None:
        assert isinstance(crossing.mapped, list)
        place = f"{self._source_topic}/{crossing.partition}/{crossing.offset}".encode()
        for line in crossing.mapped:
            partition = partition_of(line.key, self._topics.partitions)
            record = Record(line.key, line.value, self._now_ms, ((HEADER, place),))
            self._lines[partition].append(record)
            self._note(line.at_ms)
        self.crossed.records[CROSSED] += 1
        self.crossed.lines += len(crossing.mapped)

    def _note(self, at_ms: int) -> None:
        told = self.crossed
        told.first_ms = at_ms if told.first_ms is None else min(told.first_ms, at_ms)
        told.last_ms = at_ms if told.last_ms is None else max(told.last_ms, at_ms)
        if self._latest_ms != NEVER:
            told.most_behind_ms = max(told.most_behind_ms, self._latest_ms - at_ms)
        self._latest_ms = max(self._latest_ms, at_ms)

    def _refuse(self, crossing: Crossing, why: Refused) -> None:
        """As it came. Its key is the source's and says nothing of a customer's partition."""
        about = DeadLetter(
            reason=why.reason,
            detail=why.detail,
            topic=self._source_topic,
            partition=crossing.partition,
            offset=crossing.offset,
            refused_at=FIRST_INSTANT + timedelta(milliseconds=self._now_ms),
        ).to_headers()
        most = self._topics.max_message_bytes
        letter = dead_letter(crossing.record, about, self._now_ms, most)
        self._letters[crossing.partition % self._topics.partitions].append(letter)
        self.crossed.records["dead_letter"] += 1
        self.crossed.refused[str(why.reason)] += 1
