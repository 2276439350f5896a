"""Features become points as the model says, and nothing but finite known numbers gets in."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.contracts.lens import LensModel, ModelFeature, Shrinkage, Transform
from stream.errors import FeatureError
from stream.model import reference
from stream.model.lens import compile_lens
from stream.model.space import space_of
from tests.stream.model.models import lenses, value_lens

values = st.floats(-1e6, 1e6) | st.floats(0, 1) | st.just(0.0)


@given(lenses(), st.data())
def test_points_are_those_of_the_plain_reference_to_the_bit(
    model: LensModel, data: st.DataObject
) -> None:
    space = compile_lens(model, 1).space
    rows = data.draw(st.lists(st.tuples(*[values] * len(space.needs)), min_size=1, max_size=4))
    points = space.project(np.array(rows))
    for row, point in zip(rows, points.tolist(), strict=True):
        named = dict(zip(space.needs, row, strict=True))
        assert point == [reference.coordinate(feature, named) for feature in model.features]


def test_the_value_lens_is_what_numpy_makes_of_it() -> None:
    space = compile_lens(value_lens(), 1).space
    features = np.random.default_rng(1).lognormal(2, 1, (100, 3))
    expected = (np.log1p(features) - 1.0) / np.array([0.5, 1.5, 2.5])
    np.testing.assert_allclose(space.project(features), expected, rtol=1e-14)


def test_one_purchase_at_night_makes_no_night_owl() -> None:
    feature = ModelFeature(
        name="night_share_d90",
        transform=Transform.IDENTITY,
        centre=0.0,
        scale=1.0,
        shrinkage=Shrinkage(toward=0.1, weight=2.0),
    )
    space = space_of([feature])
    assert space.needs == ("night_share_d90", "orders_d90")
    points = space.project(np.array([[1.0, 1.0], [1.0, 20.0], [0.0, 0.0]]))
    assert points[:, 0].tolist() == [pytest.approx(0.4), pytest.approx(20.2 / 22), 0.1]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_feature_that_is_no_finite_number_is_refused_by_name(bad: float, column: int) -> None:
    space = compile_lens(value_lens(), 1).space
    features = np.ones((5, 3))
    features[3, column] = bad
    with pytest.raises(FeatureError, match=f"'{space.needs[column]}' is {bad}"):
        space.project(features)


def test_a_feature_that_a_rule_or_shrinkage_reads_is_checked_too() -> None:
    feature = ModelFeature(
        name="night_share_d90",
        transform=Transform.ARCSINE_SQRT,
        centre=0.0,
        scale=1.0,
        shrinkage=Shrinkage(toward=0.1, weight=2.0),
    )
    with pytest.raises(FeatureError, match="'orders_d90' is nan"):
        space_of([feature]).project(np.array([[0.5, math.nan]]))


def test_a_point_that_overflows_is_refused() -> None:
    feature = ModelFeature(name="f", transform=Transform.IDENTITY, centre=0.0, scale=0.01)
    with pytest.raises(FeatureError, match="'f'"):
        space_of([feature]).project(np.array([[1e308]]))


def test_columns_are_found_by_name_whatever_their_order() -> None:
    space = compile_lens(value_lens(), 1).space
    features = np.array([[1.0, 2.0, 3.0]])
    turned = space.arrange(["lines_d90", "orders_d90", "spend_d90"], features[:, [2, 0, 1]])
    assert turned.tolist() == features.tolist()
    catalogue = ["tenure_days", "lines_d90", "spend_d90", "orders_d90"]
    assert space.columns_in(catalogue).tolist() == [3, 2, 1]


def test_an_unseen_feature_is_refused_by_name() -> None:
    space = compile_lens(value_lens(), 1).space
    with pytest.raises(FeatureError, match="'recency_days' is none of this lens"):
        space.arrange([*space.needs, "recency_days"], np.ones((1, 4)))


def test_a_missing_feature_is_named() -> None:
    space = compile_lens(value_lens(), 1).space
    with pytest.raises(FeatureError, match="needs the feature 'spend_d90'"):
        space.columns_in(["orders_d90", "lines_d90"])


@pytest.mark.parametrize("shape", [(3,), (2, 2), (2, 4)])
def test_features_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(FeatureError, match="columns orders_d90"):
        compile_lens(value_lens(), 1).space.project(np.ones(shape))
