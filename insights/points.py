"""Customers as points: their numbers on scales of one kind, and the two directions that say most.

Money and counts as logarithms, shares as arcsines, as lenses have them, or a few whales would
be all that there is to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.features import known_features, transformed
from snapshot.naming.words import feature_words
from stream.contracts.lens import Transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from insights.arrays import Floats

LEAST_SPREAD = 1e-6
"""A number that is the same for everybody sets nobody apart."""

NAMED_PARTS = 2
LEAST_PART = 0.15
LEAST_TOLD = 0.3
"""A correlation below is not worth a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A row a customer, an axis a column."""

    axes: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Points seen from where they lie farthest apart."""

    axes: tuple[str, ...]
    places: Floats
    """Two columns."""

    shares: tuple[float, float]
    """How much of all differences lies along each."""

    parts: Floats
    """A row a direction: how much of each axis is in it."""


def points_of(
    features: Mapping[str, Floats],
    transforms: Mapping[str, Transform] | None = None,
    units: Mapping[str, float] | None = None,
) -> Points:
    """Transformed as the catalogue says, unless another way is given, and in standard deviations;
    what is the same for everybody is left out. `units` are what a model's axes count in."""
    ways = _in_catalogue(features) if transforms is None else transforms
    kept: dict[str, Floats] = {}
    for name, values in features.items():
        counted = values / (units or {}).get(name, 1.0)
        column = transformed(counted, ways.get(name, Transform.IDENTITY))
        spread = float(column.std()) if len(column) else 0.0
        if spread > LEAST_SPREAD:
            kept[name] = (column - column.mean()) / spread
    rows = len(next(iter(features.values()), ()))
    values = np.stack(list(kept.values()), axis=1) if kept else np.empty((rows, 0))
    return Points(tuple(kept), values)


def plane_of(points: Points) -> Plane | None:
    """The first two principal components; None where points have fewer than two directions.

    Signs are such that the largest part of a direction is `more`: else they are arbitrary.
    """
    if min(points.values.shape) < 2:
        return None
    centred = points.values - points.values.mean(axis=0)
    squares, directions = np.linalg.eigh(centred.T @ centred)  # small, however many customers
    squares = np.maximum(squares[::-1], 0.0)
    total = float(squares.sum())
    if not total:
        return None
    largest = directions.T[::-1][:2]
    parts = largest * _signs(largest)[:, None]
    first, second = (squares[:2] / total).tolist()
    return Plane(points.axes, centred @ parts.T, (first, second), parts)


def says(
    plane: Plane,
    direction: int,
    name: Callable[[str], str] = feature_words,
    most: int = NAMED_PARTS,
) -> str:
    """What a direction is made of, the largest parts first."""
    parts = plane.parts[direction]
    order = np.argsort(-np.abs(parts))[:most].tolist()
    return ", ".join(
        f"{'more' if parts[axis] > 0 else 'less'} {name(plane.axes[axis])}"
        for axis in order
        if abs(parts[axis]) >= LEAST_PART
    )


def correlations(points: Points) -> Floats:
    """Pearson's, of the transformed numbers."""
    found: Floats = np.clip(np.atleast_2d(np.corrcoef(points.values, rowvar=False)), -1.0, 1.0)
    return found


def strongest(
    axes: Sequence[str],
    values: Floats,
    many: int = 3,
    name: Callable[[str], str] = feature_words,
) -> list[str]:
    """The pairs that go together most, in words; none that hardly do.

    >>> strongest(["orders", "spend"], np.array([[1.0, 0.9], [0.9, 1.0]]))
    ['orders and spend rise together (0.9)']
    """
    pairs = [(row, column) for row in range(len(axes)) for column in range(row)]
    pairs.sort(key=lambda pair: -abs(values[pair]))
    return [
        f"{name(axes[column])} and {name(axes[row])} "
        f"{'rise together' if values[row, column] > 0 else 'go against each other'} "
        f"({values[row, column]:.1f})".replace("-", "−")
        for row, column in pairs[:many]
        if abs(values[row, column]) >= LEAST_TOLD
    ]


def _in_catalogue(names: Iterable[str]) -> dict[str, Transform]:
    known = known_features(names)
    return {name: known[name].transform for name in names if name in known}


def _signs(directions: Floats) -> Floats:
    largest = np.abs(directions).argmax(axis=1)
    signs: Floats = np.sign(directions[np.arange(len(directions)), largest])
    return signs
