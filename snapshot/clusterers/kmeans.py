"""k-means: the segments are what their centres are nearest to, which is how tasks assign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from snapshot.clusterers.clusters import Clusters
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.parameters import SEED, Parameters, wanted
from snapshot.clusterers.sampling import sampled_rows

if TYPE_CHECKING:
    from stream.model.arrays import Floats

LARGEST = 50_000
"""Above so many customers the starts are tried on a sample of as many, and the best one is
finished on everybody."""


class KMeans(Parameters):
    """scikit-learn's, begun by k-means++ or from centres that are given."""

    starts: Annotated[int, Field(ge=1, le=100)] = 10
    """How often k-means++ begins anew; the best of these is taken."""

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        count = wanted(points, k, start)
        with one_thread():
            if start is not None:
                return _fitted(points, count, start, 1)
            rows = sampled_rows(len(points), LARGEST)
            if len(rows) == len(points):
                return _fitted(points, count, "k-means++", self.starts)
            begun = _fitted(points[rows], count, "k-means++", self.starts)
            return _fitted(points, count, begun.centres, 1)


def _fitted(points: Floats, k: int, start: Floats | str | None, starts: int) -> Clusters:
    from sklearn.cluster import KMeans as Estimator

    fitted = Estimator(n_clusters=k, init=start, n_init=starts, random_state=SEED).fit(points)
    return Clusters(
        fitted.cluster_centers_, fitted.labels_.astype(np.int64), float(fitted.inertia_)
    )
