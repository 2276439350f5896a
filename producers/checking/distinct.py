"""How many different values, and how many repeats, in bounded memory.

Exact while there are at most `most` different ones. Then only hashes that end in zero
bits are kept, a sample that is the same whatever the order, and counts are scaled up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.checking.report import Count

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_KEPT = 4_000_000  # 48 MB, and twice that while merging
MERGED_AT = 1_000_000


class DistinctHashes:
    """Takes 64-bit hashes, batch by batch."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._level = 0  # hashes kept have this many zero bits at their end
        self._hashes = np.zeros(0, dtype=np.uint64)
        self._copies = np.zeros(0, dtype=np.uint32)
        self._waiting: list[NDArray[np.uint64]] = []
        self._waiting_count = 0

    def add(self, hashes: NDArray[np.uint64]) -> None:
        self._waiting.append(hashes[self._sampled(hashes)] if self._level else hashes)
        self._waiting_count += len(self._waiting[-1])
        if self._waiting_count >= MERGED_AT:
            self._merge()

    def distinct(self) -> Count:
        self._merge()
        return self._scaled(len(self._hashes))

    def repeats(self) -> Count:
        """Second and later copies."""
        self._merge()
        return self._scaled(int(self._copies.sum(dtype=np.int64)) - len(self._hashes))

    def _scaled(self, kept: int) -> Count:
        return Count(kept << self._level, is_exact=self._level == 0)

    def _merge(self) -> None:
        """Both sides are sorted, so that only what is new makes a copy of what is kept."""
        waiting = np.concatenate([np.zeros(0, dtype=np.uint64), *self._waiting])
        self._waiting, self._waiting_count = [], 0
        hashes, copies = np.unique(waiting, return_counts=True)
        places = np.searchsorted(self._hashes, hashes)
        known = places < len(self._hashes)
        known[known] = self._hashes[places[known]] == hashes[known]
        self._copies[places[known]] += copies[known].astype(np.uint32)
        new = ~known
        self._copies = np.insert(self._copies, places[new], copies[new].astype(np.uint32))
        self._hashes = np.insert(self._hashes, places[new], hashes[new])
        while len(self._hashes) > self._most:
            self._level += 1
            kept = self._sampled(self._hashes)
            self._hashes, self._copies = self._hashes[kept], self._copies[kept]

    def _sampled(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        sampled: NDArray[np.bool_] = (hashes & np.uint64((1 << self._level) - 1)) == 0
        return sampled
