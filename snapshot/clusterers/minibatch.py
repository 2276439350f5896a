"""k-means that looks at a few thousand customers at a time: for tables of many millions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from snapshot.clusterers.clusters import around
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.parameters import SEED, Parameters, wanted

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats


class MiniBatch(Parameters):
    """scikit-learn's. A centre to which nobody is nearest in the end is left out."""

    starts: Annotated[int, Field(ge=1, le=100)] = 3
    """How many beginnings by k-means++ are compared."""

    batch: Annotated[int, Field(ge=100, le=1_000_000)] = 4096
    """How many customers are looked at at a time."""

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        from sklearn.cluster import MiniBatchKMeans

        count = wanted(points, k, start)
        with one_thread():
            fitted = MiniBatchKMeans(
                n_clusters=count,
                init="k-means++" if start is None else start,
                n_init=self.starts if start is None else 1,
                batch_size=self.batch,
                compute_labels=False,
                random_state=SEED,
            ).fit(points)
        return around(points, fitted.cluster_centers_)
