"""Customers of the database as points: by its own columns, and said in the words of its pages."""

from __future__ import annotations

import numpy as np
import pytest

from app.dashboard.pictures.correlations import correlation_square
from app.dashboard.pictures.points import axes_of, directions, points_of, strongest
from insights.points import correlations, plane_of
from tests.stream.model.models import value_lens


def some_features(rows: int = 200) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(3)
    spend = np.exp(generator.normal(4, 1, rows))
    return {
        "spend_decayed": spend,
        "orders": np.floor(spend / 20) + 1,
        "night_ratio": generator.uniform(0, 1, rows),
        "discount_ratio": np.zeros(rows),
    }


def test_columns_are_transformed_as_the_features_that_they_hold() -> None:
    features = some_features()
    points = points_of(features, ["spend_decayed", "orders", "discount_ratio"])
    assert points.axes == ("spend_decayed", "orders")
    logs = np.log1p(features["spend_decayed"])
    assert points.values[:, 0] == pytest.approx((logs - logs.mean()) / logs.std())


def test_what_a_lens_compares_lies_as_its_model_has_it() -> None:
    orders, money, lines = value_lens().features
    axes = axes_of(
        value_lens().model_copy(
            update={"features": (orders, money.model_copy(update={"unit": 17.0}), lines)}
        )
    )
    assert axes == {"orders_decayed": 1.0, "spend_decayed": 17.0, "lines_decayed": 1.0}
    spend = some_features(50)["spend_decayed"]
    points = points_of(dict.fromkeys(axes, spend), axes, axes)
    logs = np.log1p(spend / 17.0)
    assert points.values[:, 1] == pytest.approx((logs - logs.mean()) / logs.std())


def test_directions_are_said_by_what_they_are_made_of() -> None:
    plane = plane_of(points_of(some_features(), ["spend_decayed", "orders", "night_ratio"]))
    assert plane is not None
    right, up = directions(plane).removesuffix(".").split(". Upwards: ")
    assert set(right.removeprefix("To the right: ").split(", ")) == {
        *("more spend lately", "more orders")
    }
    assert up == "more share at night"


def test_the_square_shows_each_pair_once_and_says_the_strongest() -> None:
    points = points_of(some_features(), ["spend_decayed", "orders", "night_ratio"])
    values = correlations(points)
    figure = correlation_square(points.axes, values)
    assert sum(bool(text) for row in figure.data[0].text for text in row) == 3
    [said] = strongest(points.axes, values)
    assert said.startswith("spend lately and orders rise together")


def test_one_number_alone_correlates_with_nothing() -> None:
    points = points_of(some_features(), ["orders"])
    assert strongest(points.axes, correlations(points)) == []
