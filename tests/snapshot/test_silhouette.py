"""The compiled silhouette is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from snapshot.silhouette import mean_silhouette


@given(st.integers(0, 1_000), st.integers(3, 60), st.integers(1, 4), st.integers(2, 5))
def test_it_is_scikit_learns(seed: int, count: int, axes: int, clusters: int) -> None:
    chance = np.random.default_rng(seed)
    points = chance.normal(0, 1, (count, axes)).round(1)  # some lie on the same place
    labels = chance.integers(0, clusters, count) * 3
    labels[:2] = 0, 3
    labels[2] = 0  # else every point is a cluster
    expected = silhouette_score(points, labels)
    assert mean_silhouette(points, labels) == pytest.approx(expected, abs=1e-9)


def test_clusters_on_one_place_are_told_apart_by_nothing() -> None:
    points = np.zeros((6, 2))
    assert mean_silhouette(points, np.array([0, 0, 0, 1, 1, 1])) == 0.0
