"""What blocks say of customers, row by row: profiles, ids, where they stand, what was seen.

The part of restored state that is large, and that deltas change in places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stream.blocks.lens_rows import LensRestored
from stream.errors import BlockError
from stream.profile import tables
from stream.profile.layout import PROFILE, empty_row
from stream.profile.sparse import WORD, unpack
from stream.profile.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from stream.blocks.head import LensHead
    from stream.profile.layout import Ints, Rows


class RestoredRows:
    """Rows as deltas come; room is made as they do."""

    def __init__(self) -> None:
        self._room = np.zeros(0, PROFILE)
        self._used = 0
        self.texts = Texts()
        self.lenses: dict[str, LensRestored] = {}

    def __len__(self) -> int:
        return self._used

    @property
    def profiles(self) -> Rows:
        used: Rows = self._room[: self._used]
        return used

    def scale(self, factor: float) -> None:
        """Of everybody's decayed sums."""
        if factor != 1.0:
            self.profiles["decayed"] *= factor

    def look_through(self, lenses: Sequence[LensHead]) -> None:
        """From here on segments have the codes, and what was seen the columns, of these."""
        rows, old = len(self._room), self.lenses
        self.lenses = {
            lens.name: old[lens.name].renewed(lens)
            if lens.name in old
            else LensRestored.empty(lens, rows)
            for lens in lenses
        }

    def put(self, customers: pa.Table | None, removed: Ints, count: int) -> None:
        """Rows that changed, and rows whose customers are gone; from now on there are `count`."""
        before = self._used
        batches = self._checked(customers)
        rows = [tables.numbers(batch, "row").astype(np.int64) for batch in batches]
        _covers(np.concatenate([*rows, np.zeros(0, np.int64)]), removed, before, count)
        self._make_room(count)
        for batch, theirs in zip(batches, rows, strict=True):
            self._put(batch, theirs)
        self._add_texts(batches, rows, before)
        self._remove(removed, before)

    def _checked(self, customers: pa.Table | None) -> list[pa.RecordBatch]:
        if customers is None:
            return []
        widths = ((name, len(lens.head.needs)) for name, lens in self.lenses.items())
        tables.checked(tables.CUSTOMERS, customers, tables.customers_schema(tuple(widths)))
        return [batch for batch in customers.to_batches() if len(batch)]

    def _make_room(self, count: int) -> None:
        self._used = count
        if count > len(self._room):
            room = np.zeros(max(count, len(self._room) + len(self._room) // 8), PROFILE)
            # Byte by byte: numpy copies records field by field, six times as slowly.
            room.view(np.uint8)[: self._room.nbytes] = self._room.view(np.uint8)
            self._room = room
            for lens in self.lenses.values():
                lens.widen(len(room))

    def _put(self, batch: pa.RecordBatch, rows: Ints) -> None:
        data, offsets = _spans(batch.column("profile"))
        words = data[: len(data) // WORD * WORD].view(np.uint32)
        unpack(words, offsets, rows, self._room)
        for name, lens in self.lenses.items():
            lens.put(name, batch, rows)

    def _add_texts(self, batches: list[pa.RecordBatch], rows: list[Ints], before: int) -> None:
        """Of those who are new; ids of the others are what they were."""
        lengths = np.zeros(self._used - before, np.int64)
        pieces = []
        for batch, theirs in zip(batches, rows, strict=True):
            first = int(np.searchsorted(theirs, before))
            data, offsets = _spans(batch.column("customer_id"))
            lengths[theirs[first:] - before] = np.diff(offsets)[first:]
            pieces.append(data[offsets[first] : offsets[-1]])
        self.texts.extend(np.concatenate([*pieces, np.zeros(0, np.uint8)]), lengths)

    def _remove(self, rows: Ints, before: int) -> None:
        self._room[rows] = empty_row()
        for lens in self.lenses.values():
            lens.forget(rows)
        for row in rows[rows < before].tolist():
            self.texts.forget(row)


def _covers(changed: Ints, removed: Ints, before: int, count: int) -> None:
    """Rows come in order, and of those that are new none is left out."""
    for rows in (changed, removed):
        is_in_order = not len(rows) or (rows[0] >= 0 and rows[-1] < count)
        if not is_in_order or not (rows[1:] > rows[:-1]).all():
            raise BlockError("has rows in another order than they are numbered")
    new = np.concatenate([changed[changed >= before], removed[removed >= before]])
    if len(new) != count - before or not np.array_equal(np.sort(new), np.arange(before, count)):
        raise BlockError(f"has not all of the rows from {before} to {count}")


def _spans(column: pa.Array) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The bytes of a column of texts, and where each begins; one more for the end."""
    _, ends, data = column.buffers()
    first = column.offset
    offsets = np.frombuffer(ends, np.int32)[first : first + len(column) + 1]
    return np.frombuffer(data or b"", np.uint8), offsets
