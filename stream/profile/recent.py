"""What happened within the horizon: events' ids, so that a repeated one changes nothing, and
orders with their net money, so that they are counted once and a return finds its order.

Both are lists in order of arrival. An entry dies by the day it belongs to, compared with the
latest event at that moment; dead ones are dropped when room is made, which changes no result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.profile.borrowing import inlined
from stream.profile.hash_index import find
from stream.profile.layout import DAY_MS, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.hash_index import Slots
    from stream.profile.layout import Rows

ID = np.dtype([("key", np.uint64), ("day", np.int32)])
"""An event's id (xxh3), in the bucket of the newest day it was sent for."""

ORDER = np.dtype(
    [
        ("key", np.uint64),  # xxh3 of customer and order; 0 once its customer was erased
        ("first_ms", np.int64),  # its earliest purchase line: the order's time
        ("net_e4", np.int64),  # what is kept of what its products cost
        ("row", np.int32),  # its customer's
        ("before", np.int32),  # the same customer's order that came before it, or -1
        ("day", np.int32),  # of its newest line
        ("offset_minutes", np.int16),  # of its first line
        ("bits", np.uint8),
    ],
    align=True,
)
"""An order that has a purchase of a product."""

IS_TIMED, IS_DISCOUNTED, IS_RETURNED = 1, 2, 4
"""Bits of an order: the time of its first line is known, a line had a discount, something
was brought back."""


@inlined
def live_day(latest_ms: int, horizon_ms: int) -> int:
    """The oldest day whose entries are alive."""
    if latest_ms == NEVER:
        return NEVER
    return (latest_ms - horizon_ms) // DAY_MS


@inlined
def is_known(slots: Slots, ids: Rows, key: np.uint64, day: int, alive: int) -> bool:
    """Whether this id is remembered; if so for as long as its newest time asks for.

    Else a retry with a later time, sent once more, would find its id forgotten.
    """
    entry = slots[find(slots, ids, key)]
    if entry < 0 or ids[entry].day < alive:
        return False
    ids[entry].day = max(ids[entry].day, day)
    return True


@inlined
def remember(slots: Slots, ids: Rows, used: int, key: np.uint64, day: int) -> None:
    """Puts an id that isn't known at the end; a dead entry with it is passed over."""
    slots[find(slots, ids, key)] = used
    ids[used].key = key
    ids[used].day = day


@compiled
def link(orders: Rows, used: int, profiles: Rows, customers: int) -> None:
    """Chains each customer's orders, the newest first."""
    for row in range(customers):
        profiles[row].newest_order = -1
    for entry in range(used):
        profile = profiles[orders[entry].row]
        orders[entry].before = profile.newest_order
        profile.newest_order = entry


def living(entries: Rows, used: int, alive: int) -> Rows:
    """Those that are remembered, in the order they came."""
    kept: NDArray[np.bool_] = (entries["key"][:used] != 0) & (entries["day"][:used] >= alive)
    found: Rows = entries[:used][kept]
    return found


def roomy(entries: Rows, room: int) -> Rows:
    """The entries, with room for so many in all."""
    made = np.zeros(max(room, len(entries)), entries.dtype)
    made[: len(entries)] = entries
    return made
