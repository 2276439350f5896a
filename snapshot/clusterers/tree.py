"""The tree of customers who are merged step by step, which can be cut at any number of segments.

Apart from the clusterer so that it can be drawn: cuts at several k are nested in each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from snapshot.clusterers.one_thread import one_thread

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

Linkage = Literal["ward", "average", "complete", "single"]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """All merges of some points, from the nearest to the farthest."""

    merges: Floats
    """As scipy has them: what is merged with what, how far apart they were, how many it makes.
    Below the number of points it is a point, from there on an earlier merge."""

    def cut(self, k: int) -> Ints:
        """For each point its branch, numbered by the first point that is in it.

        The last merges are left undone: any two cuts are nested.
        """
        _, first, branches = np.unique(self._roots(k), return_index=True, return_inverse=True)
        order = np.argsort(np.argsort(first))
        return order[branches].astype(np.int64)

    def top(self, branches: int) -> Top:
        """The last merges alone, of so many branches."""
        leaves = len(self.merges) + 1
        upper, roots = self.merges[leaves - branches :], self._roots(branches)
        numbers: dict[int, int] = {}
        for child in upper[:, :2].astype(np.int64).ravel().tolist():
            if child < 2 * leaves - branches:
                numbers[child] = len(numbers)
        members = tuple(np.flatnonzero(roots == child) for child in numbers)
        numbers |= {2 * leaves - branches + step: branches + step for step in range(len(upper))}
        joins = (
            Join(numbers[int(left)], numbers[int(right)], float(height))
            for left, right, height, _ in upper
        )
        return Top(members, tuple(joins))

    def between(self, k: int) -> float:
        """A height at which the tree has k branches; at ties the one above."""
        heights = self.merges[::-1, 2]
        return float(heights[k - 2 : k].mean())

    def _roots(self, k: int) -> Ints:
        """For each point the merge, or the point, that is its branch when there are k."""
        leaves = len(self.merges) + 1
        above = np.arange(2 * leaves - 1)
        for step in range(leaves - k - 1, -1, -1):
            left, right = self.merges[step, :2].astype(np.int64)
            above[[left, right]] = above[leaves + step]
        return above[:leaves]


@dataclass(frozen=True, slots=True)
class Join:
    """Two branches that become one: numbers below the number of branches are these, the others
    earlier joins, counted on."""

    left: int
    right: int
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """A tree from some branches up."""

    members: tuple[Ints, ...]
    """Of each branch the points that are in it."""

    joins: tuple[Join, ...]


def tree_of(points: Floats, linkage: Linkage = "ward") -> Tree:
    """The tree of these points; memory grows with their square."""
    from scipy.cluster.hierarchy import linkage as merged

    with one_thread():
        return Tree(merged(points, method=linkage))
