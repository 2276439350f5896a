"""Which segment a customer would be in, from features or from transactions, and why.

The same kernels that tasks assign with, over a published model. Nobody's history is asked: the
margin and the return guard have no part in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.folding_one import folded, last_purchase_ms
from consumers.sink.schema import column_of
from snapshot.plain_centres import plain_centres
from stream.contracts.lens import Rule
from stream.errors import FeatureError, InputError
from stream.half_life import USUAL_DAYS, half_life_days
from stream.model.arrays import NONE
from stream.model.assignment import measure, nearest_of
from stream.model.distances import distances_by_segment
from stream.model.lens import compile_lens
from stream.model.reasons import explain
from stream.model.rules import rule_segment
from stream.profile.catalogue import features as read_features
from stream.profile.kept import Bounds
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.contracts.fast import Line
    from stream.contracts.model import SegmentModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints
    from stream.profile.products import NonProducts

RECENCY = "recency_days"
LONGEST_RECENCY_DAYS = 100_000.0


@dataclass(frozen=True, slots=True)
class Because:
    """One feature that speaks for the segment."""

    feature: str
    value: float
    in_segment: float
    """Where the segment's centroid lies."""

    in_next: float
    """Where that of the next nearest segment does."""

    contribution: float
    """Its share of the difference between the two distances."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a learned segment is: to its nearest centroid, in the model's space."""

    segment: SegmentRef
    distance: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The segment, and how it came about."""

    lens: str
    model_version: int
    segment: SegmentRef
    confidence: float | None
    """How likely it is against the others; None where a rule holds."""

    rule: Rule | None
    """The rule that holds, where the segment is outside the fit."""

    distances: tuple[Distance, ...]
    """To each learned segment, the nearest first; also where a rule holds."""

    reasons: tuple[Because, ...]
    """The strongest first; none where a rule holds."""

    features: dict[str, float]
    """What was looked at."""


def predict(model: SegmentModel, lens: str, features: Mapping[str, float]) -> Prediction:
    """From features by name; who predicts often keeps a `Predictor`."""
    return Predictor(model, lens).predict(features)


def predict_from_transactions(
    model: SegmentModel, lens: str, transactions: Sequence[Line], at_ms: int | None = None
) -> Prediction:
    """From one customer's transactions, read at an instant."""
    return Predictor(model, lens).predict_from_transactions(transactions, at_ms)


class Predictor:
    """A lens of a model, made ready once for many predictions. Safe to use from many threads."""

    def __init__(self, model: SegmentModel, lens: str) -> None:
        found = model.lens(lens)
        if found is None:
            known = ", ".join(one.lens for one in model.lenses)
            raise InputError(f"model {model.version} has no lens {lens!r}: it has {known}")
        self._lens = compile_lens(found, model.version)
        self._plain = plain_centres(found)
        self._rules = {rule.segment.id: rule.rule for rule in found.rule_segments}

    @property
    def needs(self) -> tuple[str, ...]:
        """The features that have to be given, by their names in the catalogue."""
        return self._lens.needs

    @property
    def asks(self) -> tuple[str, ...]:
        """Those, and what a rule looks at where it is given."""
        looks_back = Rule.DORMANT in self._rules.values()
        return tuple(dict.fromkeys([*self.needs, *([RECENCY] if looks_back else [])]))

    def predict(self, features: Mapping[str, float]) -> Prediction:
        """From features as the catalogue names them, or as the sink's columns are called.

        Others than those needed are passed over; without `recency_days` nobody is dormant.
        """
        values = np.array([self._value(features, name) for name in self.needs], np.float64)
        recency = features.get(RECENCY, 0.0)
        if not 0.0 <= recency <= LONGEST_RECENCY_DAYS:
            raise FeatureError(
                f"the feature {RECENCY!r} is {recency}: it should lie from 0 to "
                f"{LONGEST_RECENCY_DAYS:,.0f}"
            )
        shown = dict(zip(self.needs, values.tolist(), strict=True))
        if RECENCY in features:
            shown[RECENCY] = float(recency)
        return self._prediction(values, -round(recency * DAY_MS), 0, shown)

    def predict_from_transactions(
        self,
        transactions: Sequence[Line],
        at_ms: int | None = None,
        bounds: Bounds | None = None,
        non_products: NonProducts | None = None,
    ) -> Prediction:
        """From one customer's transactions, folded as a task folds them and read at an instant:
        that of the last one if none is said."""
        days = half_life_days(self.needs) or USUAL_DAYS
        bounds = (bounds or Bounds())._replace(half_life_ms=days * DAY_MS)
        profiles, at_ms = folded(transactions, at_ms, bounds, non_products)
        row = np.array([0])
        values = read_features(profiles, row, at_ms, self.needs)[0]
        shown = read_features(profiles, row, at_ms, self.asks)[0].tolist()
        features = dict(zip(self.asks, shown, strict=True))
        return self._prediction(values, last_purchase_ms(profiles), at_ms, features)

    def _value(self, features: Mapping[str, float], name: str) -> float:
        value = features.get(name, features.get(column_of(name)))
        if value is None:
            raise FeatureError(
                f"the feature {name!r} is missing: lens {self._lens.name!r} needs "
                f"{', '.join(self.needs)}"
            )
        return value

    def _prediction(
        self, values: Floats, last_purchase_ms: int, at_ms: int, shown: dict[str, float]
    ) -> Prediction:
        lens = self._lens
        squared = np.empty(len(lens.shapes.segments))
        nearest = measure(lens.shapes.positions, lens.space.project(values[None])[0], squared)
        code = rule_segment(lens.arrays.rules, values, last_purchase_ms, at_ms)
        is_ruled = code != NONE
        code = code if is_ruled else int(lens.shapes.segments[nearest])
        explained = explain(lens, np.array([NONE]), np.array([code]), None, values[None])
        confidence = float(explained.confidence[0])
        axes, shares = explained.axes[0], explained.shares[0]
        return Prediction(
            lens.name,
            lens.version,
            lens.segments[code],
            None if math.isnan(confidence) else confidence,
            self._rules[lens.segments[code].id] if is_ruled else None,
            self._distances(squared),
            () if is_ruled else self._reasons(values, squared, code, axes, shares),
            shown,
        )

    def _distances(self, squared: Floats) -> tuple[Distance, ...]:
        away = distances_by_segment(self._lens.shapes.segments, squared)
        return tuple(Distance(self._lens.segments[code], far) for code, far in away.items())

    def _reasons(
        self, values: Floats, squared: Floats, code: int, axes: Ints, shares: Floats
    ) -> tuple[Because, ...]:
        segments = self._lens.shapes.segments
        entered = nearest_of(segments, squared, code)
        others = np.where(segments == code, math.inf, squared)
        following = int(np.argmin(others))
        return tuple(
            Because(
                self._lens.shown[axis],
                float(values[axis]),
                float(self._plain[entered, axis]),
                float(self._plain[following, axis]),
                share,
            )
            for axis, share in zip(axes.tolist(), shares.tolist(), strict=True)
            if axis >= 0
        )
