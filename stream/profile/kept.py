"""What the fold reads and writes, as one value: profiles, recent ids and orders, times.

Apart because each part of the fold takes it. Compiled functions change the arrays; only
`Profiles` makes new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stream.profile.borrowing import borrowed, inlined
from stream.profile.layout import DAY_MS

if TYPE_CHECKING:
    from stream.profile.hash_index import Slots
    from stream.profile.layout import Hashes, Ints, Rows

ROWS, IDS, ORDERS_USED, LATEST, SWEEP, LANDMARK = range(6)
"""`marks`: how much of each list is used; the latest accepted event, the sweep time, and the
time at which decayed things weigh 1."""


class Bounds(NamedTuple):
    """The settings of the fold, in milliseconds."""

    horizon_ms: int = 7 * DAY_MS
    half_life_ms: int = 90 * DAY_MS
    ahead_ms: int = 10 * 60 * 1000
    """An event further ahead of its record than this moves no time."""

    future_ms: int = DAY_MS
    """An event further ahead of its record than this is a dead letter."""


class State(NamedTuple):
    """Each list with the table that finds its entries."""

    profiles: Rows
    slots: Slots
    ids: Rows
    id_slots: Slots
    orders: Rows
    order_slots: Slots
    marks: Ints
    erased: Hashes
    """Customers erased within the horizon, in order."""

    erased_ms: Ints


@inlined
def borrowed_state(state: State) -> State:
    """The same for calls from compiled code, which are many times as quick with it."""
    return State(
        borrowed(state.profiles),
        borrowed(state.slots),
        borrowed(state.ids),
        borrowed(state.id_slots),
        borrowed(state.orders),
        borrowed(state.order_slots),
        borrowed(state.marks),
        borrowed(state.erased),
        borrowed(state.erased_ms),
    )
