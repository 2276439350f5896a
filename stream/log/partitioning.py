"""Which partition a key belongs to: murmur2, as Kafka's own clients have it.

Kept the same as theirs so that records of a user's own producer lie where Shoal's
tasks look for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints, Records


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of one key.

    >>> partition_of(b"17850", 8)
    7
    """
    data = np.frombuffer(key, np.uint8)
    return int(_partitions(data, np.zeros(1, np.int64), np.array([len(key)]), partitions)[0])


def partitions_of(records: Records, partitions: int) -> Ints:
    """The partition of every record, by its key."""
    return _partitions(records.buffer, records.keys.starts, records.keys.lengths, partitions)


@compiled
def _partitions(data: Bytes, starts: Ints, lengths: Ints, partitions: int) -> Ints:
    out = np.empty(len(starts), np.int64)
    for i in range(len(starts)):
        positive = _murmur2(bare(data), starts[i], max(lengths[i], 0)) & np.uint32(0x7FFFFFFF)
        out[i] = np.int64(positive) % partitions
    return out


@compiled
def _murmur2(data: Bytes, start: int, length: int) -> np.uint32:
    mix = np.uint32(0x5BD1E995)
    h = np.uint32(np.uint32(0x9747B28C) ^ np.uint32(length))
    for i in range(length // 4):
        k = np.uint32(0)
        for byte in range(4):
            k |= np.uint32(data[start + i * 4 + byte]) << np.uint32(8 * byte)
        k = np.uint32(k * mix)
        k ^= k >> np.uint32(24)
        h = np.uint32(np.uint32(h * mix) ^ np.uint32(k * mix))
    tail = length % 4
    for byte in range(tail - 1, -1, -1):
        h ^= np.uint32(data[start + length - tail + byte]) << np.uint32(8 * byte)
    if tail:
        h = np.uint32(h * mix)
    h ^= h >> np.uint32(13)
    h = np.uint32(h * mix)
    return np.uint32(h ^ (h >> np.uint32(15)))
