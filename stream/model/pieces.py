"""Texts by the thousand without an object for each: spans over one source, joined row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stream.compiled import bare, compiled
from stream.log.batch import Spans
from stream.model.digits import DIGITS, in_digits, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.batch import Bytes
    from stream.model.arrays import Floats, Ints

BACKSLASH, U = b"\\u"
SECONDS, MILLISECONDS = len("1970-01-01T00:00:00"), len("1970-01-01T00:00:00.000")


class Source:
    """Collects what rows are made of; what it gives says where each row's piece lies.

    >>> source = Source(2)
    >>> words, sums = source.choice([b"a=", b"b="], np.array([1, 0])), np.array([[0.5], [np.nan]])
    >>> text, _ = source.joined([words, *source.numbers(sums), source.constant(b";")])
    >>> text.tobytes()
    b'b=0.5;a=null;'
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._parts: list[bytes | memoryview] = []
        self._end = 0

    def constant(self, text: bytes) -> Spans:
        """The same for all rows."""
        return Spans(np.array(self._add(text)), np.array(len(text)))

    def choice(self, texts: Sequence[bytes], places: Ints) -> Spans:
        """One of few texts for each row; the last one where the place is -1."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        starts = self._add(b"".join(texts)) + np.cumsum(lengths) - lengths
        return Spans(starts[places], lengths[places])

    def texts(self, together: Bytes, lengths: Ints) -> Spans:
        """A text of its own for each row."""
        return Spans(self._add(together) + np.cumsum(lengths) - lengths, lengths)

    def json_texts(self, together: Bytes, lengths: Ints) -> Spans:
        """The same as they are written between the quotes of JSON."""
        encoded = msgspec.json.encode(together.tobytes().decode())
        ends = _ends_in_json(np.frombuffer(encoded, np.uint8), np.cumsum(lengths))
        starts = np.concatenate([[1], ends[:-1]])
        return Spans(self._add(encoded) + starts, ends - starts)

    def numbers(self, table: Floats, digits: int = DIGITS) -> list[Spans]:
        """Each column's numbers as JSON has them, in so many digits; null for what isn't finite."""
        texts, starts, lengths = in_digits(table.T.ravel(), digits)
        columns = (self._add(texts) + starts).reshape(table.shape[::-1])
        return list(map(Spans, columns, lengths.reshape(columns.shape)))

    def wholes(self, column: Ints) -> Spans:
        """Whole numbers, none of them below zero."""
        texts, starts, lengths = whole_numbers(column)
        return Spans(self._add(texts) + starts, lengths)

    def instants(self, at_ms: Ints) -> Spans:
        """Times in UTC without the zone: `1970-01-01T00:00:00`, or with milliseconds if any."""
        wide = np.datetime_as_string(at_ms.astype("datetime64[ms]"), unit="ms")
        letters = wide.view(np.uint32).reshape(len(at_ms), -1).astype(np.uint8)
        starts = self._add(letters.ravel()) + np.arange(len(at_ms)) * letters.shape[1]
        return Spans(starts, np.where(at_ms % 1000 == 0, SECONDS, MILLISECONDS))

    def joined(self, row: Sequence[Spans]) -> tuple[Bytes, Ints]:
        """All rows, one after the other, each of these pieces; and the lengths, a line a piece."""
        starts = np.empty((len(row), self._rows), np.int64)
        lengths = np.empty((len(row), self._rows), np.int64)
        for place, spans in enumerate(row):
            starts[place], lengths[place] = spans
        into = np.empty(int(lengths.sum()), np.uint8)
        _join(np.frombuffer(b"".join(self._parts), np.uint8), starts, lengths, into)
        return into, lengths

    def _add(self, part: bytes | Bytes) -> int:
        """Where it begins."""
        self._parts.append(part if isinstance(part, bytes) else part.data)
        self._end += len(part)
        return self._end - len(part)


def where(there: Ints, spans: Spans) -> Spans:
    """The piece where there is 1, and nothing where there is 0."""
    return Spans(spans.starts, spans.lengths * there)


@compiled
def _join(source: Bytes, starts: Ints, lengths: Ints, into: Bytes) -> None:
    at, found, target = 0, bare(source), bare(into)
    for row in range(starts.shape[1]):
        for piece in range(starts.shape[0]):
            start, length = starts[piece, row], lengths[piece, row]
            for k in range(length):
                target[at + k] = found[start + k]
            at += length


@compiled
def _ends_in_json(encoded: Bytes, ends: Ints) -> Ints:
    """Where texts end in the JSON of all of them together, from where they end without it."""
    found = np.empty(len(ends), np.int64)
    at, place = 0, 1
    for text in range(len(ends)):
        while at < ends[text]:
            if encoded[place] != BACKSLASH:
                place += 1
            else:
                place += 6 if encoded[place + 1] == U else 2
            at += 1
        found[text] = place
    return found
