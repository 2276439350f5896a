"""Which features make the segments: each axis' part of the squared distance between them.

k-means weighs squared distances and nothing else, so this is exact, and its parts add up to 1; no
second model has to guess what the first one did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.profiles import members_of, segment_ids
from stream.contracts.lens import Importance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.batch_fit import BatchFit
    from stream.model.arrays import Floats


@dataclass(frozen=True, slots=True)
class Importances:
    """Axis by axis, the most important first."""

    model: tuple[Importance, ...]
    """What sets the segments apart from each other."""

    segments: Mapping[str, tuple[Importance, ...]]
    """By segment id, what sets each apart from all active customers."""

    explained: Mapping[str, float]
    """By feature, which share of its variance among active customers lies between segments."""


def importance(fit: BatchFit) -> Importances:
    """Of a fit's axes, in the lens' space."""
    names = [feature.name for feature in fit.lens.features]
    ids, members = segment_ids(fit), members_of(fit)
    there = members >= 0
    counts = np.bincount(members[there], minlength=len(ids)).astype(float)
    middle, spread = fit.points.mean(axis=0), fit.points.std(axis=0)
    distances = _centres(fit, counts) - middle
    between = counts @ distances**2
    total = ((fit.points[there] - middle) ** 2).sum(axis=0)
    effects = np.divide(distances, spread, out=np.zeros_like(distances), where=spread > 0.0)
    return Importances(
        _shares(names, between, None),
        {
            segment_id: _shares(names, distances[place] ** 2, effects[place])
            for place, segment_id in enumerate(ids)
        },
        {
            name: min(float(between[axis] / total[axis]), 1.0) if total[axis] > 0.0 else 0.0
            for axis, name in enumerate(names)
        },
    )


def _centres(fit: BatchFit, counts: Floats) -> Floats:
    """The members' mean of each segment; of one without members its centroid."""
    ids, members = segment_ids(fit), members_of(fit)
    centres = np.zeros((len(ids), fit.points.shape[1]))
    for centroid in fit.lens.centroids:
        centres[ids.index(centroid.segment.id)] = centroid.position
    for place in np.flatnonzero(counts).tolist():
        centres[place] = fit.points[members == place].mean(axis=0)
    return centres


def _shares(names: list[str], squares: Floats, effects: Floats | None) -> tuple[Importance, ...]:
    total = float(squares.sum())
    order = np.argsort(-squares, kind="stable").tolist()
    return tuple(
        Importance(
            feature=names[axis],
            share=min(float(squares[axis]) / total, 1.0) if total > 0.0 else 0.0,
            effect=None if effects is None else float(effects[axis]),
        )
        for axis in order
    )
