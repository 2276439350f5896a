"""Walking shelves finds what scoring every product of every customer finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.recommending.baskets import Purchased
from insights.recommending.recommender import POPULAR, SEGMENT_SHARE, Recommender, learn

CUSTOMERS, PRODUCTS, SEGMENTS = 12, 15, 3


def shop(seed: int, lines: int) -> tuple[Recommender, np.ndarray]:
    random = np.random.default_rng(seed)
    orders = random.integers(0, max(lines // 3, 1), lines)
    bought = Purchased(
        orders % CUSTOMERS,
        orders,
        random.integers(0, PRODUCTS, lines),
        random.integers(0, 200, lines) * 86_400_000,
    )
    segments = random.integers(-1, SEGMENTS, CUSTOMERS)
    return learn(bought, CUSTOMERS, PRODUCTS, segments, 200 * 86_400_000), segments


def every_score(one: Recommender, segments: np.ndarray, only_new: bool) -> np.ndarray:
    near = (one.tastes @ one.near).toarray()
    scale = near.max(axis=1, keepdims=True)
    scores = near / np.where(scale > 0, scale, 1.0) + POPULAR * one.popularity
    scores *= np.where(segments[:, None] >= 0, one.demand[segments] ** SEGMENT_SHARE, 1.0)
    if only_new:
        scores[one.owned.toarray() > 0] = 0.0
    return np.asarray(scores)


@settings(max_examples=80)
@given(st.integers(0, 10_000), st.integers(0, 90), st.integers(1, 20), st.booleans())
def test_the_best_are_the_best_of_all_scores(
    seed: int, lines: int, count: int, only_new: bool
) -> None:
    recommender, segments = shop(seed, lines)
    who = np.arange(CUSTOMERS)
    found = recommender.recommend(who, segments, count, only_new=only_new)
    scores = every_score(recommender, segments, only_new)
    expected = -np.sort(-scores, axis=1)[:, :count]
    width = expected.shape[1]
    assert found.scores[:, :width] == pytest.approx(expected)
    assert not found.scores[:, width:].any()
    for row in range(CUSTOMERS):
        products = found.products[row][found.products[row] >= 0]
        assert (
            len(set(products.tolist()))
            == len(products)
            == (scores[row] > 0)[:].sum().clip(0, count)
        )
        assert scores[row][products] == pytest.approx(found.scores[row, : len(products)])


def test_asking_for_some_customers_is_asking_for_all() -> None:
    recommender, segments = shop(3, 80)
    everybody = recommender.recommend(np.arange(CUSTOMERS), segments, 5)
    some = np.array([7, 2, 2])
    assert (
        recommender.recommend(some, segments[some], 5).products.tolist()
        == everybody.products[some].tolist()
    )


def test_another_division_into_segments_changes_only_their_demand() -> None:
    recommender, segments = shop(4, 80)
    again = recommender.by(segments)
    assert again.demand == pytest.approx(recommender.demand)
    nobodys = recommender.by(np.full(CUSTOMERS, -1))
    assert nobodys.of_segment(0, 3).scores.shape == (1, 3)
