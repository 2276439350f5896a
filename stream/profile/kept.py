"""What the fold reads and writes, as one value: profiles, recent ids and orders, times.

Apart because each part of the fold takes it. Compiled functions change the arrays; only
`Profiles` makes new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stream.borrowing import borrowed, inlined
from stream.times import DAY_MS, HOUR_MS, MINUTE_MS

if TYPE_CHECKING:
    from stream.profile.hash_index import Slots
    from stream.profile.layout import Ints, Rows

ROWS, IDS, ORDERS_USED, LATEST, SWEEP, LANDMARK, SERIAL, LIVE = range(8)
"""`marks`: how much of each list is used; the latest accepted event, the sweep time, and the
time at which decayed things weigh 1; how many orders there ever were; and 1 where the event
that last moved time came about when it happened, as in a shop and not in a replay."""

IDS_GIVEN, TOUCHED, TOUCHED_ORDERS = range(8, 11)
"""`marks` of what changed since the last block: how many ids it had seen, and how much of the
lists of touched rows and orders is used."""

MARKS = 11
PASSING = (IDS, ORDERS_USED, IDS_GIVEN, TOUCHED, TOUCHED_ORDERS)
"""Marks that depend on when blocks were made and dead entries dropped: not to be stored."""


class Bounds(NamedTuple):
    """The settings of the fold, in milliseconds."""

    horizon_ms: int = 7 * DAY_MS
    half_life_ms: int = 90 * DAY_MS
    ahead_ms: int = 10 * MINUTE_MS
    """An event further ahead of its record than this moves no time."""

    future_ms: int = DAY_MS
    """An event further ahead of its record than this is a dead letter."""

    live_ms: int = HOUR_MS
    """An event that moves time within this of its record says that the stream is live."""

    grace_ms: int = 5000
    """How far behind event time a line of a live stream may lie without being late."""


class State(NamedTuple):
    """Each list with the table that finds its entries."""

    profiles: Rows
    slots: Slots
    ids: Rows
    id_slots: Slots
    orders: Rows
    order_slots: Slots
    touched: Slots
    """Rows that changed since the last block, each once."""

    touched_orders: Slots
    """Orders that did, by their places among the orders."""

    marks: Ints
    graves: Rows
    """Customers who were erased, records of `graves.GRAVE` in the order of their keys."""


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
        borrowed(state.touched),
        borrowed(state.touched_orders),
        borrowed(state.marks),
        borrowed(state.graves),
    )


@inlined
def note_touched(state: State, row: int) -> None:
    """Puts a profile on the list of those that the next block takes, once."""
    profile, marks = state.profiles[row], state.marks
    if not profile.touched:
        profile.touched = True
        state.touched[marks[TOUCHED]] = row
        marks[TOUCHED] += 1
