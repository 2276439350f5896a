"""Planted segments are found again whoever is drawn; slices of one cloud are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snapshot.clusterers import CLUSTERERS, clusterer_of
from snapshot.stability import bootstrap, bootstrap_ari
from tests.snapshot.planted import cloud, planted

if TYPE_CHECKING:
    from snapshot.clusterers import Clusters
    from stream.model.arrays import Floats


@pytest.mark.parametrize("name", CLUSTERERS)
def test_planted_segments_are_stable(name: str) -> None:
    points, _ = planted(3, 80)
    parameters = {"eps": 0.9} if name == "dbscan" else {}
    found = bootstrap(points, 3, clusterer_of(name, parameters).fit, rounds=4)
    assert min(found.ari, found.weakest) > 0.95


def test_slices_of_a_cloud_are_not() -> None:
    fit = clusterer_of("kmeans").fit
    points, _ = planted(3)
    found = bootstrap_ari(cloud(), 6, fit, rounds=8)
    assert found < 0.7
    assert found == bootstrap_ari(cloud(), 6, fit, rounds=8)
    assert found != bootstrap_ari(cloud(), 6, fit, rounds=8, seed=2)
    assert bootstrap_ari(points, 5, fit, rounds=8) < bootstrap_ari(points, 3, fit, rounds=8)


def test_what_cannot_come_to_so_much_any_more_is_given_up() -> None:
    fits = 0

    def fit(drawn: Floats, k: int | None) -> Clusters:
        nonlocal fits
        fits += 1
        return clusterer_of("kmeans").fit(drawn, k)

    whole = bootstrap(cloud(), 6, fit, rounds=8)
    assert fits == 9
    given_up = bootstrap(cloud(), 6, fit, rounds=8, at_least=0.95)
    assert fits < 9 + 5
    assert max(whole.ari, given_up.ari) < 0.95
    points, _ = planted(3)
    assert bootstrap(points, 3, fit, 8, at_least=0.95) == bootstrap(points, 3, fit, 8)


def test_what_finds_no_segments_is_not_stable() -> None:
    nothing = clusterer_of("dbscan", {"eps": 1e-6})
    assert bootstrap_ari(cloud(), None, nothing.fit, rounds=2) == 0.0
    few, _ = planted(4, 1)  # a sample of four customers seldom has four places
    assert bootstrap_ari(few, 3, clusterer_of("kmeans").fit, rounds=8) < 0.5


def test_a_real_segment_cut_in_two_is_seen_in_the_weakest_not_in_the_ari() -> None:
    points, _ = planted(4)
    cut = bootstrap(points, 5, clusterer_of("kmeans").fit)
    assert cut.ari > 0.85
    assert cut.weakest < 0.75
