"""Which entry of a growing list has a key: open addressing over the field `key` of its records.

Shared by customers, recent ids and recent orders. The lists keep the order in which their
entries came, so what is stored and restored doesn't depend on how large a table was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import inlined
from stream.compiled import compiled
from stream.profile.foresight import fetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Rows

    Slots = NDArray[np.int32]

FREE, REMOVED = -1, -2
SMALLEST = 1024
AHEAD = 16


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
def fill(slots: Slots, table: Rows, used: int) -> None:
    """Puts the first `used` entries in; those with key 0 are gone."""
    slots[:] = FREE
    last = np.uint64(len(slots) - 1)
    for entry in range(used):
        if entry + AHEAD < used:
            fetch(slots, int(np.int64(table[entry + AHEAD].key & last)))
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


def fits(slots: Slots, entries: int) -> bool:
    """Whether so many entries leave enough of the slots free."""
    return entries * 4 <= len(slots) * 3


def indexed(table: Rows, used: int, entries: int = 0) -> Slots:
    """Slots for so many entries, or else for all of the table, with the first `used` in them."""
    slots = np.empty(slots_for(entries or len(table)), np.int32)
    fill(slots, table, used)
    return slots
