"""Gaussian mixtures: clusters with shapes of their own, and how sure each customer's is."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from snapshot.clusterers.clusters import clusters_of
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.parameters import SEED, Parameters, wanted
from snapshot.clusterers.sampling import sampled_rows

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats

LARGEST = 50_000
"""Above so many customers a sample of as many is fitted on."""

LEAST_VARIANCE = 1e-4
"""Of a component, in squares of the features' scales: one that shrinks to a point fits it
infinitely well."""


class Mixture(Parameters):
    """scikit-learn's. A component that is nobody's likeliest is left out."""

    covariance: Literal["full", "tied", "diag", "spherical"] = "full"
    """Whether components may differ in shape and turn, share one, have only widths of their own,
    or are spheres."""

    starts: Annotated[int, Field(ge=1, le=100)] = 3

    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture

        mixture = GaussianMixture(
            n_components=wanted(points, k, start),
            covariance_type=self.covariance,
            n_init=self.starts if start is None else 1,
            means_init=start,
            reg_covar=LEAST_VARIANCE,
            max_iter=300,
            random_state=SEED,
        )
        with one_thread(), warnings.catch_warnings():
            # What it has come to after 300 rounds is as good a proposal as any.
            warnings.simplefilter("ignore", ConvergenceWarning)
            mixture.fit(points[sampled_rows(len(points), LARGEST)])
            likely = mixture.predict_proba(points)
        labels = likely.argmax(axis=1).astype(np.int64)
        return clusters_of(points, labels, likely.max(axis=1))
