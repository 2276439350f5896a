"""Lines as records on their way out: rows and ticks in order, each with its partition.

A tick is one record that goes to every partition; so a batch is some records, and a list
of what goes where, in the order in which event time has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from producers.replaying.encode import encoded
from producers.replaying.progress_mark import (
    place_of_row,
    place_of_tick,
    row_headers,
    tick_headers,
)
from producers.replaying.survey import instants
from producers.text_bytes import text_bytes
from stream.contracts.bounds import FIRST_INSTANT
from stream.contracts.commands import Tick
from stream.log.batch import Record, Records, Spans
from stream.log.partitioning import partitions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from producers.replaying.ticks import PlacedTick
    from stream.log.batch import Ints


class LeftOut(NamedTuple):
    """Lines that are not sent, by why."""

    outside: int = 0
    repeated: int = 0
    already_there: int = 0


NOTHING_LEFT_OUT = LeftOut()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Records and where each goes: parallel arrays, in the order of sending."""

    records: Records
    record: Ints  # which of the records
    partition: Ints
    event_ms: Ints
    place: Ints  # see progress_mark
    is_row: NDArray[np.bool_]
    left_out: LeftOut = NOTHING_LEFT_OUT

    def __len__(self) -> int:
        return len(self.record)

    def leaving_out(self, left_out: LeftOut) -> Outgoing:
        return replace(self, left_out=left_out)

    def after(self, tails: Ints) -> Outgoing:
        """Without what is there already: up to `tails[partition]`, a place in the replay."""
        new = self.place > tails[self.partition]
        there = int(np.count_nonzero(self.is_row & ~new))
        if new.all():
            return self
        return replace(
            self,
            record=self.record[new],
            partition=self.partition[new],
            event_ms=self.event_ms[new],
            place=self.place[new],
            is_row=self.is_row[new],
            left_out=self.left_out._replace(already_there=self.left_out.already_there + there),
        )

    def by_partition(self, start: int, stop: int, sent_ms: int) -> Iterator[tuple[int, Records]]:
        """Each partition's share of what is from `start` to `stop`, in order."""
        partition = self.partition[start:stop]
        order = np.argsort(partition, kind="stable")
        here, starts = np.unique(partition[order], return_index=True)
        for number, rows in zip(here.tolist(), np.split(order, starts[1:]), strict=True):
            share = self.records.take(self.record[start:stop][rows])
            yield number, replace(share, timestamps=np.full(len(rows), sent_ms, np.int64))


class Sender(NamedTuple):
    """What all batches of one replay have in common."""

    fingerprint: str
    partitions: int


def outgoing(
    lines: pa.RecordBatch, rows: Ints, ticks: Sequence[PlacedTick], sender: Sender
) -> Outgoing:
    """The lines, numbered `rows`, with the ticks in front of them where they belong."""
    records = _row_records(lines, rows, sender)
    line, tick = _interleaved(len(rows), ticks, sender.partitions)
    is_row = tick < 0
    # Where there is no tick, the last of these stands, and is not looked at.
    instant = np.array([*(at.instant_ms for at in ticks), 0], np.int64)
    number = np.array([*(at.number for at in ticks), 0], np.int64)
    partition = np.empty(len(line), np.int64)
    partition[is_row] = partitions_of(records, sender.partitions)
    partition[~is_row] = np.tile(np.arange(sender.partitions), len(ticks))
    tick_records = [
        _tick(int(rows[at.line]), at.number, at.instant_ms, sender.fingerprint) for at in ticks
    ]
    return Outgoing(
        records=_together(records, Records.of(tick_records)) if ticks else records,
        record=np.where(is_row, line, len(rows) + tick),
        partition=partition,
        event_ms=np.where(is_row, instants(lines)[line], instant[tick]),
        place=np.where(is_row, place_of_row(rows[line]), place_of_tick(rows[line], number[tick])),
        is_row=is_row,
    )


def tick_for_all(row: int, number: int, instant_ms: int, sender: Sender) -> Outgoing:
    """One tick to every partition, in front of a row that may never come."""
    everywhere = np.arange(sender.partitions)
    return Outgoing(
        records=Records.of([_tick(row, number, instant_ms, sender.fingerprint)]),
        record=np.zeros_like(everywhere),
        partition=everywhere,
        event_ms=np.full_like(everywhere, instant_ms),
        place=np.full_like(everywhere, place_of_tick(row, number)),
        is_row=np.zeros(sender.partitions, np.bool_),
    )


def nothing(left_out: LeftOut) -> Outgoing:
    """No record, only what was left out."""
    none = np.empty(0, np.int64)
    return Outgoing(Records.of([]), none, none, none, none, np.empty(0, np.bool_), left_out)


def _interleaved(lines: int, ticks: Sequence[PlacedTick], partitions: int) -> tuple[Ints, Ints]:
    """For everything sent: the line it is or stands in front of, and the tick it is, or -1."""
    at = np.repeat(np.array([tick.line for tick in ticks], np.int64), partitions)
    numbers = np.repeat(np.arange(len(ticks)), partitions)
    return np.insert(np.arange(lines), at, at), np.insert(np.full(lines, -1), at, numbers)


def _row_records(lines: pa.RecordBatch, rows: Ints, sender: Sender) -> Records:
    """The lines as records over one buffer: all values, then all keys, then all headers."""
    values, keys = text_bytes(encoded(lines)), text_bytes(lines["customer_id"])
    headers = row_headers(sender.fingerprint, rows)
    length = len(headers) // max(1, len(rows))
    keys_start = len(values.data)
    headers_start = keys_start + len(keys.data)
    return Records(
        np.concatenate((values.data, keys.data, headers)),
        Spans(keys_start + keys.starts, keys.lengths),
        Spans(values.starts, values.lengths),
        Spans(headers_start + np.arange(len(rows)) * length, np.full(len(rows), length)),
        np.zeros(len(rows), np.int64),
    )


def _tick(row: int, number: int, instant_ms: int, fingerprint: str) -> Record:
    instant = FIRST_INSTANT + timedelta(milliseconds=instant_ms)
    headers = tick_headers(fingerprint, row, number)
    return Record(None, Tick(instant=instant).to_json(), 0, headers)


def _together(first: Records, second: Records) -> Records:
    def spans(one: Spans, other: Spans) -> Spans:
        return Spans(
            np.concatenate((one.starts, other.starts + len(first.buffer))),
            np.concatenate((one.lengths, other.lengths)),
        )

    return Records(
        np.concatenate((first.buffer, second.buffer)),
        spans(first.keys, second.keys),
        spans(first.values, second.values),
        spans(first.headers, second.headers),
        np.concatenate((first.timestamps, second.timestamps)),
    )
