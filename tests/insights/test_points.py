"""Customers as points are what the sums say by hand, and one who is like all others is no axis."""

from __future__ import annotations

import numpy as np
import pytest

from insights.points import correlations, plane_of, points_of, says, strongest


def features() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    spend = rng.lognormal(4, 1, 500)
    return {
        "spend": spend,
        "orders": np.round(spend / 40) + rng.integers(0, 3, 500),
        "weekend_ratio": rng.random(500),
        "recency_days": np.full(500, 3.0),
    }


def test_numbers_are_transformed_as_lenses_have_them_and_of_one_spread() -> None:
    points = points_of(features())
    assert points.axes == ("spend", "orders", "weekend_ratio")
    logs = np.log1p(features()["spend"])
    assert points.values[:, 0] == pytest.approx((logs - logs.mean()) / logs.std())
    assert points.values.std(axis=0) == pytest.approx(np.ones(3))


def test_the_plane_is_that_of_the_largest_eigenvectors() -> None:
    points = points_of(features())
    plane = plane_of(points)
    assert plane is not None
    values, vectors = np.linalg.eigh(np.cov(points.values, rowvar=False))
    assert plane.shares == pytest.approx(tuple(values[::-1][:2] / values.sum()))
    overlap = np.abs(np.sum(plane.parts * vectors.T[::-1][:2], axis=1))
    assert overlap == pytest.approx([1.0, 1.0])
    assert says(plane, 0) == "more orders, more spend"
    assert (plane.parts.max(axis=1) >= np.abs(plane.parts.min(axis=1))).all()


def test_correlations_are_pearsons() -> None:
    points = points_of(features())
    found = correlations(points)
    assert found == pytest.approx(np.corrcoef(points.values.T))
    assert strongest(points.axes, found) == ["spend and orders rise together (0.8)"]


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_customers_have_no_plane(rows: int) -> None:
    few = {name: column[:rows] for name, column in features().items()}
    assert plane_of(points_of(few)) is None
