"""Positions of one model's space in another's: versions differ in centre, scale and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.plain_centres import on_axis, untransformed
from stream.contracts.lens import Transform

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel, ModelFeature
    from stream.model.arrays import Floats


def in_space_of(positions: Floats, lens: LensModel, other: LensModel) -> Floats | None:
    """Positions in one model's space as another's has them; None where the axes are not the same.

    Shrinkage is left as it is: it belongs to a customer's orders, and a centroid has none.
    """
    axes = {feature.name: axis for axis, feature in enumerate(lens.features)}
    if set(axes) != {feature.name for feature in other.features}:
        return None
    pairs = [(axes[feature.name], feature) for feature in other.features]
    if any(lens.features[axis].transform is not feature.transform for axis, feature in pairs):
        return None
    columns = [_carried(positions[:, axis], lens.features[axis], there) for axis, there in pairs]
    return np.stack(columns, axis=1)


def _carried(column: Floats, here: ModelFeature, there: ModelFeature) -> Floats:
    transformed = on_axis(column, here)
    if here.transform is Transform.LOG1P and here.unit != there.unit:
        transformed = np.log1p(untransformed(transformed, here) / there.unit)
    moved: Floats = (transformed - there.centre) / there.scale
    return moved
