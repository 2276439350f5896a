"""Customers of the database as points: its columns by the catalogue, its words for what they are.

The points themselves, and the plane they are seen in, are `insights.points`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.pictures.words import by_column, plainly
from consumers.sink.schema import column_of
from insights import points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from insights.points import Plane, Points
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats

NAMED_PARTS = 3
"""A page has room for one more than a report."""


def points_of(
    features: Mapping[str, Floats],
    columns: Iterable[str],
    units: Mapping[str, float] | None = None,
) -> Points:
    """By these columns, except those that are the same for everybody."""
    chosen = {column: features[column] for column in columns}
    ways = {column: by_column()[column].transform for column in chosen}
    return points.points_of(chosen, ways, units)


def axes_of(lens: LensModel) -> dict[str, float]:
    """The columns that a lens compares, and what each counts in."""
    return {column_of(feature.name): feature.unit for feature in lens.features}


def directions(plane: Plane) -> str:
    """What both are made of, as sentences."""
    right, up = (points.says(plane, place, plainly, NAMED_PARTS) for place in range(2))
    return f"To the right: {right}. Upwards: {up}."


def strongest(axes: Sequence[str], correlations: Floats, many: int = 3) -> list[str]:
    """The pairs that go together most, in words; none that hardly do."""
    return points.strongest(axes, correlations, many, plainly)
