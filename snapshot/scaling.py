"""The axes of a lens, measured on the active customers of a table: shrunk, transformed, scaled.

`stream.model.scaling` has the two scales; here is what they are taken of, and which features are
worth an axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.usual_line import counts_lines_worth, usual_line
from stream.contracts.lens import ModelFeature, Shrinkage
from stream.errors import FeatureError
from stream.model.scaling import robust, standard
from stream.model.space import orders_of, space_of

if TYPE_CHECKING:
    from snapshot.table import CustomerTable
    from stream.model.arrays import Floats
    from stream.settings.lenses import FeatureSpec, LensSpec

LEAST_SPREAD = 0.05
"""A transformed feature with a smaller standard deviation hardly varies. Of a share that is what
chance makes of a hundred orders; of a logarithm, five per cent."""


def axes_of(spec: LensSpec, table: CustomerTable) -> tuple[ModelFeature, ...]:
    """The lens' features with their centres and scales.

    With the standard scale, features that hardly vary are left out: it would blow them up until
    the few customers who differ are all that counts. The robust scale has a floor against that.
    """
    plain = tuple(_unscaled(feature, table) for feature in spec.features)
    space = space_of(plain)
    values = space.project(table.columns(space.needs))
    axes = tuple(
        _scaled(feature, axis, values[:, place])
        for place, (feature, axis) in enumerate(zip(spec.features, plain, strict=True))
        if feature.scaler == "robust" or values[:, place].std() >= LEAST_SPREAD
    )
    if not axes:
        raise FeatureError(
            f"lens {spec.name!r} has nothing to compare customers by: its features "
            f"({', '.join(spec.feature_names())}) hardly vary among them. Fit the others by "
            "--lens, and take it out of the settings or give it other features"
        )
    return axes


def _unscaled(feature: FeatureSpec, table: CustomerTable) -> ModelFeature:
    shrinkage = None
    if feature.shrink_orders is not None:
        toward = _share_of_all(*table.columns([feature.name, orders_of(feature.name)]).T)
        shrinkage = Shrinkage(toward=toward, weight=feature.shrink_orders)
    return ModelFeature(
        name=feature.name,
        transform=feature.transform,
        unit=usual_line(table) if counts_lines_worth(feature) else 1.0,
        centre=0.0,
        scale=1.0,
        shrinkage=shrinkage,
    )


def _share_of_all(shares: Floats, orders: Floats) -> float:
    """The population's share: customers count by their orders."""
    weights = np.maximum(orders, 0.0)
    total = float(weights.sum())
    return min(max(float(shares @ weights) / total, 0.0), 1.0) if total > 0.0 else 0.0


def _scaled(feature: FeatureSpec, axis: ModelFeature, values: Floats) -> ModelFeature:
    measure = robust if feature.scaler == "robust" else standard
    scaling = measure(feature.name, values)
    return axis.model_copy(update={"centre": scaling.centre, "scale": scaling.scale})
