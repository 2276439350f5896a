"""Several partitions as one stream, in the order in which event time came to them.

Partitions that are spread anew have to be merged by event time: one that runs days ahead of the
others would make their lines too late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.contracts.columns import columns_of
from stream.contracts.commands import Tick
from stream.contracts.instant import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stream.contracts.commands import Command
    from stream.contracts.refusal import Refused
    from stream.log.batch import RecordBatch, Records
    from stream.log.seam import Log
    from stream.profile.layout import Ints

NEVER = -(2**63)
POLL_SECONDS = 1.0


class Piece(NamedTuple):
    """Records of one partition, with how far event time had come at each."""

    records: Records
    reached_ms: Ints
    others: Mapping[int, Command | Refused]
    """What is no line, by its row."""


class Stretch(NamedTuple):
    """Records that follow each other in the merged stream, all of one piece."""

    piece: Piece
    rows: Ints


class Source:
    """One partition up to its end, piece by piece."""

    def __init__(self, log: Log, topic: str, partition: int, begin: int, end: int) -> None:
        self._log, self._topic, self._partition = log, topic, partition
        self._position, self._end = begin, end
        self._reached_ms = NEVER

    def pieces(self) -> Iterator[Piece]:
        with self._log.reader(self._topic, {self._partition: self._position}) as reader:
            while self._position < self._end:
                for batch in reader.poll(POLL_SECONDS):
                    whole = len(batch)
                    kept = int(np.searchsorted(batch.offsets, self._end))
                    if kept:
                        yield self._piece(batch, kept)
                    if kept < whole:
                        return
                self._position = reader.positions()[self._partition]

    def _piece(self, batch: RecordBatch, kept: int) -> Piece:
        records = batch.records if kept == len(batch) else batch.records.slice(0, kept)
        columns = columns_of(records)
        at_ms = np.where(columns.is_line, columns.occurred_ms, NEVER)
        for row, other in columns.others.items():
            if isinstance(other, Tick):
                at_ms[row] = milliseconds(other.instant)
        reached_ms = np.maximum.accumulate(np.maximum(at_ms, self._reached_ms))
        self._reached_ms = int(reached_ms[-1])
        return Piece(records, reached_ms, columns.others)


def merged(sources: list[Source]) -> Iterator[Stretch]:
    """Everything of all sources; of equals the first source's come first."""
    streams = [source.pieces() for source in sources]
    heads: dict[int, _Head] = {}
    for number, stream in enumerate(streams):
        _take_next(stream, heads, number)
    while heads:
        first = min(heads, key=lambda number: (heads[number].next_ms, number))
        head = heads.pop(first)
        yield head.up_to(min((other.next_ms for other in heads.values()), default=None))
        if head.is_empty:
            _take_next(streams[first], heads, first)
        else:
            heads[first] = head


def _take_next(stream: Iterator[Piece], heads: dict[int, _Head], number: int) -> None:
    piece = next(stream, None)
    if piece is not None:
        heads[number] = _Head(piece)


class _Head:
    """What is left of a piece."""

    def __init__(self, piece: Piece) -> None:
        self._piece, self._begin = piece, 0

    @property
    def next_ms(self) -> int:
        return int(self._piece.reached_ms[self._begin])

    @property
    def is_empty(self) -> bool:
        return self._begin == len(self._piece.records)

    def up_to(self, other_ms: int | None) -> Stretch:
        """What comes before another source's next, and at least one."""
        end = len(self._piece.records)
        if other_ms is not None:
            end = int(np.searchsorted(self._piece.reached_ms, other_ms, side="right"))
        begin, self._begin = self._begin, max(end, self._begin + 1)
        return Stretch(self._piece, np.arange(begin, self._begin))
