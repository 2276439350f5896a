"""Events one after the other, and between them the moments at which customers are looked at.

An order is looked at once, when event time has gone past it; a line that comes later than that
is looked at by itself. What is seen then is kept for whoever decides about segments: what they
decide never changes a profile, so they can do it afterwards, for a whole batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.borrowing import borrowed, inlined
from stream.compiled import compiled
from stream.profile.fading import Clock
from stream.profile.fold import FOLDED, admit, book, sweep_after, verdict
from stream.profile.foresight import foresee
from stream.profile.formulas import read_feature
from stream.profile.hash_index import find
from stream.profile.kept import LANDMARK, LIVE, SWEEP, Bounds, State, borrowed_state
from stream.profile.layout import LAST, ORDERS
from stream.profile.pending import (
    WAITING,
    Pending,
    borrowed_pending,
    close_first,
    due_place,
    open_order,
)
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Floats, Ints, Rows


class Looks(NamedTuple):
    """What was seen of customers, in the order in which they were looked at."""

    rows: Ints
    at_ms: Ints
    """Event time, at which features were read."""

    late: NDArray[np.bool_]
    """It was a line of an order already past, not an order."""

    bypass: NDArray[np.bool_]
    """A correction: an order was taken back whole, or a line was late. The return guard doesn't
    hold then, where it is a move that was corrected."""

    last_purchase_ms: Ints
    features: Floats
    """A row each, with the columns asked for."""

    def first(self, count: int) -> Looks:
        rows, at_ms, late, bypass, last_purchase_ms, features = self
        return Looks(
            rows[:count],
            at_ms[:count],
            late[:count],
            bypass[:count],
            last_purchase_ms[:count],
            features[:count],
        )


def room_for_looks(pending: Pending, events: int, columns: int) -> Looks:
    """As many as so many events can bring about at most."""
    most = int(pending.marks[WAITING]) + events
    return Looks(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.bool_),
        np.empty(most, np.bool_),
        np.empty(most, np.int64),
        np.empty((most, columns)),
    )


class Walked(NamedTuple):
    """How far a walk came: the next event, and how many looks there were by then."""

    event: int
    looks: int


@compiled
def walk(
    state: State,
    bounds: Bounds,
    pending: Pending,
    events: Rows,
    start: Walked,
    forms: Ints,
    outcomes: NDArray[np.uint8],
    rows: Ints,
    looks: Looks,
) -> Walked:
    """Folds events from `start` on, and stops before one that brings a new day (UTC).

    Says of each event what became of it and whose row it is (-1: nobody's). `forms` are the
    features to read at looks, as `catalogue.forms` gives them.
    """
    quick, waiting, seen = borrowed_state(state), borrowed_pending(pending), _borrowed_looks(looks)
    columns, coming = borrowed(forms), borrowed(events)
    i, used = start
    while i < len(outcomes):
        foresee(quick, coming, i)
        event = coming[i]
        outcomes[i], rows[i] = verdict(quick, bounds, event), -1
        if outcomes[i] == FOLDED:
            if _is_new_day(quick.marks[SWEEP], sweep_after(quick, bounds, event)):
                break
            admit(quick, bounds, event)
            used = _look_at_due(quick, bounds, waiting, columns, seen, used)
            had = _orders_of(quick, event.customer) if event.quantity_e4 < 0 else 0
            row = book(quick, bounds, event)
            rows[i] = row
            cancels = quick.profiles[row].counts[ORDERS] < had
            if event.occurred_ms < quick.marks[SWEEP] - grace_ms(quick.marks, bounds):
                used = _look(quick, bounds, row, True, True, columns, seen, used)
            else:
                open_order(waiting, event.order, row, event.occurred_ms, cancels)
        i += 1
    return Walked(i, used)


@compiled
def look_at_due(
    state: State, bounds: Bounds, pending: Pending, forms: Ints, looks: Looks, used: int
) -> int:
    """Looks at the orders that event time, moved without an event, is past; counts looks."""
    quick, waiting, seen = borrowed_state(state), borrowed_pending(pending), _borrowed_looks(looks)
    return int(_look_at_due(quick, bounds, waiting, borrowed(forms), seen, used))


@inlined
def grace_ms(marks: Ints, bounds: Bounds) -> int:
    """How far event time has to be past an order; a replay waits for nobody."""
    return bounds.grace_ms if marks[LIVE] else 0


@inlined
def _orders_of(state: State, customer: np.uint64) -> int:
    """How many orders of this customer count now."""
    row = int(state.slots[find(state.slots, state.profiles, customer)])
    return int(state.profiles[row].counts[ORDERS]) if row >= 0 else 0


@inlined
def _is_new_day(before_ms: int, after_ms: int) -> bool:
    return bool(before_ms != NEVER and after_ms // DAY_MS > before_ms // DAY_MS)


@inlined
def _look_at_due(
    state: State, bounds: Bounds, pending: Pending, forms: Ints, looks: Looks, used: int
) -> int:
    if pending.marks[WAITING] == 0:
        return used
    before_ms = state.marks[SWEEP] - grace_ms(state.marks, bounds)
    place = due_place(pending, before_ms)
    while place >= 0:
        order = pending.orders[place]
        used = _look(state, bounds, order.row, False, order.bypass, forms, looks, used)
        close_first(pending)
        place = due_place(pending, before_ms)
    return used


@inlined
def _look(
    state: State,
    bounds: Bounds,
    row: int,
    late: bool,
    bypass: bool,
    forms: Ints,
    looks: Looks,
    used: int,
) -> int:
    """Reads a customer now."""
    profile, now_ms = state.profiles[row], state.marks[SWEEP]
    looks.rows[used], looks.at_ms[used] = row, now_ms
    looks.late[used], looks.bypass[used] = late, bypass
    looks.last_purchase_ms[used] = profile.times[LAST]
    clock = Clock(state.marks[LANDMARK], bounds.half_life_ms)
    for column in range(len(forms)):
        kind, a, b = forms[column, 0], forms[column, 1], forms[column, 2]
        looks.features[used, column] = read_feature(profile, now_ms, clock, kind, a, b)
    return used + 1


@inlined
def _borrowed_looks(looks: Looks) -> Looks:
    return Looks(
        borrowed(looks.rows),
        borrowed(looks.at_ms),
        borrowed(looks.late),
        borrowed(looks.bypass),
        borrowed(looks.last_purchase_ms),
        borrowed(looks.features),
    )
