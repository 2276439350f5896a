"""The measures are scikit-learn's, over whoever is no noise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from snapshot.clusterers import centres_of
from snapshot.measures import measures_of, silhouette
from tests.snapshot.planted import cloud, planted


def test_they_are_scikit_learns() -> None:
    points, truth = planted(3)
    centres = centres_of(points, truth)
    assert centres is not None
    found = measures_of(points, truth, centres)
    assert found.inertia == pytest.approx(((points - centres[truth]) ** 2).sum() / len(points))
    assert found.silhouette == pytest.approx(silhouette_score(points, truth))
    assert found.davies_bouldin == pytest.approx(davies_bouldin_score(points, truth))
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz_score(points, truth))
    assert found.smallest_share == pytest.approx(1 / 3)


def test_noise_is_left_out_but_counts_for_shares() -> None:
    points, truth = planted(3)
    centres = centres_of(points, truth)
    assert centres is not None
    without = measures_of(points, truth, centres)
    far = np.vstack([points, np.full((50, 3), 99.0)])
    found = measures_of(far, np.append(truth, np.full(50, -1)), centres)
    assert found.inertia == pytest.approx(without.inertia)
    assert found.silhouette == pytest.approx(without.silhouette)
    assert found.smallest_share == pytest.approx(150 / 500)


def test_one_cluster_is_not_compared() -> None:
    points = cloud(20)
    found = measures_of(points, np.zeros(20, np.int64), points.mean(axis=0, keepdims=True))
    assert (found.silhouette, found.davies_bouldin, found.calinski_harabasz) == (None, None, None)
    assert found.smallest_share == 1.0


def test_a_centre_without_anybody_has_a_share_of_nothing() -> None:
    points = cloud(20)
    assert measures_of(points, np.zeros(20, np.int64), points[:2]).smallest_share == 0.0


def test_a_silhouette_is_measured_on_a_sample_and_only_between_clusters() -> None:
    (one, other), few = np.random.default_rng(0).normal([0, 9], 1, (5_000, 2)).T, np.arange(8.0)
    points = np.concatenate([one, other])[:, None]
    labels = np.repeat([0, 1], 5_000)
    found = silhouette(points, labels)
    assert found == silhouette(points, labels)
    assert found == pytest.approx(silhouette_score(points[::5], labels[::5]), abs=0.01)
    assert silhouette(few[:, None], np.zeros(8, np.int64)) is None
    assert silhouette(few[:, None], np.arange(8)) is None
