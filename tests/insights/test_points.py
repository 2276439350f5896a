"""Customers as points are what other libraries find, and what is the same for all is no axis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from insights.points import Points, correlations, plane_of, points_of, says, strongest
from stream.contracts.lens import Transform


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


def test_another_way_to_transform_them_can_be_given() -> None:
    points = points_of(features(), {"spend": Transform.IDENTITY})
    spend = features()["spend"]
    assert points.values[:, 0] == pytest.approx((spend - spend.mean()) / spend.std())


def test_they_are_the_same_in_every_currency_where_the_unit_is() -> None:
    yen = features() | {"spend": features()["spend"] * 150.0}
    in_yen = points_of(yen, units={"spend": 40.0 * 150.0})
    assert in_yen.values == pytest.approx(points_of(features(), units={"spend": 40.0}).values)
    assert in_yen.values != pytest.approx(points_of(features()).values)


def test_the_plane_is_that_of_the_first_two_principal_components() -> None:
    points = points_of(features())
    plane = plane_of(points)
    assert plane is not None
    judge = PCA(2, svd_solver="full").fit(points.values)
    assert plane.shares == pytest.approx(judge.explained_variance_ratio_.tolist())
    assert np.abs(plane.places) == pytest.approx(np.abs(judge.transform(points.values)))
    assert np.abs(plane.parts) == pytest.approx(np.abs(judge.components_))
    assert says(plane, 0) == "more orders, more spend"
    assert (plane.parts.max(axis=1) >= np.abs(plane.parts.min(axis=1))).all()


def test_correlations_are_pearsons() -> None:
    points = points_of(features())
    found = correlations(points)
    assert found == pytest.approx(pd.DataFrame(points.values).corr(method="pearson").to_numpy())
    assert strongest(points.axes, found) == ["spend and orders rise together (0.8)"]


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_customers_have_no_plane(rows: int) -> None:
    few = {name: column[:rows] for name, column in features().items()}
    assert plane_of(points_of(few)) is None


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (5, 1), (5, 0), (9, 2)])
def test_fewer_than_two_directions_make_no_plane(shape: tuple[int, int]) -> None:
    """Nor do customers who are all the same."""
    names = ("spend", "orders", "lines")[: shape[1]]
    assert plane_of(Points(names, np.ones(shape))) is None


def test_a_plane_of_points_that_lie_elsewhere_is_the_same_plane() -> None:
    points = points_of(features())
    here, there = plane_of(points), plane_of(Points(points.axes, points.values + 7.0))
    assert here is not None
    assert there is not None
    assert there.places == pytest.approx(here.places)
