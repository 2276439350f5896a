"""Customers as points: their numbers on scales of one kind, and the two directions that say most.

Money and counts as logarithms, shares as arcsines, as lenses have them, or a few whales would
be all that there is to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.dashboard.pictures.words import by_column, plainly
from stream.contracts.lens import Transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.model.arrays import Floats

LEAST_SPREAD = 1e-6
"""A number that is the same for everybody sets nobody apart."""

NAMED_PARTS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A row a customer, an axis a column."""

    axes: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Points seen from where they lie farthest apart."""

    places: Floats
    """Two columns."""

    shares: tuple[float, float]
    """How much of all differences lies along each."""

    parts: Floats
    """A row a direction: how much of each axis is in it."""

    axes: tuple[str, ...]
    middle: Floats

    def put(self, points: Floats) -> Floats:
        """Where other points of the same axes lie."""
        placed: Floats = (points - self.middle) @ self.parts.T
        return placed

    def says(self, direction: int) -> str:
        """What a direction is made of, the largest parts first."""
        parts = self.parts[direction]
        order = np.argsort(-np.abs(parts))[:NAMED_PARTS]
        told = [
            f"{'more' if parts[axis] > 0 else 'less'} {plainly(self.axes[axis])}"
            for axis in order.tolist()
            if abs(parts[axis]) >= 0.15
        ]
        return ", ".join(told)


def points_of(features: Mapping[str, Floats], columns: Sequence[str]) -> Points:
    """These columns, transformed as the catalogue says and in standard deviations.

    What is the same for everybody is left out.
    """
    kept: list[str] = []
    values: list[Floats] = []
    for column in columns:
        transformed = _transformed(features[column], by_column()[column].transform)
        spread = float(transformed.std()) if len(transformed) else 0.0
        if spread > LEAST_SPREAD:
            kept.append(column)
            values.append((transformed - transformed.mean()) / spread)
    rows = len(next(iter(features.values()), ()))
    return Points(tuple(kept), np.stack(values, axis=1) if values else np.empty((rows, 0)))


def plane_of(points: Points) -> Plane | None:
    """The first two principal components; None where points have fewer than two directions.

    Signs are such that the largest part of a direction is `more`: else they are arbitrary.
    """
    values = points.values
    if min(values.shape) < 2:
        return None
    middle: Floats = values.mean(axis=0)
    _, spreads, directions = np.linalg.svd(values - middle, full_matrices=False)
    total = float((spreads**2).sum())
    if not total:
        return None
    parts: Floats = directions[:2] * _signs(directions[:2])[:, None]
    first, second = (spreads[:2] ** 2 / total).tolist()
    return Plane((values - middle) @ parts.T, (first, second), parts, points.axes, middle)


def correlations(points: Points) -> Floats:
    """Pearson's, of the transformed numbers."""
    found: Floats = np.clip(np.atleast_2d(np.corrcoef(points.values, rowvar=False)), -1.0, 1.0)
    return found


def _signs(directions: Floats) -> Floats:
    largest = np.abs(directions).argmax(axis=1)
    signs: Floats = np.sign(directions[np.arange(len(directions)), largest])
    return signs


def _transformed(values: Floats, transform: Transform) -> Floats:
    if transform is Transform.LOG1P:
        logs: Floats = np.log1p(np.maximum(values, 0.0))
        return logs
    if transform is Transform.ARCSINE_SQRT:
        arcs: Floats = np.arcsin(np.sqrt(np.clip(values, 0.0, 1.0)))
        return arcs
    return values
