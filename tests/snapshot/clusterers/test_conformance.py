"""Every clusterer passes this, by its name and its defaults."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import adjusted_rand_score

from snapshot.clusterers import CLUSTERERS, as_on_the_stream, clusterer_of, nearest
from snapshot.clusterers.known import FINDS_K
from stream.errors import InputError
from tests.snapshot.planted import cloud, planted

every = pytest.mark.parametrize("name", CLUSTERERS)
told_k = pytest.mark.parametrize("name", [name for name in CLUSTERERS if name not in FINDS_K])


@every
@pytest.mark.parametrize("clusters", [2, 4])
def test_what_was_planted_is_found(name: str, clusters: int) -> None:
    points, truth = planted(clusters)
    found = clusterer_of(name).fit(points, clusters)
    within = found.labels >= 0
    assert adjusted_rand_score(truth[within], found.labels[within]) > 0.97
    assert within.mean() > 0.85
    assert found.centres is not None
    assert found.centres.shape == (clusters, 3)


@every
def test_labels_are_rows_of_centres_none_empty_and_squares_are_theirs(name: str) -> None:
    points = cloud()
    found = clusterer_of(name).fit(points, 4)
    assert found.labels.dtype == np.int64
    assert len(found.labels) == len(points)
    if found.centres is None:
        assert (found.labels == -1).all()
        return
    within = found.labels >= 0
    assert np.unique(found.labels[within]).tolist() == list(range(len(found.centres)))
    away = ((points[within] - found.centres[found.labels[within]]) ** 2).sum()
    assert found.squares == pytest.approx(away)
    if found.confidence is not None:
        assert found.confidence.shape == (len(points),)
        assert ((found.confidence >= 0) & (found.confidence <= 1)).all()


@every
def test_the_same_points_give_the_same_bits(name: str) -> None:
    points, _ = planted()
    first, second = (clusterer_of(name).fit(points.copy(), 3) for _ in range(2))
    assert first.labels.tobytes() == second.labels.tobytes()
    assert first.centres is not None
    assert second.centres is not None
    assert first.centres.tobytes() == second.centres.tobytes()


@every
def test_the_points_are_left_as_they_are(name: str) -> None:
    points, _ = planted()
    before = points.copy()
    clusterer_of(name).fit(points, 3)
    assert (points == before).all()


@every
def test_on_the_stream_everybody_is_with_the_nearest(name: str) -> None:
    points, _ = planted()
    found = as_on_the_stream(points, clusterer_of(name).fit(points, 3))
    assert found.centres is not None
    assert (found.labels == nearest(points, found.centres)).all()
    assert np.unique(found.labels).tolist() == list(range(len(found.centres)))


@every
def test_customers_who_are_all_alike_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="40 active customers lie at only 1 different places"):
        clusterer_of(name).fit(np.ones((40, 2)), 3)


@told_k
def test_more_segments_than_places_are_refused(name: str) -> None:
    points = np.repeat([[0.0, 0.0], [0.0, 5.0], [5.0, 0.0], [9.0, 9.0]], 10, axis=0)
    with pytest.raises(InputError, match="only 4 different places, which makes no 4 segments"):
        clusterer_of(name).fit(points, 4)
    assert len(set(clusterer_of(name).fit(points, 3).labels.tolist())) == 3


@told_k
def test_how_many_has_to_be_said(name: str) -> None:
    with pytest.raises(InputError, match="how many segments there should be is not said"):
        clusterer_of(name).fit(cloud(), None)


@pytest.mark.parametrize("name", FINDS_K)
def test_those_that_find_the_number_leave_k_aside(name: str) -> None:
    points, _ = planted(3)
    found = [clusterer_of(name).fit(points, k) for k in (None, 2, 5)]
    assert all((one.labels == found[0].labels).all() for one in found)


@every
@settings(max_examples=15)
@given(
    points=arrays(
        np.float64, st.tuples(st.integers(1, 40), st.just(2)), elements=st.sampled_from([0, 1, 2.5])
    )
)
def test_few_and_equal_customers_are_clustered_or_refused(
    name: str, points: np.typing.NDArray[np.float64]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = clusterer_of(name).fit(points, 3)
        except InputError:
            return
    assert len(found.labels) == len(points)
    assert found.centres is None or np.isfinite(found.centres).all()
