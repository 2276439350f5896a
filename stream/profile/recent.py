"""What happened within the horizon: events' ids, so that a repeated one changes nothing, and
orders with their net money, so that they are counted once and a return finds its order.

Both are lists in order of arrival. An entry dies by the day it belongs to, compared with the
latest event at that moment; dead ones are dropped when room is made, which changes no result.
The list of ids is a journal: entries are added and struck off, never changed, so that a block
needs only those that came since the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import inlined
from stream.compiled import compiled
from stream.profile.hash_index import FREE, find
from stream.profile.kept import IDS
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.hash_index import Slots
    from stream.profile.layout import Ints, Rows

ID = np.dtype([("key", np.uint64), ("day", np.int32)])
"""An event's id (xxh3), in the bucket of the newest day it was sent for."""

ORDER = np.dtype(
    [
        ("key", np.uint64),  # xxh3 of customer and order; 0 once its customer was erased
        ("first_ms", np.int64),  # its earliest purchase line: the order's time
        ("net_e4", np.int64),  # what is kept of what its products cost
        ("serial", np.int64),  # how many orders came before it, whatever became of them
        ("row", np.int32),  # its customer's
        ("before", np.int32),  # the same customer's order that came before it, or -1
        ("day", np.int32),  # of its newest line
        ("offset_minutes", np.int16),  # of its first line
        ("bits", np.uint8),
    ],
    align=True,
)
"""An order that has a purchase of a product."""

IS_TIMED, IS_DISCOUNTED, IS_RETURNED, IS_TOUCHED = 1, 2, 4, 8
"""Bits of an order: the time of its first line is known, a line had a discount, something
was brought back, it changed since somebody last cleared this one."""


@inlined
def live_day(latest_ms: int, horizon_ms: int) -> int:
    """The oldest day whose entries are alive."""
    if latest_ms == NEVER:
        return NEVER
    return (latest_ms - horizon_ms) // DAY_MS


@inlined
def is_known(slots: Slots, ids: Rows, marks: Ints, key: np.uint64, day: int, alive: int) -> bool:
    """Whether this id is remembered; if so for as long as its newest time asks for.

    Else a retry with a later time, sent once more, would find its id forgotten.
    """
    slot = find(slots, ids, key)
    entry = slots[slot]
    if entry < 0 or ids[entry].day < alive:
        return False
    if ids[entry].day < day:
        ids[entry].key = 0
        _append(slots, ids, marks, slot, key, day)
    return True


@inlined
def remember(slots: Slots, ids: Rows, marks: Ints, key: np.uint64, day: int) -> None:
    """Puts an id that isn't known at the end; a dead entry with it is passed over."""
    _append(slots, ids, marks, find(slots, ids, key), key, day)


@inlined
def _append(slots: Slots, ids: Rows, marks: Ints, slot: int, key: np.uint64, day: int) -> None:
    used = marks[IDS]
    slots[slot] = used
    ids[used].key = key
    ids[used].day = day
    marks[IDS] = used + 1


@compiled
def unlink(orders: Rows, used: int, profiles: Rows) -> None:
    """Takes apart the chains of all customers who have orders."""
    for entry in range(used):
        profiles[orders[entry].row].newest_order = -1


@compiled
def link(orders: Rows, used: int, profiles: Rows) -> None:
    """Chains each customer's orders, the newest first."""
    for entry in range(used):
        profile = profiles[orders[entry].row]
        orders[entry].before = profile.newest_order
        profile.newest_order = entry


@compiled
def strike_repeated(slots: Slots, ids: Rows, used: int) -> None:
    """Of entries with the same id only the last holds. Puts all of them in."""
    slots[:] = FREE
    for entry in range(used):
        slot = find(slots, ids, ids[entry].key)
        if slots[slot] != FREE:
            ids[slots[slot]].key = 0
        slots[slot] = entry


@compiled
def compact(entries: Rows, used: int, alive: int) -> int:
    """Moves the living entries to the front, in the order they came, and counts them."""
    kept = 0
    for entry in range(used):
        if entries[entry].key != 0 and entries[entry].day >= alive:
            if kept != entry:
                entries[kept] = entries[entry]
            kept += 1
    return kept


def living(entries: Rows, alive: int) -> Rows:
    """A copy of those that are remembered, in the order they came."""
    found: Rows = entries[np.flatnonzero(are_living(entries, alive))]
    return found


def are_living(entries: Rows, alive: int) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (entries["key"] != 0) & (entries["day"] >= alive)
    return found
