"""Customers merged step by step until k clusters are left: by Ward, or by other distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.clusterers.clusters import clusters_of
from snapshot.clusterers.parameters import Parameters, wanted
from snapshot.clusterers.sampling import followed, sampled_rows
from snapshot.clusterers.tree import Linkage, tree_of

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from snapshot.clusterers.tree import Tree
    from stream.model.arrays import Floats

LARGEST = 5_000
"""Above so many customers as many are merged, and the others go with the nearest of them: the
distances of all pairs are kept, 100 MB of them."""


class Agglomerative(Parameters):
    """scipy's. Ward merges what adds least to the squares, so its clusters have centres."""

    linkage: Linkage = "ward"

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        return cut(points, wanted(points, k), self.tree(points))

    def tree(self, points: Floats) -> Tree:
        """Of all of them, or of the sample that is merged."""
        return tree_of(points[sampled_rows(len(points), LARGEST)], self.linkage)


def cut(points: Floats, k: int, tree: Tree) -> Clusters:
    """So many clusters of the tree that these points make."""
    rows, labels = sampled_rows(len(points), LARGEST), tree.cut(k)
    if len(rows) < len(points):
        places, _ = followed(points, points[rows])
        labels = labels[places]
    return clusters_of(points, labels)
