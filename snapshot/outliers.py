"""Who is like nobody else, by Isolation Forest: few cuts at random part them from all others.

They keep their profile and are assigned; a fit may leave them out, and the score is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.parameters import SEED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.model.arrays import Floats

TREES = 100
PER_TREE = 256
"""Customers of a tree: the paper's, enough at any number of customers."""

ORDINARY = 0.5
"""What everybody scores where nobody stands out: nobody is an outlier below it."""


def screened(points: Floats, share: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The scores, and whom a fit leaves out; zeros and nobody where `share` is 0."""
    if not share:
        return np.zeros(len(points)), np.zeros(len(points), np.bool_)
    scores = outlier_scores(points)
    return scores, are_outliers(scores, share)


def outlier_scores(points: Floats) -> Floats:
    """For each customer from 0 to 1; above 0.5 they stand out, above 0.6 clearly."""
    from sklearn.ensemble import IsolationForest

    if not len(points):
        return np.empty(0)
    with one_thread():
        forest = IsolationForest(
            n_estimators=TREES, max_samples=min(PER_TREE, len(points)), random_state=SEED
        ).fit(points)
        scores: Floats = np.clip(-forest.score_samples(points), 0.0, 1.0)
    return scores


def are_outliers(scores: Floats, share: float) -> NDArray[np.bool_]:
    """The highest scores that stand out, `share` of all customers at most. Of equals all or none.

    >>> are_outliers(np.array([0.4, 0.7, 0.9, 0.45]), 0.5).tolist()
    [False, True, True, False]
    >>> are_outliers(np.array([0.7, 0.7, 0.4, 0.4]), 0.25).any()
    np.False_
    """
    most = int(share * len(scores))
    highest = np.sort(scores)[::-1]
    if not most:
        return np.zeros(len(scores), np.bool_)
    bound = highest[most] if most < len(scores) else -np.inf
    flags: NDArray[np.bool_] = scores > max(bound, ORDINARY)
    return flags
