"""Which entry of a growing list has a key: open addressing over the field `key` of its records.

Shared by customers, recent ids and recent orders. The lists keep the order in which their
entries came, so what is stored and restored doesn't depend on how large a table was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.profile.borrowing import inlined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Hashes, Rows

    Slots = NDArray[np.int32]

FREE, REMOVED = -1, -2
SMALLEST = 1024


@inlined
def find(slots: Slots, table: Rows, key: np.uint64) -> int:
    """The slot of this key's entry, or the free slot where it would go."""
    last = len(slots) - 1
    at = int(np.int64(key & np.uint64(last)))
    while slots[at] != FREE:
        if slots[at] >= 0 and table[slots[at]].key == key:
            break
        at = (at + 1) & last
    return at


@compiled
def are_new(slots: Slots, table: Rows, sought: Hashes) -> NDArray[np.bool_]:
    """Which of these keys no entry has."""
    new = np.empty(len(sought), np.bool_)
    for i in range(len(sought)):
        new[i] = slots[find(slots, table, sought[i])] == FREE
    return new


@compiled
def fill(slots: Slots, table: Rows, used: int) -> None:
    """Puts the first `used` entries in; those with key 0 are gone."""
    slots[:] = FREE
    for entry in range(used):
        if table[entry].key != 0:
            slots[find(slots, table, table[entry].key)] = entry


def slots_for(entries: int) -> int:
    """How many slots so many entries need: a power of two, at most three quarters full.

    >>> slots_for(1000), slots_for(1_000_000)
    (2048, 2097152)
    """
    slots = SMALLEST
    while slots * 3 < entries * 4:
        slots *= 2
    return slots


def indexed(table: Rows, used: int) -> Slots:
    """Slots for all of the table, with its first `used` entries."""
    slots = np.empty(slots_for(len(table)), np.int32)
    fill(slots, table, used)
    return slots
