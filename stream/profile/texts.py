"""Many short texts in one piece of memory, each found by its number: customers' ids.

A Python string each would take as much as a quarter of their profiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.log.batch import Spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stream.log.batch import Bytes, Ints

SMALLEST_ROOM = 1024
MOST_IN_32_BITS = 2**32 - 1


class Texts:
    """Numbered from 0 as they are added.

    >>> texts = Texts([b"17850", b"13047"])
    >>> texts.add(b"12583")
    >>> texts.forget(1)
    >>> [texts[number] for number in range(len(texts))]
    [b'17850', b'', b'12583']
    """

    def __init__(self, texts: Sequence[bytes] = ()) -> None:
        self._bytes = bytearray(b"".join(texts))
        self._ends: NDArray[np.unsignedinteger] = np.zeros(
            max(len(texts), SMALLEST_ROOM), self._kind_of_ends()
        )
        self._used = len(texts)
        self._ends[: self._used] = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))

    def __len__(self) -> int:
        return self._used

    def __getitem__(self, number: int) -> bytes:
        start, end = self._place(number)
        return bytes(self._bytes[start:end])

    @property
    def nbytes(self) -> int:
        return len(self._bytes) + self._used * self._ends.itemsize

    def add(self, text: bytes) -> None:
        self._bytes += text
        self._make_room()
        self._ends[self._used] = len(self._bytes)
        self._used += 1

    def extend(self, together: Bytes, lengths: Ints) -> None:
        """Adds many that lie one after the other."""
        self._bytes += together.data
        self._make_room(len(lengths))
        ends = np.cumsum(lengths) + (len(self._bytes) - len(together))
        self._ends[self._used : self._used + len(lengths)] = ends
        self._used += len(lengths)

    def taken(self, numbers: Ints) -> tuple[Bytes, Ints]:
        """These, one after the other, and the length of each."""
        ends = self._ends[numbers].astype(np.int64)
        starts = np.where(numbers > 0, self._ends[numbers - 1], 0).astype(np.int64)
        lengths = ends - starts
        return laid_together(np.frombuffer(self._bytes, np.uint8), Spans(starts, lengths)), lengths

    def copy(self) -> Texts:
        made = Texts()
        made._bytes, made._ends, made._used = self._bytes[:], self._ends.copy(), self._used
        return made

    def forget(self, number: int) -> None:
        """Leaves nothing of a text but its number."""
        start, end = self._place(number)
        self._bytes[start:end] = bytes(end - start)
        del self._bytes[start:end]
        self._ends[number : self._used] -= self._ends.dtype.type(end - start)

    def together(self) -> bytes:
        """All of them without anything between."""
        return bytes(self._bytes)

    def _place(self, number: int) -> tuple[int, int]:
        start = int(self._ends[number - 1]) if number else 0
        return start, int(self._ends[number])

    def _make_room(self, coming: int = 1) -> None:
        kind, needed = self._kind_of_ends(), self._used + coming
        if needed > len(self._ends) or kind != self._ends.dtype:
            room = needed + max(self._used // 2, SMALLEST_ROOM)
            ends = np.zeros(room, kind)
            ends[: self._used] = self._ends[: self._used]
            self._ends = ends

    def _kind_of_ends(self) -> np.dtype[np.unsignedinteger]:
        return np.dtype(np.uint32 if len(self._bytes) <= MOST_IN_32_BITS else np.uint64)


def laid_together(texts: Bytes, spans: Spans) -> Bytes:
    """These texts one after the other; a null takes no place."""
    starts, lengths = spans
    into = np.empty(int(np.maximum(lengths, 0).sum()), np.uint8)
    _copy(texts, starts, lengths, into)
    return into


@compiled
def _copy(texts: Bytes, starts: Ints, lengths: Ints, into: Bytes) -> None:
    at, source, target = 0, bare(texts), bare(into)
    for i in range(len(starts)):
        for place in range(starts[i], starts[i] + lengths[i]):
            target[at] = source[place]
            at += 1
