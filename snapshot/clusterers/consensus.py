"""Many k-means, each on other customers and with another number of clusters, asked to agree.

Who is together in most of them is together in the end: clusters of shapes that one k-means
can't find, and a confidence that says how often they agreed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from snapshot.clusterers.clusters import clusters_of, nearest
from snapshot.clusterers.kmeans import KMeans
from snapshot.clusterers.parameters import SEED, Parameters, require_places, wanted
from snapshot.clusterers.sampling import followed, sampled_rows
from snapshot.clusterers.tree import Tree

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats, Ints

LARGEST = 2_000
"""Customers who are compared pair by pair; the others go with the nearest of them."""

FINEST = 2
"""A member of the ensemble looks for up to so many times the clusters that are wanted."""


class Consensus(Parameters):
    """Average linkage over how often two customers were together."""

    members: Annotated[int, Field(ge=2, le=200)] = 20

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        count = wanted(points, k)
        sample = points[sampled_rows(len(points), LARGEST)]
        together = _together(sample, count, self.members)
        labels = _merged(together).cut(count)
        sure = _agreement(together, labels)
        if len(sample) < len(points):
            places, _ = followed(points, sample)
            labels, sure = labels[places], sure[places]
        return clusters_of(points, labels, sure)


def _together(sample: Floats, k: int, members: int) -> Floats:
    """For each pair in what share of the ensemble they are together."""
    rng = np.random.default_rng(SEED)
    together = np.zeros((len(sample), len(sample)))
    for member in range(members):
        drawn = sample[np.sort(rng.integers(len(sample), size=len(sample)))]
        wished = k + member % ((FINEST - 1) * k + 1)
        found = nearest(sample, _centres(drawn, sample, wished, k))
        together += found[:, None] == found[None, :]
    shares: Floats = together / members
    return shares


def _centres(drawn: Floats, sample: Floats, wished: int, k: int) -> Floats:
    """Of the customers who were drawn; where too few places were, of all."""
    places = len(np.unique(drawn, axis=0))
    usable = drawn if places > k else sample
    require_places(usable, k)
    most = len(np.unique(usable, axis=0)) - 1
    centres = KMeans(starts=1).fit(usable, min(wished, most)).centres
    assert centres is not None  # k-means always has some
    return centres


def _merged(together: Floats) -> Tree:
    from scipy.cluster.hierarchy import linkage

    upper = np.triu_indices(len(together), 1)
    return Tree(linkage(1.0 - together[upper], method="average"))


def _agreement(together: Floats, labels: Ints) -> Floats:
    """How often each is together with the others of their cluster."""
    members = labels[:, None] == np.arange(labels.max() + 1)[None, :]
    mean: Floats = (together @ members / members.sum(axis=0))[np.arange(len(labels)), labels]
    return np.clip(mean, 0.0, 1.0)
