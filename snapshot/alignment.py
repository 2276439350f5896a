"""Which segment of a new clustering is which of the old one: by the members that they share.

A refit numbers its clusters as it likes, and gives four customers in five another raw label at the
very same partition. What a segment is, is who is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

SAME = 0.5
"""From this Jaccard index on two segments are one: what they share is half of all they have. More
than one pair with more than that can't be claimed by anybody else."""

MOST = 0.5
"""Who has this share of another's members stands for it, or comes from it."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Old segments and new ones, by their places, and who is in both."""

    shared: Ints
    """A row an old segment, a column a new one: how many customers are in both."""

    heirs: Ints
    """For each new segment the old one whose identity it keeps, or `NONE`."""

    @property
    def jaccard(self) -> Floats:
        """The shared members as a share of both segments' together."""
        before, after = self.shared.sum(axis=1), self.shared.sum(axis=0)
        both: Ints = np.maximum(before[:, None] + after[None, :] - self.shared, 1)
        return self.shared / both

    def born(self) -> list[int]:
        """New segments that are nobody's heir."""
        return np.flatnonzero(self.heirs == NONE).tolist()

    def retired(self) -> list[int]:
        """Old segments without an heir."""
        return sorted(set(range(len(self.shared))) - set(self.heirs.tolist()))

    def split(self) -> list[int]:
        """Old segments that several new ones have most of their members from."""
        after = np.maximum(self.shared.sum(axis=0), 1)
        parts = (self.shared >= MOST * after[None, :]) & (self.shared > 0)
        return np.flatnonzero(parts.sum(axis=1) > 1).tolist()

    def merged(self) -> list[int]:
        """New segments that most of the members of several old ones went to."""
        before = np.maximum(self.shared.sum(axis=1), 1)
        parts = (self.shared >= MOST * before[:, None]) & (self.shared > 0)
        return np.flatnonzero(parts.sum(axis=0) > 1).tolist()


def align(before: Ints, after: Ints, before_count: int, after_count: int) -> Alignment:
    """The alignment of two labellings of the same customers.

    Labels are places, or `NONE`: who has none of either says nothing. Of all ways to pair the
    segments the one with the most shared members is taken, and of its pairs those that are one
    segment by `SAME`.

    >>> align(np.array([0, 0, 0, 1, 1]), np.array([1, 1, 0, 0, 0]), 2, 2).heirs.tolist()
    [1, 0]
    """
    from scipy.optimize import linear_sum_assignment

    both = (before != NONE) & (after != NONE)
    pairs = before[both] * after_count + after[both]
    counts = np.bincount(pairs, minlength=before_count * after_count)
    shared = counts.reshape(before_count, after_count)
    heirs = np.full(after_count, NONE, np.int64)
    alignment = Alignment(shared, heirs)
    old, new = linear_sum_assignment(shared, maximize=True)
    same = alignment.jaccard[old, new] >= SAME
    heirs[new[same]] = old[same]
    return alignment
