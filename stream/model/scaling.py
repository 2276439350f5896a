"""Centre and scale of a feature, measured once over a population and frozen into the model.

Apart from the space so that a fit can take its scale here and tests can hold it to numpy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import FeatureError

if TYPE_CHECKING:
    from stream.model.arrays import Floats


@dataclass(frozen=True, slots=True)
class Scaling:
    """What is taken off a transformed value, and what it is divided by then."""

    centre: float
    scale: float


def robust(name: str, transformed: Floats) -> Scaling:
    """The median, and the larger of the interquartile range and half a standard deviation.

    The floor is there because the range of a feature that most customers share is a rounding
    error or nothing, and would blow the few others up to the only thing that counts.

    >>> robust("spend_d90", np.array([0.0, 0.0, 0.0, 0.0, 10.0]))
    Scaling(centre=0.0, scale=2.0)
    """
    low, middle, high = np.percentile(_checked(name, transformed), [25, 50, 75])
    return _scaling(name, middle, max(high - low, 0.5 * transformed.std()))


def standard(name: str, transformed: Floats) -> Scaling:
    """Mean and standard deviation: shares have no tails, and robust scales of them are unstable."""
    checked = _checked(name, transformed)
    return _scaling(name, checked.mean(), checked.std())


def _checked(name: str, transformed: Floats) -> Floats:
    if not len(transformed) or not np.isfinite(transformed).all():
        raise FeatureError(f"the feature {name!r} should have finite values, and at least one")
    return transformed


def _scaling(name: str, centre: float, scale: float) -> Scaling:
    if scale <= np.finfo(float).eps * max(1.0, abs(centre)):
        raise FeatureError(
            f"the feature {name!r} is the same for everybody here: leave it out of the lens"
        )
    return Scaling(float(centre), float(scale))
