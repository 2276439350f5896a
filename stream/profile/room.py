"""Room for what comes: the lists of a state made longer, and rid of what is dead.

Apart from the fold, which is compiled and never makes room. Room that nobody has written to
yet takes no memory: it has no pages behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from stream.profile.graves import GRAVE
from stream.profile.hash_index import fill, fits, indexed
from stream.profile.kept import (
    IDS,
    IDS_GIVEN,
    LANDMARK,
    LATEST,
    MARKS,
    ORDERS_USED,
    ROWS,
    SWEEP,
    TOUCHED,
    TOUCHED_ORDERS,
    State,
)
from stream.profile.layout import PROFILE
from stream.profile.recent import ID, IS_TOUCHED, ORDER, are_living, compact, link, unlink
from stream.times import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.hash_index import Slots
    from stream.profile.layout import Rows

SMALLEST = 1024
Kind = TypeVar("Kind", bound=np.generic)


def empty_state() -> State:
    profiles, ids = np.zeros(SMALLEST, PROFILE), np.zeros(SMALLEST, ID)
    orders, marks = np.zeros(SMALLEST, ORDER), np.zeros(MARKS, np.int64)
    marks[[LATEST, SWEEP, LANDMARK]] = NEVER
    return State(
        profiles=profiles,
        slots=indexed(profiles, 0),
        ids=ids,
        id_slots=indexed(ids, 0),
        orders=orders,
        order_slots=indexed(orders, 0),
        touched=np.zeros(SMALLEST, np.int32),
        touched_orders=np.zeros(SMALLEST, np.int32),
        marks=marks,
        graves=np.zeros(0, GRAVE),
    )


def with_room(state: State, coming: int, alive: int) -> State:
    """The state with room for so many events, whatever becomes of them.

    Each can bring a customer, an order and an id, and touch a profile and an order; those
    that are older than the day `alive` may go.
    """
    marks = state.marks
    rows = int(marks[ROWS]) + coming
    if rows > len(state.profiles):
        state = state._replace(profiles=roomy(state.profiles, rows))
    if not fits(state.slots, rows):
        slots = indexed(state.profiles, int(marks[ROWS]), rows)
        state = state._replace(slots=slots)
    if marks[IDS] + coming > len(state.ids):
        state = _with_room_for_ids(state, coming, alive)
    if marks[ORDERS_USED] + coming > len(state.orders):
        state = _with_room_for_orders(state, coming, alive)
    if marks[TOUCHED] + coming > len(state.touched):
        state = state._replace(touched=roomy(state.touched, int(marks[TOUCHED]) + coming))
    if marks[TOUCHED_ORDERS] + coming > len(state.touched_orders):
        needed = int(marks[TOUCHED_ORDERS]) + coming
        state = state._replace(touched_orders=roomy(state.touched_orders, needed))
    return state


def roomy(entries: NDArray[Kind], needed: int, part: int = 2) -> NDArray[Kind]:
    """The entries with room for so many in all, or for a half more, or another part."""
    made = np.zeros(max(needed, len(entries) + len(entries) // part), entries.dtype)
    # Byte by byte: numpy copies records field by field, six times as slowly.
    made.view(np.uint8)[: entries.nbytes] = entries.view(np.uint8)
    return made


def _with_room_for_ids(state: State, coming: int, alive: int) -> State:
    marks, ids = state.marks, state.ids
    used = int(marks[IDS])
    left = int(np.count_nonzero(are_living(ids[:used], alive)))
    if _is_worth_it(left, coming, ids):
        marks[IDS_GIVEN] = np.count_nonzero(are_living(ids[: marks[IDS_GIVEN]], alive))
        marks[IDS] = compact(ids, used, alive)
        fill(state.id_slots, ids, left)
        return state
    ids = roomy(ids, used + coming, part=4)
    return state._replace(ids=ids, id_slots=_slots_for(state.id_slots, ids, used))


def _with_room_for_orders(state: State, coming: int, alive: int) -> State:
    marks, orders = state.marks, state.orders
    used = int(marks[ORDERS_USED])
    left = int(np.count_nonzero(are_living(orders[:used], alive)))
    if not _is_worth_it(left, coming, orders):
        orders = roomy(orders, used + coming, part=4)
        slots = _slots_for(state.order_slots, orders, used)
        return state._replace(orders=orders, order_slots=slots)
    unlink(orders, used, state.profiles)
    marks[ORDERS_USED] = compact(orders, used, alive)
    link(orders, left, state.profiles)
    fill(state.order_slots, orders, left)
    touched = np.flatnonzero(orders["bits"][:left] & IS_TOUCHED)
    marks[TOUCHED_ORDERS] = len(touched)
    state.touched_orders[: len(touched)] = touched
    return state


def _is_worth_it(left: int, coming: int, entries: Rows) -> bool:
    """Whether the dead leave so much room that it won't soon be full again."""
    return left + max(coming, left // 4) <= len(entries)


def _slots_for(slots: Slots, entries: Rows, used: int) -> Slots:
    return slots if fits(slots, len(entries)) else indexed(entries, used)
