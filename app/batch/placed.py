"""Customers placed by a model: what `shoal predict` says of each, whichever kind of model it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints

NO_SEGMENT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """An entry a customer."""

    id_column: str
    ids: tuple[str, ...]
    segments: tuple[SegmentRef, ...]
    """All that there are; the first ones have distances."""

    codes: Ints
    """The place in `segments`; -1: in none."""

    confidence: Floats
    """Not a number where a rule holds, or nothing is near."""

    distances: Floats
    """A column for each segment that has a place: the first ones."""

    remarks: tuple[str, ...] = ()

    def segment(self, row: int) -> SegmentRef | None:
        code = int(self.codes[row])
        return None if code == NO_SEGMENT else self.segments[code]


class Placer(Protocol):
    """A model made ready for `shoal predict`."""

    @property
    def named(self) -> Sequence[tuple[str, str, str]]:
        """Every segment's id, name and the kind of customer that is meant, if it is known."""
        ...

    @property
    def how(self) -> str:
        """How it assigns, where that is not by the nearest centroid; else empty."""
        ...

    def of_table(self, table: pa.Table) -> Predicted:
        """Everybody. Raises InputError for missing columns and cells."""
        ...

    def of_one(self, values: Mapping[str, str]) -> Predicted:
        """One customer, by what was typed. Raises InputError for names it doesn't know, too."""
        ...


def as_table(found: Predicted, actions: Mapping[str, str]) -> pa.Table:
    """A row a customer, with a column for the distance to each segment."""
    refs = [found.segment(row) for row in range(len(found.ids))]
    columns: dict[str, pa.Array] = {
        found.id_column: pa.array(found.ids, pa.string()),
        "segment_id": pa.array([one and one.id for one in refs], pa.string()),
        "segment": pa.array([one and one.name for one in refs], pa.string()),
        "confidence": _numbers(found.confidence),
        "marketing_action": pa.array([one and actions.get(one.id) for one in refs], pa.string()),
    }
    for place in range(found.distances.shape[1]):
        columns[f"distance_{found.segments[place].id}"] = _numbers(found.distances[:, place])
    return pa.table(columns)


def _numbers(values: Floats) -> pa.Array:
    missing: NDArray[np.bool_] = np.isnan(values)
    return pa.array(np.ascontiguousarray(values), mask=missing)
