"""Where customers stand in a lens at the end of a backtest: segment, confidence, and how unlike
all others they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active
from snapshot.outliers import are_outliers, outlier_scores
from stream.model.arrays import Shapes
from stream.model.assignment import assign
from stream.model.space import space_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints

USUAL_SHARE = 0.02
"""Of active customers, who are called outliers at most where the lens' fits leave nobody out."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An entry a customer of the moment."""

    published: tuple[SegmentRef | None, ...]

    confidence: Floats
    """Of the published segment, by the centroids of the customer's own partition; not a number
    where it is none that was learned."""

    outlier_scores: Floats
    """Not a number for customers outside the fit."""

    outliers: NDArray[np.bool_]


def standing(moment: Moment, lens: LensModel, outliers: float) -> Standing:
    """In a lens of the model that runs; `outliers` is the share that its fits leave out."""
    at = moment.lenses[lens.lens]
    space = space_of(lens.features)
    points = space.project(moment.table.columns(space.needs))
    active = are_active(moment.table, lens.rule_segments)
    found = outlier_scores(points[active])
    scores, flags = np.full(len(moment), np.nan), np.zeros(len(moment), np.bool_)
    scores[active], flags[active] = found, are_outliers(found, outliers or USUAL_SHARE)
    segments = (*at.segments, None)
    return Standing(
        tuple(segments[code] for code in at.published.tolist()),
        _confidences(moment, at, points, lens),
        scores,
        flags,
    )


def _confidences(moment: Moment, at: LensAt, points: Floats, lens: LensModel) -> Floats:
    confidences = np.full(len(moment), np.nan)
    codes = {segment.id: code for code, segment in enumerate(at.segments)}
    for partition, running in enumerate(at.running):
        segments = np.array([codes[segment_id] for segment_id in running.segments], np.int64)
        rows = np.flatnonzero((moment.partition == partition) & np.isin(at.published, segments))
        shapes = Shapes(np.ascontiguousarray(running.positions), segments)
        confidences[rows] = _confidence(
            shapes, points[rows], at.published[rows], lens.pooled_variance
        )
    return confidences


def _confidence(shapes: Shapes, points: Floats, published: Ints, variance: float) -> Floats:
    """The posterior of the published segment, which need not be the nearest."""
    squared = assign(shapes, points, variance).distances ** 2
    weights = np.exp((squared.min(axis=1, keepdims=True) - squared) / (2.0 * variance))
    own = np.where(shapes.segments == published[:, None], weights, 0.0)
    confidence: Floats = own.sum(axis=1) / weights.sum(axis=1)
    return confidence
