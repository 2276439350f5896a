"""Who went where between two snapshots: a matrix of segments then by segments later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stream.model.arrays import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """Where customers stood in a lens at an instant."""

    instant_ms: int
    ids: pa.Array
    segments: tuple[SegmentRef, ...]
    codes: Ints
    """For each customer the place of the segment, or `NONE`."""


@dataclass(frozen=True, slots=True, eq=False)
class Migrations:
    """How many customers went from each segment to each.

    Segments that are in both have the same place in both as far as that goes. None stands for no
    segment, and among those before also for not being a customer yet; it is there only where
    somebody was.
    """

    lens: str
    from_ms: int
    to_ms: int
    before: tuple[SegmentRef | None, ...]
    """The rows, by the names of then."""

    after: tuple[SegmentRef | None, ...]
    """The columns, by the names of later."""

    counts: Ints
    """A row a segment before, a column a segment after."""

    @property
    def moved(self) -> int:
        """How many are in another segment than before; who came new doesn't count."""
        return int(self._known().sum()) - self.stayed

    @property
    def stayed(self) -> int:
        """How many are in the segment that they were in."""
        columns = {ref.id: place for place, ref in enumerate(self.after) if ref}
        return sum(
            int(self.counts[row, columns[ref.id]])
            for row, ref in enumerate(self.before)
            if ref and ref.id in columns
        )

    def _known(self) -> Ints:
        rows = [row for row, ref in enumerate(self.before) if ref]
        return self.counts[rows]


def migrations(lens: str, before: Standings, after: Standings) -> Migrations:
    """Of everybody who was there at either instant."""
    later, earlier = list(after.segments), list(before.segments)
    order = {ref.id: place for place, ref in enumerate(later)}
    by_place = sorted(range(len(earlier)), key=lambda code: order.get(earlier[code].id, len(later)))
    counts = _counted(before, after)[[*by_place, len(earlier)]]
    rows = [*(earlier[code] for code in by_place), None]
    columns = [*later, None]
    rows_there = _shown(rows, counts.sum(axis=1))
    columns_there = _shown(columns, counts.sum(axis=0))
    return Migrations(
        lens=lens,
        from_ms=before.instant_ms,
        to_ms=after.instant_ms,
        before=tuple(rows[place] for place in rows_there),
        after=tuple(columns[place] for place in columns_there),
        counts=counts[np.ix_(rows_there, columns_there)],
    )


def _counted(before: Standings, after: Standings) -> Ints:
    """With the last row and column for those without a segment."""
    shape = len(before.segments) + 1, len(after.segments) + 1
    place_before = _places(after.ids, before.ids)
    were = np.append(before.codes, NONE)[place_before]
    gone = _places(before.ids, after.ids) == NONE
    rows = np.concatenate([were, before.codes[gone]])
    columns = np.concatenate([after.codes, np.full(int(gone.sum()), NONE, np.int64)])
    cells = (rows % shape[0]) * shape[1] + columns % shape[1]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _places(ids: pa.Array, among: pa.Array) -> Ints:
    """Where each id is among the others, or `NONE`."""
    found = pc.index_in(ids, value_set=among)
    places: Ints = found.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return places


def _shown(refs: Sequence[SegmentRef | None], totals: Ints) -> list[int]:
    return [place for place, ref in enumerate(refs) if ref is not None or totals[place]]
