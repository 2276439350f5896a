"""Profiles without their zeros: which words of 8 bytes a row has, then those words.

Most customers have few orders, so half of a row and more is nothing; this costs a hundredth of
what compressing costs (`docs/decisions/0008`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stream.compiled import bare, compiled
from stream.errors import BlockError
from stream.profile.layout import PROFILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Hashes, Ints, Rows

    Offsets = NDArray[np.int32]
    Spread = NDArray[np.uint64]

WORD = 8  # bytes
WORDS = PROFILE.itemsize // WORD
"""A row's; which of them are there has to fit one word itself."""

LEFT_OUT = ("newest_order", "touched")
"""How the list of orders lies, and what the next block takes: not state."""

SOUND = -1


def _stored_bits() -> Hashes:
    stored = np.zeros(PROFILE.itemsize, np.uint8)
    for name, (kind, begin, *_) in (PROFILE.fields or {}).items():
        if name not in LEFT_OUT:
            stored[begin : begin + kind.itemsize] = 0xFF
    return stored.view(np.uint64)


STORED = _stored_bits()
"""The bits of each word that are stored."""


def packed(profiles: Rows, rows: Ints) -> tuple[Hashes, Offsets]:
    """These rows of profiles one after the other, and where each begins, in bytes."""
    most = len(rows) * (WORDS + 1) + 1
    # Arrow keeps memory that was given back; pages fresh from the system take longer than packing.
    into = np.frombuffer(pa.allocate_buffer(most * WORD), np.uint64)
    offsets = np.zeros(len(rows) + 1, np.int32)
    used = _pack(_as_words(profiles), rows, STORED, into, offsets)
    return into[:used], offsets


def unpack(data: Hashes, offsets: Offsets, rows: Ints, profiles: Rows) -> None:
    """Puts what was packed into these rows of profiles. `BlockError` where it is no profile."""
    bad = _unpack(data, offsets, rows, _as_words(profiles))
    if bad != SOUND:
        raise BlockError(f"has no profile for row {rows[bad]}, but other bytes")


def _as_words(profiles: Rows) -> Spread:
    words: Spread = profiles.view(np.uint64).reshape(-1, WORDS)
    return words


@compiled
def _pack(words: Spread, rows: Ints, stored: Hashes, into: Hashes, offsets: Offsets) -> int:
    at, target = 0, bare(into)
    for i in range(len(rows)):
        row, place, present = words[rows[i]], at, np.uint64(0)
        at += 1
        for column in range(len(stored)):
            word = row[column] & stored[column]
            target[at] = word  # and written over where it is nothing
            there = word != 0
            present |= np.uint64(there) << np.uint64(column)
            at += there
        target[place] = present
        offsets[i + 1] = at * WORD
    return at


@compiled
def _unpack(data: Hashes, offsets: Offsets, rows: Ints, words: Spread) -> int:
    """The first row that is none, or -1."""
    columns = words.shape[1]
    for i in range(len(rows)):
        begin, end = np.int64(offsets[i]), np.int64(offsets[i + 1])
        if begin < 0 or begin % WORD or end % WORD or end <= begin or end > len(data) * WORD:
            return i
        at, last = begin // WORD, end // WORD
        present = data[at]
        for column in range(columns):
            there = (present >> np.uint64(column)) & np.uint64(1)
            at += np.int64(there)
            if at >= last:
                return i
            words[rows[i], column] = data[at] if there else np.uint64(0)
        if at != last - 1 or present >> np.uint64(columns) != 0:
            return i
    return SOUND
