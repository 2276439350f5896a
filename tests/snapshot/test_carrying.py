"""Who lies somewhere in one version's space lies in another's where that one has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snapshot.carrying import in_space_of
from stream.contracts.lens import LensModel, Transform
from stream.model.space import space_of
from tests.stream.model.models import value_lens

sums = st.tuples(*[st.floats(0, 1e6)] * 3)
spaces = st.tuples(st.floats(-3, 3), st.floats(0.2, 5), st.sampled_from([0.001, 1.0, 17.8, 4e3]))


def with_axes(axes: list[tuple[float, float, float]], turned: bool = False) -> LensModel:
    lens = value_lens()
    features = [
        feature.model_copy(update={"centre": centre, "scale": scale, "unit": unit})
        for feature, (centre, scale, unit) in zip(lens.features, axes, strict=True)
    ]
    return lens.model_copy(update={"features": tuple(features[::-1] if turned else features)})


@given(
    st.lists(sums, min_size=1, max_size=5),
    st.lists(spaces, min_size=3, max_size=3),
    st.lists(spaces, min_size=3, max_size=3),
    st.booleans(),
)
def test_a_point_is_carried_to_where_the_other_space_has_the_customer(
    rows: list[tuple[float, ...]],
    here: list[tuple[float, float, float]],
    there: list[tuple[float, float, float]],
    turned: bool,
) -> None:
    lens, other = with_axes(here), with_axes(there, turned)
    features = np.array(rows)
    points = space_of(lens.features).project(features)
    expected = space_of(other.features).project(features[:, ::-1] if turned else features)
    assert in_space_of(points, lens, other) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_other_axes_or_another_transform_are_no_space_to_be_carried_to() -> None:
    lens = value_lens()
    positions = np.zeros((1, 3))
    fewer = lens.model_copy(update={"features": lens.features[:2]})
    assert in_space_of(positions, lens, fewer) is None
    plain = lens.features[1].model_copy(update={"transform": Transform.IDENTITY})
    other = lens.model_copy(update={"features": (lens.features[0], plain, lens.features[2])})
    assert in_space_of(positions, lens, other) is None
