"""Each segment's members against all active customers, feature by feature.

What names, descriptions and the report are made of; computed once for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.features import known_features, transformed
from snapshot.plain_centres import plain_centres
from stream.contracts.lens import Transform
from stream.model.space import orders_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.moment import Moment
    from snapshot.table import CustomerTable
    from stream.model.arrays import Floats, Ints

OF_ORDERS = re.compile(r"_(share|ratio)(_d\d+)?$")
"""Features that say what share of a customer's orders or lines is of a kind."""

LEAST_SPREAD = 1e-9
"""Of a transformed feature: below, all customers are the same, and nobody differs."""


@dataclass(frozen=True, slots=True)
class FeatureProfile:
    """One feature of one segment, in the feature's own unit but for the effect."""

    mean: float
    """Of a share: the one of all orders of the members together."""

    middle: float
    """The median: what a typical member has."""

    overall: float
    """The mean of all active customers."""

    overall_middle: float
    """Their median."""

    effect: float
    """The difference of the means after the transform, in standard deviations of all active."""


@dataclass(frozen=True, slots=True)
class SegmentProfile:
    """A segment's members at the instant of a fit."""

    segment_id: str
    customers: int
    share: float
    """Of the active customers."""

    features: Mapping[str, FeatureProfile]

    def effect(self, feature: str) -> float:
        """0, where nothing is known of the feature."""
        found = self.features.get(feature)
        return found.effect if found else 0.0


def profiles_of(moment: Moment, fit: BatchFit) -> tuple[SegmentProfile, ...]:
    """Every learned segment of the fit, in the order of its centroids."""
    ids = segment_ids(fit)
    members = members_of(fit)
    active = moment.table.of(fit.active)
    counts = np.bincount(members[members >= 0], minlength=len(ids)).tolist()
    columns = _columns(active, fit, members)
    return tuple(
        SegmentProfile(segment_id, count, count / max(len(active), 1), features)
        for segment_id, count, features in zip(ids, counts, columns, strict=True)
    )


def segment_ids(fit: BatchFit) -> list[str]:
    """Each segment once, in the order of the centroids (several may stand for one)."""
    return list(dict.fromkeys(centroid.segment.id for centroid in fit.lens.centroids))


def members_of(fit: BatchFit) -> Ints:
    """For each active customer the place in `segment_ids`; -1 for who is in no cluster."""
    ids = segment_ids(fit)
    places = [ids.index(centroid.segment.id) for centroid in fit.lens.centroids]
    members: Ints = np.array([*places, -1], np.int64)[fit.labels]
    return members


def _columns(
    active: CustomerTable, fit: BatchFit, members: Ints
) -> list[dict[str, FeatureProfile]]:
    """For each segment its features; of a segment without members only the lens' own."""
    known = known_features(active.names)
    axes = {feature.name: axis for axis, feature in enumerate(fit.lens.features)}
    by_segment = np.argsort(members, kind="stable")
    ends = np.searchsorted(members[by_segment], np.arange(len(segment_ids(fit)) + 1))
    rows = [by_segment[start:end] for start, end in pairwise(ends.tolist())]
    found: list[dict[str, FeatureProfile]] = [{} for _ in rows]
    for name in active.names:
        values = active.columns([name])[:, 0]
        feature = known.get(name)
        transform = feature.transform if feature else Transform.IDENTITY
        points = fit.points[:, axes[name]] if name in axes else transformed(values, transform)
        column = _Column(values, points, _weights(active, name))
        for place, there in enumerate(rows):
            if len(there):
                found[place][name] = column.of(there)
    _fill_empty(found, fit)
    return found


class _Column:
    """A feature of all active customers."""

    def __init__(self, values: Floats, points: Floats, weights: Floats | None) -> None:
        self.values, self.points, self.weights = values, points, weights
        everybody = np.arange(len(values))
        self.overall, self.overall_middle = self._mean(everybody), float(np.median(values))
        self.centre, self.spread = float(points.mean()), float(points.std())

    def of(self, rows: Ints) -> FeatureProfile:
        difference = float(self.points[rows].mean()) - self.centre
        return FeatureProfile(
            self._mean(rows),
            float(np.median(self.values[rows])),
            self.overall,
            self.overall_middle,
            difference / self.spread if self.spread > LEAST_SPREAD else 0.0,
        )

    def _mean(self, rows: Ints) -> float:
        values = self.values[rows]
        if self.weights is None or not self.weights[rows].sum() > 0.0:
            return float(values.mean())
        return float(np.average(values, weights=self.weights[rows]))


def _weights(active: CustomerTable, name: str) -> Floats | None:
    """A share of several customers together counts them by their orders."""
    orders = orders_of(name)
    if not OF_ORDERS.search(name) or orders not in active.names:
        return None
    return np.maximum(active.columns([orders])[:, 0], 0.0)


def _fill_empty(found: Sequence[dict[str, FeatureProfile]], fit: BatchFit) -> None:
    """Where a segment has no members, its centroid speaks for it, on the axes."""
    centres, ids = plain_centres(fit.lens), segment_ids(fit)
    means, spreads = fit.points.mean(axis=0), fit.points.std(axis=0)
    for centroid, plain in zip(fit.lens.centroids, centres, strict=True):
        place = ids.index(centroid.segment.id)
        if found[place]:
            continue
        for axis, feature in enumerate(fit.lens.features):
            spread = float(spreads[axis])
            difference = centroid.position[axis] - float(means[axis])
            effect = difference / spread if spread > LEAST_SPREAD else 0.0
            mean = float(plain[axis])
            found[place][feature.name] = FeatureProfile(mean, mean, mean, mean, effect)
