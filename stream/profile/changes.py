"""What of a state changed since the last block: what a block has to take.

Lists, not a search for flags: a commit costs what changed, not what there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.profile.kept import IDS, IDS_GIVEN, TOUCHED, TOUCHED_ORDERS, State
from stream.profile.recent import IS_TOUCHED, living
from stream.profile.room import roomy

if TYPE_CHECKING:
    from stream.profile.layout import Ints, Rows


def new_ids(state: State, alive: int) -> Rows:
    """The living ids that came since, in order."""
    return living(state.ids[state.marks[IDS_GIVEN] : state.marks[IDS]], alive)


def touched_rows(state: State) -> Ints:
    """In order."""
    return np.sort(state.touched[: state.marks[TOUCHED]]).astype(np.int64)


def touched_orders(state: State, alive: int) -> Rows:
    """Those that are alive, in order of arrival."""
    places = np.sort(state.touched_orders[: state.marks[TOUCHED_ORDERS]])
    return plain_orders(living(state.orders[places], alive))


def plain_orders(orders: Rows) -> Rows:
    """Without what says where they lie in the list and in which block they are."""
    orders["before"] = -1
    orders["bits"] &= ~np.uint8(IS_TOUCHED)
    return orders


def touch(state: State, rows: Ints) -> State:
    """Puts rows on the list, those that aren't on it yet."""
    flags, marks = state.profiles["touched"], state.marks
    new = np.unique(rows[~flags[rows]])
    used = int(marks[TOUCHED])
    if used + len(new) > len(state.touched):
        state = state._replace(touched=roomy(state.touched, used + len(new)))
    state.touched[used : used + len(new)] = new
    flags[new] = True
    marks[TOUCHED] = used + len(new)
    return state


def forget(state: State) -> None:
    """From now on nothing has changed."""
    marks = state.marks
    state.profiles["touched"][state.touched[: marks[TOUCHED]]] = False
    state.orders["bits"][state.touched_orders[: marks[TOUCHED_ORDERS]]] &= ~np.uint8(IS_TOUCHED)
    marks[IDS_GIVEN] = marks[IDS]
    marks[[TOUCHED, TOUCHED_ORDERS]] = 0
