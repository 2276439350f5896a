"""DBSCAN and HDBSCAN: clusters are where customers are dense, and who is in none is noise.

They find the number of clusters themselves. Their clusters can have any shape, which centres
can't say: `shoal tune` shows how many customers would stay in theirs on the stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from snapshot.clusterers.clusters import NOISE, clusters_of
from snapshot.clusterers.elbow import elbow
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.parameters import Parameters, require_places
from snapshot.clusterers.sampling import followed, sampled_rows

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats, Ints

LARGEST_DBSCAN = 5_000
"""Above so many customers as many are looked at, and the others go with the nearest of them: with
a wide `eps` everybody is everybody's neighbour, 200 MB of them."""

LARGEST_HDBSCAN = 20_000
LEAST_MEMBERS = 5


class Dbscan(Parameters):
    """scikit-learn's DBSCAN."""

    eps: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    """How near neighbours are, in the lens' space. Unset: where the distances to the last of
    `neighbours` begin to grow quickly."""

    neighbours: Annotated[int, Field(ge=2, le=1000)] = 10
    """With so many within `eps`, itself included, a customer is in the middle of a cluster."""

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        from sklearn.cluster import DBSCAN

        require_places(points, 1)
        sample = points[sampled_rows(len(points), LARGEST_DBSCAN)]
        with one_thread():
            eps = self.eps or _usual_distance(sample, self.neighbours)
            fitted = DBSCAN(eps=eps, min_samples=self.neighbours, n_jobs=1).fit(sample)
            labels = fitted.labels_.astype(np.int64)
            if len(sample) < len(points):
                labels = _by_core(points, sample, labels, fitted.core_sample_indices_, eps)
        return clusters_of(points, labels)


class Hdbscan(Parameters):
    """scikit-learn's HDBSCAN, with the smallest cluster as a share."""

    smallest: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """The share of customers that makes a cluster."""

    neighbours: Annotated[int, Field(ge=2, le=100)] = 10
    """The distance to the last of so many says how dense it is around a customer."""

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        from sklearn.cluster import HDBSCAN

        require_places(points, 1)
        sample = points[sampled_rows(len(points), LARGEST_HDBSCAN)]
        with one_thread():
            fitted = HDBSCAN(
                min_cluster_size=max(LEAST_MEMBERS, round(self.smallest * len(sample))),
                min_samples=min(self.neighbours, len(sample)),
                n_jobs=1,
                copy=True,
            ).fit(sample)
            labels, sure = fitted.labels_.astype(np.int64), fitted.probabilities_
            if len(sample) < len(points):
                places, _ = followed(points, sample)
                labels, sure = labels[places], sure[places]
        return clusters_of(points, labels, np.clip(sure, 0.0, 1.0))


def _usual_distance(sample: Floats, neighbours: int) -> float:
    """The knee of the distances to the last neighbour; never 0, which is no distance."""
    from sklearn.neighbors import NearestNeighbors

    count = min(neighbours, len(sample))
    search = NearestNeighbors(n_neighbors=count, algorithm="kd_tree", n_jobs=1).fit(sample)
    farthest = np.sort(search.kneighbors(sample)[0][:, -1])
    knee = elbow(farthest)
    found = float(farthest[-1 if knee is None else knee])
    return found or float(farthest[farthest > 0.0].min(initial=1.0))


def _by_core(points: Floats, sample: Floats, labels: Ints, core: Ints, eps: float) -> Ints:
    """Who lies within `eps` of the middle of a cluster is in it."""
    if not len(core):
        return np.full(len(points), NOISE, np.int64)
    places, distances = followed(points, sample[core])
    return np.where(distances <= eps, labels[core][places], NOISE)
