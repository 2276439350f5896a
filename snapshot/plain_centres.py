"""Centroids in the features' own units, for people: a position read backwards through the space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.lens import Transform

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel, ModelFeature
    from stream.model.arrays import Floats


def plain_centres(lens: LensModel) -> Floats:
    """A row a centroid, a column a feature. A share is the one after shrinkage."""
    positions = np.array([centroid.position for centroid in lens.centroids])
    columns = [
        untransformed(on_axis(positions[:, axis], feature), feature)
        for axis, feature in enumerate(lens.features)
    ]
    return np.stack(columns, axis=1)


def on_axis(column: Floats, feature: ModelFeature) -> Floats:
    """Positions as they were before they were centred and scaled."""
    before: Floats = column * feature.scale + feature.centre
    return before


def untransformed(values: Floats, feature: ModelFeature) -> Floats:
    """An axis read backwards, from before it was centred and scaled."""
    if feature.transform is Transform.LOG1P:
        with np.errstate(over="ignore"):  # a centroid made by hand can lie anywhere
            return feature.unit * np.maximum(np.expm1(values), 0.0)
    if feature.transform is Transform.ARCSINE_SQRT:
        return np.sin(np.clip(values, 0.0, np.pi / 2)) ** 2
    return values
