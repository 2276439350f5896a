"""Agglomerative clustering at one number of segments after the other, each tree made once.

What takes long is the tree; bootstrap samples are the same at every number, so their trees are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xxhash import xxh3_128_digest

from snapshot.clusterers import clusterer_of
from snapshot.clusterers.agglomerative import Agglomerative, cut
from snapshot.clusterers.parameters import wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.clusterers import Clusterer, Clusters
    from snapshot.clusterers.tree import Tree
    from stream.model.arrays import Floats


@dataclass(frozen=True, slots=True)
class RememberedTrees:
    """The same clusters as without remembering: held so by a test."""

    clusterer: Agglomerative
    trees: dict[bytes, Tree] = field(default_factory=dict)
    """By their points; as many as there are bootstrap samples, and one more."""

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        count, key = wanted(points, k), xxh3_128_digest(points.tobytes())
        if key not in self.trees:
            self.trees[key] = self.clusterer.tree(points)
        return cut(points, count, self.trees[key])


def for_many_k(name: str, parameters: Mapping[str, object]) -> Clusterer:
    """The clusterer, with a memory where that saves most of the work."""
    made = clusterer_of(name, parameters)
    return RememberedTrees(made) if isinstance(made, Agglomerative) else made
