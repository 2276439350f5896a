"""The model in plain Python, one customer after the other, with real River objects.

What the kernels do is what this does; the tests hold them equal, bit for bit. Slow, and read
more than run: it says the rules with the model's own words.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from stream.contracts.lens import Rule, Transform
from stream.model.river_objects import as_river, from_river, to_river
from stream.model.space import net_spend_of, orders_of
from stream.model.transition import Standing, TransitionRule
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.contracts.lens import LensModel, ModelFeature
    from stream.model.arrays import Floats, Ints


def learned(positions: Floats, points: Floats, order: Ints, step: float) -> Floats:
    """The centroids after River was taught the points in that order."""
    model: Any = to_river(positions, step)
    for row in order:
        model.learn_one(as_river(points[row]))
    return from_river(model)


def look(
    model: LensModel,
    features: Mapping[str, float],
    last_purchase_ms: int | None,
    standing: Standing[str],
    at_ms: int,
    *,
    bypass: bool = False,
) -> Standing[str]:
    """Where a customer stands after a look, by segment ids."""
    rule = TransitionRule(
        model.transition.margin, round(model.transition.return_guard_days * DAY_MS)
    )
    ruled = rule_segment(model, features, last_purchase_ms, at_ms)
    if ruled is not None:
        return rule.decide(standing, at_ms=at_ms, ruled=ruled)
    distances = distances_of(model, features)
    return rule.decide(standing, at_ms=at_ms, distances=distances, bypass=bypass)


def rule_segment(
    model: LensModel, features: Mapping[str, float], last_purchase_ms: int | None, at_ms: int
) -> str | None:
    """The first rule segment that has the customer."""
    for rule in model.rule_segments:
        if rule.rule is Rule.NO_NET_SPEND:
            holds = features[net_spend_of([one.name for one in model.features])] <= 0
        else:
            after_ms = round((rule.after_days or 0) * DAY_MS)
            holds = last_purchase_ms is None or at_ms - last_purchase_ms >= after_ms
        if holds:
            return rule.segment.id
    return None


def distances_of(model: LensModel, features: Mapping[str, float]) -> dict[str, float]:
    """The distance to each learned segment, the nearest first, of equals the first centroid's."""
    point = [coordinate(feature, features) for feature in model.features]
    squares = []
    for index, centroid in enumerate(model.centroids):
        away = zip(point, centroid.position, strict=True)
        squared = sum_in_order([(x - c) * (x - c) for x, c in away])
        squares.append((squared, index, centroid.segment.id))
    distances: dict[str, float] = {}
    for squared, _, segment in sorted(squares):
        distances.setdefault(segment, math.sqrt(squared))
    return distances


def coordinate(feature: ModelFeature, features: Mapping[str, float]) -> float:
    """Where a customer lies on one axis."""
    value = features[feature.name]
    if feature.shrinkage is not None:
        orders, toward = features[orders_of(feature.name)], feature.shrinkage.toward
        weight = feature.shrinkage.weight
        value = (value * orders + toward * weight) / (orders + weight) if orders > 0 else toward
    if feature.transform is Transform.LOG1P:
        value = math.log1p(max(value, 0.0) / feature.unit)
    elif feature.transform is Transform.ARCSINE_SQRT:
        value = math.asin(math.sqrt(min(max(value, 0.0), 1.0)))
    return (value - feature.centre) / feature.scale


def sum_in_order(terms: list[float]) -> float:
    """Not `sum`: from Python 3.12 on it carries rounding errors, and kernels don't."""
    total = 0.0
    for term in terms:
        total += term
    return total
