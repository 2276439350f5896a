"""How many lines that say the very same came before a line in its source.

Equal lines lie at one instant, and lines come in order of time: so only the last
instant's counts are carried from batch to batch, and where batches were cut makes no
difference. What is carried is 16 bytes for each different line of that one instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from producers.replaying.made_ids import Hashes
    from stream.log.batch import Ints


class Occurrences:
    """Counts on from batch to batch.

    >>> seen = Occurrences()
    >>> lines = np.array([7, 7, 9], np.uint64)
    >>> seen.of(lines, np.array([1, 1, 2])), seen.of(lines[2:], np.array([2]))
    (array([0, 1, 0]), array([1]))
    """

    def __init__(self) -> None:
        self._at_ms = 0
        self._lines = np.empty(0, np.uint64)
        self._counts = np.empty(0, np.int64)

    def of(self, lines: Hashes, times: Ints) -> Ints:
        """How many equal ones came before each of these; equal lines have equal times."""
        if len(lines) == 0:
            return np.empty(0, np.int64)
        before = _earlier_here(lines)
        same = times == self._at_ms
        before[same] += self._carried(lines[same])
        self._carry(lines, times, before)
        return before

    def _carried(self, lines: Hashes) -> Ints:
        if len(self._lines) == 0:
            return np.zeros(len(lines), np.int64)
        at = np.minimum(np.searchsorted(self._lines, lines), len(self._lines) - 1)
        return np.where(self._lines[at] == lines, self._counts[at], 0)

    def _carry(self, lines: Hashes, times: Ints, before: Ints) -> None:
        last = times == times[-1]
        lines, counts = lines[last], before[last] + 1
        if times[-1] == self._at_ms:
            lines = np.concatenate((self._lines, lines))
            counts = np.concatenate((self._counts, counts))
        # Of equal lines the highest count holds: it comes last where sorted by both.
        order = np.lexsort((counts, lines))
        lines, counts = lines[order], counts[order]
        highest = np.append(lines[1:] != lines[:-1], True)
        self._at_ms = int(times[-1])
        self._lines, self._counts = lines[highest], counts[highest]


def _earlier_here(lines: Hashes) -> Ints:
    order = np.argsort(lines, kind="stable")
    numbers = np.arange(len(lines))
    first = np.append(True, lines[order][1:] != lines[order][:-1])
    before = np.empty(len(lines), np.int64)
    before[order] = numbers - np.maximum.accumulate(np.where(first, numbers, 0))
    return before
