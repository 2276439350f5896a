"""A state made again from what was given out of one: rows, recent ids and orders, marks.

What only says how lists lie (slots, chains, flags of what changed) is made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.profile.hash_index import indexed
from stream.profile.kept import IDS, IDS_GIVEN, LATEST, MARKS, ORDERS_USED, PASSING, ROWS, State
from stream.profile.recent import link, live_day, living, strike_repeated
from stream.profile.room import SMALLEST, empty_state

if TYPE_CHECKING:
    from stream.profile.layout import Ints, Rows


def restored_state(
    profiles: Rows, ids: Rows, orders: Rows, marks: Ints, graves: Rows, horizon_ms: int
) -> State:
    """`Profiles.restored` says what each is."""
    state, alive = empty_state(), int(live_day(int(marks[LATEST]), horizon_ms))
    ids, orders = living(ids, alive), living(orders, alive)
    orders = orders[profiles["key"][orders["row"]] != 0]
    kept = np.zeros(MARKS, np.int64)
    kept[: len(marks)] = marks[:MARKS]
    kept[list(PASSING)] = 0
    kept[ROWS], kept[ORDERS_USED] = len(profiles), len(orders)
    kept[IDS] = kept[IDS_GIVEN] = len(ids)
    state = _with_lists(state, _roomy(profiles), _roomy(ids), _roomy(orders), kept)
    state.profiles["touched"], state.profiles["newest_order"] = False, -1
    strike_repeated(state.id_slots, state.ids, len(ids))
    link(state.orders, len(orders), state.profiles)
    return state._replace(graves=graves.copy())


def _with_lists(state: State, profiles: Rows, ids: Rows, orders: Rows, marks: Ints) -> State:
    return state._replace(
        profiles=profiles,
        slots=indexed(profiles, int(marks[ROWS])),
        ids=ids,
        id_slots=indexed(ids, 0),
        orders=orders,
        order_slots=indexed(orders, int(marks[ORDERS_USED])),
        marks=marks,
    )


def _roomy(entries: Rows) -> Rows:
    """A copy with the least of room."""
    made = np.zeros(len(entries) + SMALLEST, entries.dtype)
    made.view(np.uint8)[: entries.nbytes] = np.ascontiguousarray(entries).view(np.uint8)
    return made
