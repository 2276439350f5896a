"""A partition of the transactions, read on from where it was: lines that count, and who is erased.

Bounded: a batch is decoded when it is its turn, and given out before the next one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.bought.admitting import Gate
from stream.contracts.columns import columns_of
from stream.contracts.commands import Erasure, Tick
from stream.contracts.instant import milliseconds
from stream.errors import LogError, PositionOutOfRange
from stream.log.partitioning import partition_of, partitions_of
from stream.profile.addressing import keys_differ
from stream.profile.events import hash_of
from stream.profile.products import NonProducts
from stream.profile.reading import EventReader
from stream.profile.span_texts import SpanTexts
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.contracts.columns import Columns
    from stream.contracts.commands import Command
    from stream.log.batch import RecordBatch
    from stream.log.seam import Log
    from stream.profile.layout import Ints, Rows
    from stream.settings import Settings

FOREVER = int(np.iinfo(np.int64).max)
POLL_SECONDS = 1.0
MOST_SILENT_POLLS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines that count, each once."""

    events: Rows
    """Records of `stream.profile.events.EVENT`."""

    products: SpanTexts
    """What each was of; empty where the line doesn't say."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody is to be forgotten."""

    customer: int
    """The hash of the customer's id."""


class Followed:
    """One partition; it goes on where it stopped, whoever reads meanwhile."""

    def __init__(self, log: Log, topic: str, partition: int, position: int, of: Settings) -> None:
        self._log, self._topic, self._partition = log, topic, partition
        self._partitions = log.partitions(topic)
        self._gate = Gate(of.profiles.bounds(of.consume.grace_ms))
        self._reader = EventReader(NonProducts(of.profiles.non_products))
        self.position = position
        """The offset of the next record that is looked at."""

    @property
    def sweep_ms(self) -> int:
        """How far event time has come; `NEVER` before the first line."""
        return self._gate.sweep_ms

    def until(self, instant_ms: int = FOREVER) -> Iterator[Lines | Erased]:
        """On to where event time comes to an instant, or to where the log ends now.

        A task's midnight is at the same place. What was cut off before it could be read is passed
        over; a topic that was made anew is a `PositionOutOfRange`.
        """
        while True:
            try:
                yield from self._on(instant_ms)
                return
            except PositionOutOfRange as gone:
                if gone.start <= self.position:
                    raise
                self.position = gone.start

    def _on(self, instant_ms: int) -> Iterator[Lines | Erased]:
        end = self._log.bounds(self._topic)[self._partition].end
        if self.position == end:
            return
        for batch in self._batches(end):
            yield from self._heard(batch, instant_ms)
            if self.position < batch.next_offset:
                return
        self.position = max(self.position, end)

    def _batches(self, end: int) -> Iterator[RecordBatch]:
        silent, is_beyond = 0, self.position > end
        with self._log.reader(self._topic, {self._partition: self.position}) as reader:
            while is_beyond or reader.positions()[self._partition] < end:
                batches = reader.poll(POLL_SECONDS)
                is_beyond = False  # or the reader had said that there is no such position
                silent = 0 if batches else silent + 1
                if silent > MOST_SILENT_POLLS:
                    raise LogError(
                        f"{self._topic}[{self._partition}] brings nothing more before its end: is "
                        "the log well?"
                    )
                yield from batches

    def _heard(self, batch: RecordBatch, until_ms: int) -> Iterator[Lines | Erased]:
        """What a batch says, from one command to the next, as far as event time allows."""
        columns = columns_of(batch.records)
        events = self._reader.read(batch.records, columns).events
        texts = SpanTexts(columns.buffer, columns.product_id)
        rows, begin = self._lines_here(batch, columns), 0
        for row, command in [*self._commands_here(batch, columns), (len(batch), None)]:
            end = int(np.searchsorted(rows, row))
            places, admitted = self._gate.admit(events[rows[begin:end]], until_ms)
            if len(places):
                chosen = rows[begin:end][places]
                yield Lines(events[chosen], texts.take(chosen))
            later = int(rows[begin + admitted]) if begin + admitted < end else None
            if later is None and self._is_for_later(command, until_ms):
                later = row
            if later is not None:
                self.position = int(batch.offsets[later])
                return
            yield from self._obeyed(command)
            begin = end
        self.position = batch.next_offset

    def _lines_here(self, batch: RecordBatch, columns: Columns) -> Ints:
        """The rows that are lines, and lie on the partition that their customer belongs to."""
        there = partitions_of(batch.records, self._partitions) == self._partition
        return np.flatnonzero(columns.is_line & there & ~keys_differ(batch.records, columns))

    def _commands_here(self, batch: RecordBatch, columns: Columns) -> list[tuple[int, Command]]:
        return [
            (row, command)
            for row, command in sorted(columns.others.items())
            if isinstance(command, Tick)
            or (isinstance(command, Erasure) and self._is_here(batch.records[row].key, command))
        ]

    def _is_here(self, key: bytes | None, erasure: Erasure) -> bool:
        return (
            key == erasure.customer_id.encode()
            and partition_of(key, self._partitions) == self._partition
        )

    def _is_for_later(self, command: Command | None, until_ms: int) -> bool:
        begun = self._gate.sweep_ms != NEVER
        return isinstance(command, Tick) and begun and milliseconds(command.instant) >= until_ms

    def _obeyed(self, command: Command | None) -> Iterator[Erased]:
        if isinstance(command, Tick):
            self._gate.tick(milliseconds(command.instant))
        elif isinstance(command, Erasure):
            self._gate.erase(hash_of(command.customer_id))
            yield Erased(hash_of(command.customer_id))
