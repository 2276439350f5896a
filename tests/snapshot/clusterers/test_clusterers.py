"""What one clusterer does and the others don't: starts, samples, trees, noise, confidence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree, linkage
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.cluster import KMeans as Oracle
from sklearn.metrics import adjusted_rand_score

from snapshot.clusterers import CLUSTERERS, as_on_the_stream, centres_of, clusterer_of
from snapshot.clusterers.elbow import elbow
from snapshot.clusterers.kmeans import LARGEST, KMeans
from snapshot.clusterers.tree import tree_of
from stream.errors import InputError, SettingsError
from stream.settings.lens import ClustererName
from tests.snapshot.planted import cloud, planted


def test_the_settings_know_every_clusterer() -> None:
    assert ClustererName.__args__ == CLUSTERERS  # type: ignore[attr-defined] # typing has none


@pytest.mark.parametrize(
    ("name", "parameters", "says"),
    [
        ("kmeens", {}, "there is no clusterer 'kmeens': did you mean 'kmeans'?"),
        ("xyz", {}, "there is no clusterer 'xyz': there are kmeans, minibatch"),
        ("kmeans", {"start": 3}, "'kmeans': start: extra .* its parameters are starts"),
        ("dbscan", {"eps": -1}, "'dbscan': eps: input should be greater than 0"),
        ("gmm", {"covariance": "round"}, "'gmm': covariance: input should be 'full', 'tied'"),
    ],
)
def test_slips_are_said_with_what_there_is(
    name: str, parameters: dict[str, object], says: str
) -> None:
    with pytest.raises(SettingsError, match=says):
        clusterer_of(name, parameters)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_kmeans_is_scikit_learns(k: int) -> None:
    oracle = Oracle(n_clusters=k, n_init=10, random_state=0).fit(cloud())
    found = KMeans().fit(cloud(), k)
    assert (found.labels == oracle.labels_).all()
    assert found.squares == pytest.approx(oracle.inertia_)


@pytest.mark.parametrize("name", ["kmeans", "minibatch", "gmm"])
def test_a_start_keeps_the_numbers_of_its_centres(name: str) -> None:
    points, truth = planted(3)
    start = centres_of(points, truth)
    assert start is not None
    for order in ([0, 1, 2], [2, 0, 1]):
        found = clusterer_of(name).fit(points, None, start[order])
        assert (np.array(order)[found.labels] == truth).mean() > 0.99


def test_a_start_that_makes_another_number_is_refused() -> None:
    with pytest.raises(InputError, match="2 centres to start from make no 3 segments"):
        KMeans().fit(cloud(), 3, cloud()[:2])


def test_a_fit_started_where_it_ended_stays_there() -> None:
    first = KMeans().fit(cloud(), 4)
    again = KMeans().fit(cloud(), 4, first.centres)
    assert (again.labels == first.labels).all()
    assert again.squares <= first.squares * (1 + 1e-9)


def test_above_the_bound_kmeans_tries_on_a_sample_and_ends_on_everybody() -> None:
    points, truth = planted(3, LARGEST // 3 + 5_000)
    found = KMeans().fit(points, 3)
    assert adjusted_rand_score(truth, found.labels) > 0.99
    whole = Oracle(n_clusters=3, n_init=1, random_state=0).fit(points)
    assert found.squares == pytest.approx(whole.inertia_, rel=1e-6)


@pytest.mark.parametrize("name", ["agglomerative", "gmm", "dbscan", "hdbscan", "consensus"])
def test_above_its_bound_a_clusterer_takes_a_sample_and_the_rest_goes_along(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in (
        "agglomerative.LARGEST",
        "mixture.LARGEST",
        "density.LARGEST_DBSCAN",
        "density.LARGEST_HDBSCAN",
        "consensus.LARGEST",
    ):
        monkeypatch.setattr(f"snapshot.clusterers.{bound}", 300)
    points, truth = planted(3, 500)
    found = clusterer_of(name).fit(points, 3)
    within = found.labels >= 0
    assert within.mean() > 0.9
    assert adjusted_rand_score(truth[within], found.labels[within]) > 0.97


@pytest.mark.parametrize("how", ["ward", "average", "complete", "single"])
def test_agglomerative_is_scikit_learns(how: str) -> None:
    points = cloud(200)
    for k in (2, 3, 7):
        oracle = AgglomerativeClustering(n_clusters=k, linkage=how).fit_predict(points)
        found = clusterer_of("agglomerative", {"linkage": how}).fit(points, k)
        assert adjusted_rand_score(oracle, found.labels) == 1.0


def test_cuts_of_a_tree_are_scipys_and_nested() -> None:
    points = cloud(60)
    tree = tree_of(points)
    oracle = linkage(points, method="ward")
    coarser = tree.cut(1)
    for k in range(1, 61):
        cut = tree.cut(k)
        assert adjusted_rand_score(cut_tree(oracle, n_clusters=k)[:, 0], cut) == 1.0
        assert len({*zip(cut, coarser, strict=True)}) == k  # each branch lies in one above it
        coarser = cut


@pytest.mark.parametrize("branches", [2, 5, 60])
def test_the_top_of_a_tree_has_everybody_in_its_branches(branches: int) -> None:
    tree = tree_of(cloud(60))
    top = tree.top(branches)
    cut = tree.cut(branches)
    assert sorted(map(tuple, top.members)) == sorted(
        tuple(np.flatnonzero(cut == branch)) for branch in range(branches)
    )
    assert len(top.joins) == branches - 1
    joined = [number for join in top.joins for number in (join.left, join.right)]
    assert sorted(joined) == list(range(2 * branches - 2))
    assert [join.height for join in top.joins] == tree.merges[60 - branches :, 2].tolist()
    assert top.joins[0].height >= tree.between(branches)


def test_a_mixture_says_how_sure_it_is() -> None:
    points, truth = planted(2)
    between = np.array([[3.0, 0.0, 0.0]])
    found = clusterer_of("gmm", {"covariance": "spherical"}).fit(np.vstack([points, between]), 2)
    assert found.confidence is not None
    assert np.median(found.confidence) > 0.999
    assert found.confidence[-1] < 0.999
    assert len(truth) + 1 == len(found.confidence)


def test_dbscan_is_scikit_learns() -> None:
    points, _ = planted(3)
    oracle = DBSCAN(eps=0.7, min_samples=10).fit(points).labels_
    found = clusterer_of("dbscan", {"eps": 0.7}).fit(points, None)
    assert (found.labels == oracle).all()


def test_where_everybody_is_noise_there_are_no_centres_and_the_stream_says_so() -> None:
    points = cloud()
    found = clusterer_of("dbscan", {"eps": 1e-6}).fit(points, None)
    assert found.centres is None
    assert set(found.labels.tolist()) == {-1}
    with pytest.raises(InputError, match=r"calls every customer noise.*or take clusterer"):
        as_on_the_stream(points, found)


def test_a_straight_curve_has_no_elbow() -> None:
    assert elbow([100.0, 30.0, 20.0, 15.0, 12.0]) == 1
    assert elbow([5.0, 4.0, 3.0, 2.0]) is None
    assert elbow([]) is None
