"""Records by the batch: keys, values, headers and timestamps as spans over one buffer.

One Python object a record is what makes streaming in Python slow; here a batch is a
handful of arrays, and a single record is only a view made when somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.log.headers import decode_headers, encode_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.int64]

NULL = -1  # the length of a key or value that is not there


class Record(NamedTuple):
    """One record, on its own. `timestamp` is in milliseconds since 1970."""

    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: tuple[tuple[str, bytes | None], ...] = ()


class Spans(NamedTuple):
    """Where each record's bytes lie in the buffer; a length of -1 stands for null."""

    starts: Ints
    lengths: Ints

    def take(self, rows: Ints) -> Spans:
        return Spans(self.starts[rows], self.lengths[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """Records without a place in any log yet, in the order they are to have.

    Headers are spans of Kafka's wire form (see `stream.log.headers`); a length of 0
    stands for none.

    >>> records = Records.of([Record(b"c1", b"{}", 0), Record(None, b"tick", 5)])
    >>> len(records), records[1]
    (2, Record(key=None, value=b'tick', timestamp=5, headers=()))
    """

    buffer: Bytes
    keys: Spans
    values: Spans
    headers: Spans
    timestamps: Ints

    @classmethod
    def of(cls, records: Iterable[Record]) -> Records:
        """Records from single ones: for the few (commands, tests), not for the many."""
        pieces: list[bytes] = []
        spans: list[tuple[int, int]] = []
        timestamps: list[int] = []
        end = 0
        for record in records:
            for piece in (record.key, record.value, encode_headers(record.headers)):
                spans.append((end, NULL if piece is None else len(piece)))
                pieces.append(piece or b"")
                end += len(pieces[-1])
            timestamps.append(record.timestamp)
        table = np.array(spans, np.int64).reshape(-1, 3, 2)
        keys, values, headers = (
            Spans(table[:, i, 0].copy(), table[:, i, 1].copy()) for i in range(3)
        )
        buffer = np.frombuffer(b"".join(pieces), np.uint8)
        return cls(buffer, keys, values, headers, np.array(timestamps, np.int64))

    def __len__(self) -> int:
        return len(self.timestamps)

    def __getitem__(self, row: int) -> Record:
        headers = self._bytes(self.headers, row) or b""
        return Record(
            self._bytes(self.keys, row),
            self._bytes(self.values, row),
            int(self.timestamps[row]),
            decode_headers(headers),
        )

    def __iter__(self) -> Iterator[Record]:
        return (self[row] for row in range(len(self)))

    def take(self, rows: Ints) -> Records:
        """The records of these rows, in this order, over the same buffer."""
        return Records(
            self.buffer,
            self.keys.take(rows),
            self.values.take(rows),
            self.headers.take(rows),
            self.timestamps[rows],
        )

    def slice(self, start: int, stop: int | None = None) -> Records:
        return self.take(np.arange(len(self))[start:stop])

    @classmethod
    def together(cls, several: Sequence[Records]) -> Records:
        """All of them, in this order.

        >>> one, two = (Records.of([Record(b"c1", value, 0)]) for value in (b"1", b"2"))
        >>> [record.value for record in Records.together([one, two])]
        [b'1', b'2']
        """
        sizes = np.array([len(records.buffer) for records in several], np.int64)
        begins = np.repeat(np.cumsum(sizes) - sizes, [len(records) for records in several])

        def joined(spans: list[Spans]) -> Spans:
            starts = np.concatenate([span.starts for span in spans]) + begins
            return Spans(starts, np.concatenate([span.lengths for span in spans]))

        buffer = np.concatenate([records.buffer for records in several])
        buffer.flags.writeable = False  # as one alone is: compiled code is compiled for that once
        return cls(
            buffer,
            joined([records.keys for records in several]),
            joined([records.values for records in several]),
            joined([records.headers for records in several]),
            np.concatenate([records.timestamps for records in several]),
        )

    def _bytes(self, spans: Spans, row: int) -> bytes | None:
        start, length = int(spans.starts[row]), int(spans.lengths[row])
        return None if length < 0 else self.buffer[start : start + length].tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class RecordBatch:
    """Records as they lie in one partition of a log.

    `offsets` grow, with holes where a log has something else than records (commit
    marks). `next_offset` is where reading goes on after this batch, and so the position
    to commit once all of it was dealt with.
    """

    topic: str
    partition: int
    offsets: Ints
    next_offset: int
    records: Records

    @property
    def first_offset(self) -> int:
        return int(self.offsets[0])

    def __len__(self) -> int:
        return len(self.offsets)

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        return zip(self.offsets.tolist(), self.records, strict=True)

    @classmethod
    def together(cls, batches: Sequence[RecordBatch]) -> RecordBatch:
        """Batches of one partition that follow each other as one, for those whom each costs."""
        if len(batches) == 1:
            return batches[0]
        first, last = batches[0], batches[-1]
        offsets = np.concatenate([batch.offsets for batch in batches])
        records = Records.together([batch.records for batch in batches])
        return cls(first.topic, first.partition, offsets, last.next_offset, records)

    def parts(self, most: int) -> Iterator[RecordBatch]:
        """The same in batches of at most so many records; an empty one is one part."""
        for begin in range(0, max(len(self), 1), most):
            end = begin + most
            last = end >= len(self)
            yield RecordBatch(
                self.topic,
                self.partition,
                self.offsets[begin:end],
                self.next_offset if last else int(self.offsets[end]),
                self.records if last and begin == 0 else self.records.slice(begin, end),
            )

    def starting_at(self, position: int) -> RecordBatch:
        """This batch without the records before `position`."""
        skipped = int(np.searchsorted(self.offsets, position))
        if skipped == 0:
            return self
        rest = self.records.slice(skipped)
        return RecordBatch(
            self.topic, self.partition, self.offsets[skipped:], self.next_offset, rest
        )
