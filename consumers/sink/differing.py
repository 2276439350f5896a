"""What differs between two states of a partition: for a checkpoint says all, and not what is new.

A checkpoint in its place changes next to nothing; after one that the reader was cut off from,
everything that came in between is found this way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.profile.kept import LANDMARK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.blocks.restored import Restored
    from stream.profile.layout import Ints, Rows

ROWS_AT_ONCE = 50_000


def changed_rows(old: Restored, new: Restored) -> NDArray[np.bool_]:
    """For each row of the new state whether it has to be written."""
    both = min(len(old), len(new))
    changed = np.ones(len(new), np.bool_)
    if _is_same_clock(old, new):
        for start in range(0, both, ROWS_AT_ONCE):
            part = slice(start, min(start + ROWS_AT_ONCE, both))
            changed[part] = _differ(old.rows[part], new.rows[part])
    for lens in new.head.lenses:
        before = old.head.lens(lens.name)
        if before is None or before.segments != lens.segments:
            changed[:] = True
        else:
            theirs = new.standings(lens.name)[:both] != old.standings(lens.name)[:both]
            changed[:both] |= theirs
    changed[new.rows["key"] == 0] = False
    return changed


def gone_rows(old: Restored, new: Restored) -> Ints:
    """Rows of the old state whose customers are not in the new one's."""
    keys = np.zeros(len(old), np.uint64)
    both = min(len(old), len(new))
    keys[:both] = new.rows["key"][:both]
    return np.flatnonzero((old.rows["key"] != 0) & (old.rows["key"] != keys))


def risen_graves(old: Rows, new: Rows) -> dict[int, int]:
    """By the hashes of their ids, how often customers were erased who were erased since."""
    if len(old) == len(new) and bool((old == new).all()):
        return {}
    known = dict(zip(old["key"].tolist(), old["times"].tolist(), strict=True))
    pairs = zip(new["key"].tolist(), new["times"].tolist(), strict=True)
    return {key: times for key, times in pairs if known.get(key, 0) < times}


def _is_same_clock(old: Restored, new: Restored) -> bool:
    """Whether decayed sums were put down by the same landmark."""
    return old.head.marks[LANDMARK] == new.head.marks[LANDMARK]


def _differ(old: Rows, new: Rows) -> NDArray[np.bool_]:
    width = old.dtype.itemsize
    before, after = (
        np.ascontiguousarray(rows).view(np.uint8).reshape(-1, width) for rows in (old, new)
    )
    found: NDArray[np.bool_] = (before != after).any(axis=1)
    return found
