"""Hashes of texts where they lie in a buffer, as `events.hash_of` makes them of single ones.

Apart from the algorithm because this is what Shoal makes of it: no hash is 0 but that of a text
which is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.contracts.bounds import MAX_TEXT
from stream.contracts.identity import SEPARATOR
from stream.xxh3 import xxh3

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints
    from stream.profile.layout import Hashes

BETWEEN = ord(SEPARATOR)
LONGEST_TEXT = 4 * MAX_TEXT  # in bytes
LONGEST_PAIR = 2 * LONGEST_TEXT + 1


@compiled
def hashes_of(data: Bytes, starts: Ints, lengths: Ints) -> Hashes:
    """The hash of each text; 0 where there is none."""
    hashes = np.zeros(len(starts), np.uint64)
    for i in range(len(starts)):
        if lengths[i] >= 0:
            hashes[i] = _hash(bare(data), starts[i], lengths[i])
    return hashes


@compiled
def pair_hashes_of(
    data: Bytes, starts: Ints, lengths: Ints, other_starts: Ints, other_lengths: Ints
) -> Hashes:
    """The hash of each two texts with the separator between them; 0 where one is missing."""
    hashes, pair = np.zeros(len(starts), np.uint64), np.empty(LONGEST_PAIR, np.uint8)
    for i in range(len(starts)):
        length, other = lengths[i], other_lengths[i]
        if 0 <= length <= LONGEST_TEXT and 0 <= other <= LONGEST_TEXT:
            _copy(bare(data), starts[i], length, bare(pair), 0)
            pair[length] = BETWEEN
            _copy(bare(data), other_starts[i], other, bare(pair), length + 1)
            hashes[i] = _hash(bare(pair), 0, length + 1 + other)
    return hashes


@compiled
def _copy(data: Bytes, start: int, length: int, target: Bytes, at: int) -> None:
    for k in range(length):
        target[at + k] = data[start + k]


@compiled
def _hash(data: Bytes, start: int, length: int) -> np.uint64:
    found = xxh3(data, start, length)
    return found if found != 0 else np.uint64(1)
