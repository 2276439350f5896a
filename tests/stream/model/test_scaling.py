"""Scales are measured over everybody, with a floor, and never blow a feature up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from stream.errors import FeatureError
from stream.model import scaling
from stream.model.scaling import Scaling

if TYPE_CHECKING:
    from collections.abc import Callable

    from stream.model.arrays import Floats

RNG = np.random.default_rng(3)


def test_a_robust_scale_is_the_interquartile_range() -> None:
    values = RNG.uniform(0, 1, 10_000)
    found = scaling.robust("f", values)
    assert found.centre == np.median(values)
    assert found.scale == np.quantile(values, 0.75) - np.quantile(values, 0.25)


def test_the_floor_holds_where_most_customers_share_a_value() -> None:
    values = np.append(np.zeros(900), RNG.normal(5, 1, 100))
    assert scaling.robust("f", values).scale == 0.5 * values.std()


def test_a_standard_scale_is_mean_and_deviation() -> None:
    values = RNG.normal(3, 2, 1000)
    assert scaling.standard("f", values) == Scaling(float(values.mean()), float(values.std()))


@pytest.mark.parametrize("scale", [scaling.robust, scaling.standard])
@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.full(50, 0.3), "same for everybody"),
        (np.array([1.0, np.nan]), "finite"),
        (np.array([]), "at least one"),
    ],
)
def test_a_feature_without_a_scale_is_named(
    scale: Callable[[str, Floats], Scaling], values: Floats, says: str
) -> None:
    with pytest.raises(FeatureError, match=f"'night_share_d90'.*{says}"):
        scale("night_share_d90", values)
