"""Who is in which segment of a table's model: by the nearest centroid, or the nearest member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.attributes.cells import cells_of
from snapshot.attributes.contract import CategoryColumn
from snapshot.attributes.identifying import identified, plain
from snapshot.attributes.matrix import matrix_of
from snapshot.clusterers.clusters import NOISE
from snapshot.clusterers.sampling import followed
from stream.errors import FeatureError, InputError
from stream.model.arrays import Shapes
from stream.model.assignment import assign
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from snapshot.attributes.cells import Cells
    from snapshot.attributes.contract import TableModel
    from snapshot.attributes.identifying import Identified
    from stream.contracts.lens import Centroid
    from stream.model.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """An entry a customer."""

    labels: Ints
    """The place of the segment in the lens' centroids; -1: in none."""

    confidence: Floats
    """From 0 to 1; not a number for who is in none."""

    distances: Floats
    """A column a centroid."""


class Placing:
    """A model made ready once. Safe to use from many threads."""

    def __init__(self, model: TableModel) -> None:
        self.model = model
        lens = model.lens
        self._space = space_of(lens.features)
        positions = np.array([one.position for one in lens.centroids])
        self._shapes = Shapes(positions, np.arange(len(positions), dtype=np.int64))
        self._variance = lens.pooled_variance
        found = model.members
        self._members = np.array(found.positions) if found else None

    @property
    def segments(self) -> tuple[Centroid, ...]:
        return self.model.lens.centroids

    def of_table(
        self, table: pa.Table, *, exact: bool = False
    ) -> tuple[Identified, Placed, tuple[str, ...]]:
        """Everybody of a table with the columns of the one that was fitted."""
        told = self.model.id_column if self.model.id_column in table.column_names else None
        who = identified(table, told)
        cells = self._cells(table if len(who.rows) == table.num_rows else table.take(who.rows))
        values, remarks = matrix_of(self.model.columns, cells, exact=exact)
        placed = self.place(self._space.project(values))
        return who, placed, (*(who.remarks if self.model.id_column else ()), *remarks)

    def place(self, points: Floats) -> Placed:
        """By the nearest centroid; where the model has members, as the nearest of them."""
        if self._members is None:
            found = assign(self._shapes, points, self._variance)
            return Placed(found.centroid, found.confidence, found.distances)
        assert self.model.members is not None  # as `_members` was made of them
        nearest, away = followed(points, self._members)
        codes = np.array(self.model.members.segments, np.int64)
        labels = np.where(away <= self.model.members.reach, codes[nearest], NOISE)
        return self.told(points, labels, None)

    def told(self, points: Floats, labels: Ints, confidence: Floats | None) -> Placed:
        """Where a clusterer put them, with the posterior of that segment where it says none."""
        found = assign(self._shapes, points, self._variance)
        squared = found.distances**2
        weights = np.exp((squared.min(axis=1, keepdims=True) - squared) / (2.0 * self._variance))
        own = weights[np.arange(len(points)), np.maximum(labels, 0)]
        sure = own / weights.sum(axis=1)
        if confidence is not None:
            sure = np.where(np.isnan(confidence), sure, confidence)
        return Placed(labels, np.where(labels == NOISE, np.nan, sure), found.distances)

    def _cells(self, table: pa.Table) -> dict[str, Cells]:
        """The model's columns, found but for case and punctuation."""
        alike = {plain(name): name for name in reversed(table.column_names)}
        cells, missing = {}, []
        for column in self.model.columns:
            name = column.name
            found = name if name in table.column_names else alike.get(plain(name))
            if found is None:
                missing.append(name)
                continue
            read = cells_of(table[found])
            if read is None:
                raise FeatureError(f"{name!r} has cells that are neither numbers nor texts")
            cells[name] = read
        if missing:
            raise FeatureError(
                f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing: the model "
                f"needs {_listed(column.name for column in self.model.columns)}"
            )
        return cells


def known_names(model: TableModel) -> list[str]:
    """What a customer of the model may be described by, with what each is."""
    return [
        f"{one.name} ({', '.join(one.levels)})" if isinstance(one, CategoryColumn) else one.name
        for one in model.columns
    ]


def check_placeable(model: TableModel) -> TableModel:
    """The model, if its centroids lie in the space that customers are compared in."""
    positions = np.array([one.position for one in model.lens.centroids])
    if not (np.abs(positions) <= 1e100).all():
        raise InputError("the model's centroids lie beyond all that can be compared")
    return model


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
