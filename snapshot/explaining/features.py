"""What is known of a column of the table: how it is transformed, and what it is a share of.

A column that is not in the catalogue (an enricher's) is taken as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.lens import Transform
from stream.half_life import USUAL_DAYS, half_life_days
from stream.profile.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stream.model.arrays import Floats
    from stream.profile.feature_table import Feature


def known_features(names: Iterable[str]) -> Mapping[str, Feature]:
    """The catalogue with the half-life that these columns have, by name.

    >>> known_features(["orders_d30"])["spend_d30"].unit
    'money'
    """
    days = half_life_days(names) or USUAL_DAYS
    return {feature.name: feature for feature in catalogue(days)}


def transformed(values: Floats, transform: Transform) -> Floats:
    """As `stream.model.space` does it, a column at a time.

    >>> transformed(np.array([-1.0, 0.0]), Transform.LOG1P).tolist()
    [0.0, 0.0]
    """
    if transform is Transform.LOG1P:
        return np.log1p(np.maximum(values, 0.0))
    if transform is Transform.ARCSINE_SQRT:
        return np.arcsin(np.sqrt(np.clip(values, 0.0, 1.0)))
    return values
