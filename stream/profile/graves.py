"""Customers who were erased, by the hashes of their ids: when, and how often.

Kept for ever, because events from before an erasure must not bring a customer back, and one
who does come back is another incarnation: their changes are numbered anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import inlined

if TYPE_CHECKING:
    from stream.profile.layout import Rows

GRAVE = np.dtype([("key", np.uint64), ("erased_ms", np.int64), ("times", np.int64)])
"""An erased customer: what they did up to this instant is gone."""


@inlined
def lies_in(graves: Rows, key: np.uint64, at_ms: int) -> bool:
    """Whether something of this instant was erased with its customer."""
    place = place_of(graves, key)
    if place == len(graves) or graves[place].key != key:
        return False
    return bool(at_ms <= graves[place].erased_ms)


@inlined
def place_of(graves: Rows, key: np.uint64) -> int:
    """Where the grave with this key is, or would be."""
    low, high = 0, len(graves)
    while low < high:
        middle = (low + high) // 2
        if graves[middle].key < key:
            low = middle + 1
        else:
            high = middle
    return low


def buried(graves: Rows, key: int, erased_ms: int) -> Rows:
    """The graves with this customer's: a new one, or once more in the one there is."""
    place = int(np.searchsorted(graves["key"], np.uint64(key)))
    if times_erased(graves, key) == 0:
        made = np.array([(key, erased_ms, 1)], GRAVE)
        return np.concatenate([graves[:place], made, graves[place:]])
    changed = graves.copy()
    changed["erased_ms"][place] = max(erased_ms, int(graves["erased_ms"][place]))
    changed["times"][place] += 1
    return changed


def times_erased(graves: Rows, key: int) -> int:
    """How often this customer was erased."""
    place = int(np.searchsorted(graves["key"], np.uint64(key)))
    is_there = place < len(graves) and int(graves["key"][place]) == key
    return int(graves["times"][place]) if is_there else 0
