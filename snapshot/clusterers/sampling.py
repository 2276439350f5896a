"""A sample where a table is too large for a clusterer, and how the rest follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.clusterers.parameters import SEED

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints


def sampled_rows(count: int, most: int, seed: int = SEED) -> Ints:
    """`most` rows of so many, in order; all of them where they aren't more.

    >>> sampled_rows(3, 5).tolist(), len(set(sampled_rows(1_000, 5).tolist()))
    ([0, 1, 2], 5)
    """
    if count <= most:
        return np.arange(count)
    chosen = np.random.default_rng(seed).choice(count, most, replace=False, shuffle=False)
    return np.sort(chosen)


def followed(points: Floats, sample: Floats) -> tuple[Ints, Floats]:
    """For each point the place of its nearest in the sample, and how far that is."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=1, algorithm="kd_tree", n_jobs=1).fit(sample)
    distances, places = search.kneighbors(points)
    return places[:, 0].astype(np.int64), distances[:, 0]
