"""Profiles without their zeros: which words of 4 bytes a row has, then those words.

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

    from stream.profile.layout import Ints, Rows

    Offsets = NDArray[np.int32]
    Words = NDArray[np.uint32]

WORD = 4  # bytes
WORDS = PROFILE.itemsize // WORD
BITS = 8 * WORD
HEADS = -(-WORDS // BITS)
"""How many words it takes to say which of a row's are there."""

NOBODYS = np.uint32(2**BITS - 2 ** (WORDS - (HEADS - 1) * BITS))
"""The bits of the last of them that stand for no word."""

LEFT_OUT = ("newest_order", "touched")
"""How the list of orders lies, and what the next block takes: not state."""

SOUND = -1


def _stored_bits() -> Words:
    stored = np.zeros(PROFILE.itemsize, np.uint8)
    for name, (kind, begin, *_) in (PROFILE.fields or {}).items():
        if name not in LEFT_OUT:
            stored[begin : begin + kind.itemsize] = 0xFF
    return stored.view(np.uint32)


STORED = _stored_bits()
"""The bits of each word that are stored."""


def packed(profiles: Rows, rows: Ints) -> tuple[Words, Offsets]:
    """These rows of profiles one after the other, and where each begins, in bytes."""
    most = len(rows) * (HEADS + WORDS) + 1
    # Arrow keeps memory that was given back; pages fresh from the system take longer than packing.
    into = np.frombuffer(pa.allocate_buffer(most * WORD), np.uint32)
    offsets = np.zeros(len(rows) + 1, np.int32)
    used = _pack(_as_words(profiles), rows, STORED, into, offsets)
    return into[:used], offsets


def unpack(data: Words, offsets: Offsets, rows: Ints, profiles: Rows) -> None:
    """Puts what was packed into these rows of profiles. `BlockError` where it is no profile."""
    bad = _unpack(data, offsets, rows, _as_words(profiles))
    if bad != SOUND:
        raise BlockError(f"has no profile for row {rows[bad]}, but other bytes")


def _as_words(profiles: Rows) -> Words:
    words: Words = profiles.view(np.uint32).reshape(-1, WORDS)
    return words


@compiled
def _pack(words: Words, rows: Ints, stored: Words, into: Words, offsets: Offsets) -> int:
    at, target, source, masks = 0, bare(into), bare(words), bare(stored)
    for i in range(len(rows)):
        begin, heads = rows[i] * WORDS, at
        at += HEADS
        for head in range(HEADS):
            present = np.uint32(0)
            for column in range(head * BITS, min((head + 1) * BITS, WORDS)):
                word = source[begin + column] & masks[column]
                target[at] = word  # and written over where it is nothing
                there = word != 0
                present |= np.uint32(there) << np.uint32(column % BITS)
                at += there
            target[heads + head] = present
        offsets[i + 1] = at * WORD
    return at


@compiled
def _unpack(data: Words, offsets: Offsets, rows: Ints, words: Words) -> int:
    """The first row that is none, or -1."""
    for i in range(len(rows)):
        begin, end = np.int64(offsets[i]), np.int64(offsets[i + 1])
        if begin < 0 or begin % WORD or end % WORD or end > len(data) * WORD:
            return i
        heads, last = begin // WORD, end // WORD
        at = heads + HEADS
        if at > last or data[at - 1] & NOBODYS != 0:
            return i
        for column in range(WORDS):
            there = (data[heads + column // BITS] >> np.uint32(column % BITS)) & np.uint32(1)
            if there and at >= last:
                return i
            words[rows[i], column] = data[at] if there else np.uint32(0)
            at += np.int64(there)
        if at != last:
            return i
    return SOUND
