"""Directions and correlations are those that other libraries find in the same numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from app.dashboard.pictures.correlations import correlation_square, strongest
from app.dashboard.pictures.points import Points, correlations, plane_of, points_of

GENERATOR = np.random.default_rng(3)


def some_features(rows: int = 200) -> dict[str, np.ndarray]:
    spend = np.exp(GENERATOR.normal(4, 1, rows))
    return {
        "spend": spend,
        "orders": np.floor(spend / 20) + 1,
        "night_ratio": GENERATOR.uniform(0, 1, rows),
        "discount_ratio": np.zeros(rows),
    }


def test_what_is_the_same_for_everybody_is_left_out() -> None:
    points = points_of(some_features(), ["spend", "orders", "night_ratio", "discount_ratio"])
    assert points.axes == ("spend", "orders", "night_ratio")
    assert points.values.std(axis=0) == pytest.approx(1.0)
    assert points.values.mean(axis=0) == pytest.approx(0.0, abs=1e-9)


def test_the_plane_is_that_of_the_first_two_principal_components() -> None:
    points = points_of(some_features(), ["spend", "orders", "night_ratio"])
    plane = plane_of(points)
    assert plane is not None
    judge = PCA(2, svd_solver="full").fit(points.values)
    assert plane.shares == pytest.approx(judge.explained_variance_ratio_.tolist())
    assert np.abs(plane.places) == pytest.approx(np.abs(judge.transform(points.values)))
    assert plane.put(points.values) == pytest.approx(plane.places)


def test_directions_are_said_by_what_they_are_made_of() -> None:
    plane = plane_of(points_of(some_features(), ["spend", "orders", "night_ratio"]))
    assert plane is not None
    assert set(plane.says(0).split(", ")) == {"more spend", "more orders"}
    assert plane.says(1) == "more share at night"


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (5, 1), (5, 0)])
def test_fewer_than_two_directions_make_no_plane(shape: tuple[int, int]) -> None:
    names = ("spend", "orders", "lines")[: shape[1]]
    assert plane_of(Points(names, np.ones(shape))) is None


def test_points_that_are_all_the_same_make_no_plane() -> None:
    assert plane_of(Points(("spend", "orders"), np.ones((9, 2)))) is None


def test_correlations_are_those_of_pandas() -> None:
    points = points_of(some_features(), ["spend", "orders", "night_ratio"])
    expected = pd.DataFrame(points.values).corr().to_numpy()
    assert correlations(points) == pytest.approx(expected)


def test_the_square_shows_each_pair_once_and_says_the_strongest() -> None:
    points = points_of(some_features(), ["spend", "orders", "night_ratio"])
    values = correlations(points)
    figure = correlation_square(points.axes, values)
    assert sum(bool(text) for row in figure.data[0].text for text in row) == 3
    assert strongest(points.axes, values, 1)[0].startswith("spend and orders rise together")


def test_one_number_alone_correlates_with_nothing() -> None:
    points = points_of(some_features(), ["spend"])
    assert strongest(points.axes, correlations(points)) == []
