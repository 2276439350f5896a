"""State built from blocks, one after the other: what a task starts from, and what others see.

A checkpoint replaces everything. A delta changes rows, and what changed for all rows at once
(the landmark moved, segments have other codes) is done to all of them again, exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.blocks.rows import RestoredRows
from stream.errors import BlockError
from stream.profile import tables
from stream.profile.graves import GRAVE
from stream.profile.kept import LANDMARK, MARKS
from stream.profile.pending import PENDING, pending_of
from stream.profile.recent import ID, ORDER
from stream.profile.state import Profiles
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from stream.blocks.block import Block
    from stream.blocks.head import Head
    from stream.model.standing import Seen
    from stream.profile.kept import Bounds
    from stream.profile.layout import Rows
    from stream.profile.pending import Pending

MOST_HALVINGS = 2000


class Restored:
    """One partition as of its last block. `apply` goes on from there, whatever was handed out:
    arrays are views, good until the next block; `profiles()` and `pending()` are copies.

    >>> restored = Restored()
    >>> len(restored)
    0
    """

    def __init__(self) -> None:
        self._start_anew()

    def _start_anew(self) -> None:
        self._head: Head | None = None
        self._rows = RestoredRows()
        self._ids, self._orders = [np.zeros(0, ID)], [np.zeros(0, ORDER)]
        self._pending, self._graves = np.zeros(0, PENDING), np.zeros(0, GRAVE)
        self.words: dict[int, str] = {}

    def __len__(self) -> int:
        """Rows, those of erased customers included."""
        return len(self._rows)

    @property
    def head(self) -> Head:
        """The last block's: position, times, model, outcomes."""
        if self._head is None:
            raise BlockError("nothing was restored yet: apply a block first")
        return self._head

    @property
    def rows(self) -> Rows:
        """The profiles, records of `layout.PROFILE`; key 0 for one that was erased."""
        return self._rows.profiles

    @property
    def graves(self) -> Rows:
        """Records of `graves.GRAVE`, in the order of their keys."""
        return self._graves

    def customer_id(self, row: int) -> str:
        """Empty once erased."""
        return self._rows.texts[row].decode()

    def standings(self, lens: str) -> Rows:
        """Records of `standing.STANDING`, one a row, in the codes of the head's lens."""
        return self._rows.lenses[lens].standings[: len(self)]

    def seen(self, lens: str) -> Seen:
        """What was seen at the last look, one a row, in the columns of the head's lens."""
        return self._rows.lenses[lens].seen[: len(self)]

    def pending(self) -> Pending:
        """Orders that wait to be looked at."""
        return pending_of(self._pending, self.head.opened)

    def profiles(self, bounds: Bounds) -> Profiles:
        """To be folded into, as if they had never been away."""
        self._orders = [_newest(np.concatenate(self._orders))]
        self._ids = [np.concatenate(self._ids)]
        return Profiles.restored(
            bounds,
            self.rows,
            self._rows.texts,
            self._ids[0],
            self._orders[0],
            np.array(self.head.marks, np.int64),
            self._graves,
            self.words,
        )

    def apply(self, block: Block) -> None:
        """The next block of a chain; the first one, and every checkpoint, begins anew."""
        head, found = block.head, block.tables
        if head.is_checkpoint or head.sequence == 1:
            self._start_anew()
        elif self._head is None:
            raise BlockError(f"{head.sequence} is a delta, and what it changes is not there")
        if len(head.marks) != MARKS:
            raise BlockError("has other marks than this version of Shoal knows")
        self._rows.scale(_decay(self._head, head))
        self._rows.look_through(head.lenses)
        removed = tables.to_rows(found.get(tables.REMOVED))
        self._rows.put(found.get(tables.CUSTOMERS), removed, head.customers)
        self._take_lists(found)
        self._head = head

    def _take_lists(self, found: Mapping[str, pa.Table]) -> None:
        self._ids.append(tables.to_ids(found.get(tables.IDS)))
        self._orders.append(self._owned(tables.ORDERS, found))
        self._pending = self._owned(tables.PENDING_ORDERS, found)
        self._graves = _by_key(self._graves, tables.to_records(tables.GRAVES, found.get("graves")))
        self.words |= tables.to_words(found.get(tables.WORDS))

    def _owned(self, table: str, found: Mapping[str, pa.Table]) -> Rows:
        """Records that name their customers' rows."""
        records = tables.to_records(table, found.get(table))
        rows = records["row"]
        if len(rows) and not 0 <= rows.min() <= rows.max() < len(self):
            raise BlockError(f"has {table} of customers who aren't there")
        return records


def _decay(before: Head | None, head: Head) -> float:
    """What every decayed sum weighs since the landmark moved; `Profiles.move_landmark` did the
    same to the rows that the block has."""
    then = before.marks[LANDMARK] if before else NEVER
    if then == NEVER:
        return 1.0
    halvings, rest = divmod(head.marks[LANDMARK] - then, head.half_life_ms)
    if halvings < 0 or rest:
        raise BlockError("has a landmark that decay can't have moved to")
    return float(2.0 ** -min(halvings, MOST_HALVINGS))


def _newest(orders: Rows) -> Rows:
    """Of each order its last state, in the order in which they came."""
    order = np.argsort(orders["serial"], kind="stable")
    serials = orders["serial"][order]
    is_last = np.append(serials[1:] != serials[:-1], True)[: len(serials)]
    newest: Rows = orders[order[is_last]]
    return newest


def _by_key(graves: Rows, newer: Rows) -> Rows:
    """Graves in the order of their keys; the newer hold."""
    if not len(newer):
        return graves
    kept = graves[~np.isin(graves["key"], newer["key"])]
    both = np.concatenate([kept, newer])
    sorted_graves: Rows = both[np.argsort(both["key"])]
    return sorted_graves
