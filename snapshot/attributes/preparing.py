"""From columns to the axes that customers are compared by: settled once, at the fit.

A category counts half as much as a number: where somebody is a woman or a man says everything or
nothing, and at full weight every segment would be cut in two by it before anything else counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from snapshot.attributes.cells import Dates, Texts
from snapshot.attributes.contract import CategoryColumn, DateColumn, NumberColumn, axes_of
from snapshot.attributes.matrix import matrix_of
from stream.contracts.lens import ModelFeature, Transform
from stream.errors import InputError
from stream.model.scaling import standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from snapshot.attributes.cells import Cells
    from snapshot.attributes.contract import Column
    from stream.model.arrays import Floats

MOST_LEVELS = 12
"""Of a category: the commonest so many have axes of their own, the rest one together."""

MOST_AXES = 500
LONG_TAILED = 1.0
"""The skewness from which on a number that is never negative is compared by its logarithm."""

WEIGHT = 0.5
"""Of a category or a yes and no, against a number's 1."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Axes, and every customer's values on them."""

    columns: tuple[Column, ...]
    features: tuple[ModelFeature, ...]
    values: Floats
    """In the columns' own units, a column an axis."""

    remarks: tuple[str, ...]


def prepared(used: Mapping[str, Cells]) -> Prepared:
    """The columns as a fit takes them, with what was filled in said."""
    newest = _newest(used)
    columns = tuple(_column(name, cells, newest) for name, cells in used.items())
    names = [axis for column in columns for axis in axes_of(column)]
    if len(names) > MOST_AXES:
        raise InputError(
            f"{len(columns):,} columns make {len(names):,} axes, and at most {MOST_AXES} are "
            "compared: name those that matter with --columns"
        )
    if len(set(names)) < len(names):
        raise InputError("two columns or levels have the same name: give each one of its own")
    values, remarks = matrix_of(columns, used)
    return Prepared(columns, tuple(_features(columns, values)), values, remarks)


def _column(name: str, cells: Cells, newest: datetime) -> Column:
    if isinstance(cells, Texts):
        return _category(name, cells)
    if isinstance(cells, Dates):
        days = (newest - EPOCH) / timedelta(days=1) - cells.days
        return DateColumn(name=name, imputed=float(np.nanmedian(days)), reference=newest)
    return NumberColumn(name=name, imputed=float(np.nanmedian(cells.values)))


def _category(name: str, cells: Texts) -> CategoryColumn:
    counts = Counter(cells.values.drop_null().to_pylist())
    levels = sorted(counts, key=lambda level: (-counts[level], level))
    crowded = len(levels) > MOST_LEVELS
    kept = levels[: MOST_LEVELS - 1] if crowded else levels
    return CategoryColumn(name=name, levels=tuple(kept), others=crowded, imputed=kept[0])


def _newest(used: Mapping[str, Cells]) -> datetime:
    """Of all dates that there are: so the same table gives the same model on any day."""
    dates = [cells.days for cells in used.values() if isinstance(cells, Dates)]
    latest = max((float(np.nanmax(days)) for days in dates), default=0.0)
    try:
        return EPOCH + timedelta(days=latest)
    except OverflowError:
        raise InputError("there is a date in the table that no calendar goes to") from None


def _features(columns: Sequence[Column], values: Floats) -> Iterator[ModelFeature]:
    place = 0
    for column in columns:
        names = axes_of(column)
        own = values[:, place : place + len(names)]
        place += len(names)
        if isinstance(column, CategoryColumn):
            yield from _indicators(names, own)
        else:
            yield _axis(names[0], own[:, 0])


def _axis(name: str, values: Floats) -> ModelFeature:
    transform = Transform.LOG1P if _is_long_tailed(values) else Transform.IDENTITY
    points = np.log1p(values) if transform is Transform.LOG1P else values
    found = standard(name, points)
    weight = WEIGHT if len(np.unique(values)) == 2 else 1.0
    return ModelFeature(
        name=name, transform=transform, centre=found.centre, scale=found.scale / weight
    )


def _indicators(names: Sequence[str], own: Floats) -> Iterator[ModelFeature]:
    """All levels together vary as much as one number would, but for the weight."""
    shares = own.mean(axis=0)
    spread = float(np.sqrt((shares * (1.0 - shares)).sum()))
    for name, share in zip(names, shares.tolist(), strict=True):
        yield ModelFeature(
            name=name, transform=Transform.IDENTITY, centre=share, scale=spread / WEIGHT
        )


def _is_long_tailed(values: Floats) -> bool:
    if values.min() < 0.0:
        return False
    away = values - values.mean()
    spread = float(np.sqrt((away**2).mean()))
    return spread > 0.0 and float((away**3).mean()) / spread**3 > LONG_TAILED
