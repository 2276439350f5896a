"""The number of segments: what was planted; never a sliver where that can be helped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snapshot.choosing import Tried, choose_k, chosen_of, try_each, with_stability
from snapshot.clusterers import clusterer_of
from snapshot.fresh import fresh_fit
from snapshot.measures import Measures
from snapshot.stability import Bootstrap
from stream.errors import InputError
from tests.snapshot.planted import cloud, planted
from tests.snapshot.shops import specs

KMEANS = clusterer_of("kmeans", {"starts": 3})


def tried(
    k: int,
    stability: float | None,
    smallest: float,
    weakest: float = 0.9,
    customers: int = 20_000,
) -> Tried:
    found = None if stability is None else Bootstrap(stability, weakest)
    return Tried(k, customers, Measures(1.0, 0.3, 1.0, 1.0, smallest), found)


@pytest.mark.parametrize("clusters", [3, 4])
def test_as_many_as_were_planted(clusters: int) -> None:
    points, _ = planted(clusters, 60)
    choice = choose_k(points, KMEANS)
    assert choice.k == clusters
    assert choice.chosen.is_stable
    assert not choice.chosen.has_sliver
    assert [one.k for one in choice.tried] == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("found", "k"),
    [
        ([tried(3, 0.94, 0.2), tried(4, 0.81, 0.055), tried(5, 0.79, 0.06)], 4),
        ([tried(3, 0.95, 0.2), tried(4, 0.81, 0.055), tried(5, 0.94, 0.06)], 3),
        ([tried(3, 0.99, 0.2), tried(4, 0.96, 0.1), tried(5, 0.94, 0.06)], 4),
        ([tried(3, 0.99, 0.2), tried(4, 0.95, 0.04)], 3),
        ([tried(3, 0.9, 0.2), tried(4, 0.95, 0.2, weakest=0.7)], 3),
        ([tried(3, 0.6, 0.2), tried(4, 0.7, 0.1), tried(5, 0.9, 0.01)], 4),
        ([tried(3, 0.6, 0.04), tried(4, 0.7, 0.01)], 4),
        ([tried(3, 0.7, 0.2), tried(4, 0.7, 0.2)], 3),
        ([tried(3, 0.9, 0.2), tried(4, None, 0.2)], 3),
        ([tried(3, 0.85, 0.2), tried(4, 0.75, 0.2), tried(5, 0.9, 0.1)], 3),
        ([tried(3, 0.85, 0.2), tried(4, 0.9, 0.04), tried(5, 0.9, 0.1)], 3),
        ([tried(3, 0.85, 0.2), tried(4, 0.75, 0.2), tried(5, 0.96, 0.1)], 5),
        ([tried(3, 0.85, 0.2), tried(4, 0.75, 0.2), tried(5, 0.96, 0.04)], 3),
        ([tried(3, 0.7, 0.2), tried(4, 0.9, 0.2), tried(5, 0.9, 0.1), tried(6, 0.7, 0.1)], 5),
    ],
)
def test_the_largest_that_is_certain_else_from_the_least_that_holds_as_far_as_each_more_does(
    found: list[Tried], k: int
) -> None:
    assert chosen_of(found).k == k


@pytest.mark.parametrize(
    ("aris", "k"),
    [
        ((0.9, 0.9, 0.9, 0.9), 4),
        ((0.7, 0.9, 0.9, 0.9), 5),
        ((0.9, 0.7, 0.9, 0.9), 3),
        ((0.9, 0.9, 0.96, 0.9), 5),
        ((0.7, 0.75, 0.79, 0.7), 4),
        ((0.7, 0.7, 0.75, 0.7), 3),
    ],
    ids=[
        "one more",
        "of the least that holds",
        "not above a gap",
        "certain",
        "none holds",
        "none holds, the least",
    ],
)
def test_in_a_young_shop_it_is_the_least_that_holds_or_one_more(
    aris: tuple[float, ...], k: int
) -> None:
    found = [tried(3 + more, ari, 0.1) for more, ari in enumerate(aris)]
    assert chosen_of(found, young=True).k == k


def test_nor_is_it_more_where_every_number_has_a_sliver() -> None:
    found = [tried(k, ari, 0.03) for k, ari in ((3, 0.73), (4, 0.93), (5, 0.94), (6, 0.91))]
    assert chosen_of(found).k == 5
    assert chosen_of(found, young=True).k == 4


@pytest.mark.parametrize(
    ("customers", "smallest", "k"),
    [(1_158, 0.05, 3), (1_158, 0.06, 3), (1_158, 0.07, 4), (20_000, 0.055, 4), (200, 0.07, 3)],
)
def test_what_may_well_be_a_sliver_next_month_is_one(
    customers: int, smallest: float, k: int
) -> None:
    found = [
        tried(3, 0.85, 0.2, customers=customers),
        tried(4, 0.9, smallest, customers=customers),
    ]
    assert chosen_of(found).k == k


def test_one_crowd_that_is_three_is_told_apart() -> None:
    """Four of these five are found one way or another, five always."""
    centres = [(0.0, 0.0), (0.0, 3.0), (0.0, -3.0), (20.0, 0.0), (0.0, 20.0)]
    points = np.random.default_rng(0).normal(np.repeat(centres, 60, axis=0), 0.3)
    assert choose_k(points, KMEANS).k == 5


@pytest.mark.parametrize("seed", range(3))
def test_what_was_not_asked_would_not_have_changed_the_choice(seed: int) -> None:
    points = np.vstack([planted(3, 60, seed)[0], cloud(60, seed)])
    every = [with_stability(points, KMEANS, one) for one in try_each(points, KMEANS, 3, 6)]
    assert chosen_of(every).k == choose_k(points, KMEANS, 3, 6).k


def test_the_bounds_are_kept() -> None:
    points, _ = planted(4)
    choice = choose_k(points, KMEANS, least=2, most=3)
    assert {one.k for one in choice.tried} == {2, 3}


def test_no_more_segments_are_tried_than_there_are_places_for() -> None:
    points = np.repeat([[0.0], [5.0], [9.0], [20.0], [21.0]], 20, axis=0)
    assert [one.k for one in choose_k(points, KMEANS).tried] == [3, 4]
    with pytest.raises(InputError, match="only 2 different places, which makes no 3 segments"):
        choose_k(points[:40], KMEANS)


def test_a_clusterer_that_finds_its_own_number_is_held_to_the_bounds() -> None:
    points, _ = planted(4)
    found = choose_k(points, clusterer_of("hdbscan"))
    assert [one.k for one in found.tried] == [4]
    with pytest.raises(InputError, match="finds no 6 to 8 segments among 600 customers"):
        choose_k(points, clusterer_of("hdbscan"), 6, 8)


def test_a_fit_from_scratch_asks_the_lens_how_many_and_by_what() -> None:
    points, _ = planted(4, 50)
    quick = {"clusterer_parameters": {"starts": 1}}
    (free,), (fixed,) = specs(**quick), specs(k=2, clusterer="gmm", **quick)
    (dense,) = specs(clusterer="hdbscan")
    assert len(fresh_fit(points, free).centres) == 4
    assert len(fresh_fit(points, free, 3).centres) == 3
    assert len(fresh_fit(points, fixed).centres) == 2
    assert len(fresh_fit(points, dense).centres) == 4
    assert fresh_fit(points, free).stability > 0.95
    assert fresh_fit(points, replace(free, k=4)).stability == fresh_fit(points, free).stability
