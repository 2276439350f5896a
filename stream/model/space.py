"""The space that customers are compared in: features transformed, centred and scaled.

Frozen with the model, because a scaler that moves would move the space under the centroids.
Nothing but finite numbers of known features gets in: one NaN would spoil a centroid for good.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled, inlined
from stream.contracts.lens import Transform
from stream.errors import FeatureError
from stream.half_life import USUAL_DAYS, ending_of, half_life_days
from stream.model.arrays import ARCSINE_SQRT, IDENTITY, LOG1P, Axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.lens import ModelFeature
    from stream.model.arrays import Floats, Ints

CODES = {
    Transform.IDENTITY: IDENTITY,
    Transform.LOG1P: LOG1P,
    Transform.ARCSINE_SQRT: ARCSINE_SQRT,
}
LARGEST_COORDINATE = 1e100
"""Beyond, squares of distances are no numbers any more, and River stops with an OverflowError."""

STEADY_SPEND = re.compile(r"steady_spend_d\d+")


@dataclass(frozen=True, slots=True)
class Space:
    """The axes, and the columns of features that they are read from.

    `needs` names the columns in the order in which kernels take them: one for each axis first,
    then those that only shrinkage (the decayed orders) and rules (`spend_d90`) look at.
    """

    needs: tuple[str, ...]
    axes: Axes

    @property
    def dimensions(self) -> int:
        return len(self.axes.scale)

    def columns_in(self, catalogue: Sequence[str]) -> Ints:
        """Where in a catalogue each needed feature is; to be asked once, when a model is taken."""
        places = {name: place for place, name in enumerate(catalogue)}
        missing = [name for name in self.needs if name not in places]
        if missing:
            raise FeatureError(
                f"the model needs the feature {missing[0]!r}, which is not in the catalogue: "
                "publish a model of known features, or update Shoal where the model was made"
            )
        return np.array([places[name] for name in self.needs], np.int64)

    def arrange(self, names: Sequence[str], features: Floats) -> Floats:
        """The columns as kernels take them, whatever their order was; exactly those needed."""
        unseen = [name for name in names if name not in self.needs]
        if unseen:
            raise FeatureError(
                f"the feature {unseen[0]!r} is none of this lens ({', '.join(self.needs)}): "
                "leave it out"
            )
        if len(set(names)) < len(names) or features.ndim != 2 or features.shape[1] != len(names):
            raise FeatureError(f"{features.shape} features should be one column for each name once")
        return np.ascontiguousarray(features[:, self.columns_in(names)], np.float64)

    def project(self, features: Floats) -> Floats:
        """The points of customers, one row each, from columns as `needs` names them."""
        if features.ndim != 2 or features.shape[1] != len(self.needs):
            raise FeatureError(f"features should have the columns {', '.join(self.needs)}")
        points = np.empty((len(features), self.dimensions))
        row = project_rows(self.axes, np.ascontiguousarray(features, np.float64), points)
        if row >= 0:
            self.refuse(features[row])
        return points

    def refuse(self, features: Floats) -> None:
        """Says which of a customer's features is what it can't be; never which customer."""
        point = np.empty(self.dimensions)
        column = project_row(self.axes, np.ascontiguousarray(features, np.float64), point)
        if column >= 0:
            raise FeatureError(
                f"the feature {self.needs[column]!r} is {float(features[column])}: nobody can be "
                "compared by that, nor learned from; look where it is folded or scaled"
            )


def space_of(features: Sequence[ModelFeature], also: Sequence[str] = ()) -> Space:
    """The space of a model's features; `also` names what rules read besides."""
    shrunk = {feature.name: orders_of(feature.name) for feature in features if feature.shrinkage}
    needs = tuple(dict.fromkeys([*(feature.name for feature in features), *shrunk.values(), *also]))
    axes = Axes(
        transform=np.array([CODES[feature.transform] for feature in features], np.int64),
        unit=np.array([feature.unit for feature in features]),
        centre=np.array([feature.centre for feature in features]),
        scale=np.array([feature.scale for feature in features]),
        toward=np.array([f.shrinkage.toward if f.shrinkage else 0.0 for f in features]),
        weight=np.array([f.shrinkage.weight if f.shrinkage else 0.0 for f in features]),
        orders_column=np.array(
            [needs.index(shrunk[f.name]) if f.shrinkage else -1 for f in features], np.int64
        ),
    )
    return Space(needs, axes)


def orders_of(share: str) -> str:
    """The orders that a share is a share of: those with the share's own half-life.

    >>> orders_of("night_share_d90"), orders_of("night_ratio")
    ('orders_d90', 'orders')
    """
    return "orders" + ending_of(share)


def net_spend_of(features: Sequence[str]) -> str:
    """The money that the rule of no net spend looks at: the lens' own, or else decayed as its
    features are. What is steady has the sign of what decays.

    >>> net_spend_of(["orders_d30", "lines_d30"]), net_spend_of(["units"])
    ('spend_d30', 'spend_d90')
    >>> net_spend_of(["steady_orders_d90", "steady_spend_d90"])
    'steady_spend_d90'
    """
    own = [feature for feature in features if STEADY_SPEND.fullmatch(feature)]
    if own:
        return own[0]
    return f"spend_d{half_life_days(features) or USUAL_DAYS}"


@compiled
def project_rows(axes: Axes, features: Floats, points: Floats) -> int:
    """Fills the points; returns the first row that is refused, or -1."""
    for row in range(len(features)):
        if project_row(axes, features[row], points[row]) >= 0:
            return row
    return -1


@inlined
def project_row(axes: Axes, features: Floats, point: Floats) -> int:
    """Fills one customer's point; returns the first column that is refused, or -1."""
    for column in range(len(features)):
        if not math.isfinite(features[column]):
            return column
    for axis in range(len(point)):
        value = features[axis]
        if axes.orders_column[axis] >= 0:
            orders = features[axes.orders_column[axis]]
            value = shrunk_share(value, orders, axes.toward[axis], axes.weight[axis])
        transformed = transform_value(value, axes.transform[axis], axes.unit[axis])
        point[axis] = (transformed - axes.centre[axis]) / axes.scale[axis]
        if not abs(point[axis]) <= LARGEST_COORDINATE:
            return axis
    return -1


@inlined
def shrunk_share(share: float, orders: float, toward: float, weight: float) -> float:
    """A share drawn toward the population's, which is all we know of who has no orders."""
    if orders <= 0.0:
        return toward
    return (share * orders + toward * weight) / (orders + weight)


@inlined
def transform_value(value: float, transform: int, unit: float) -> float:
    if transform == LOG1P:
        return math.log1p(value / unit) if value > 0.0 else 0.0
    if transform == ARCSINE_SQRT:
        return math.asin(math.sqrt(min(max(value, 0.0), 1.0)))
    return value
