"""The fold: one event after the other into the profiles, compiled.

`reference` says the same in plain Python and is held equal by tests. `fold_event` is for those
who do something between events; what it needs room for is made before, by `Profiles.reserve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.profile.booking import book_money, favour, weight
from stream.profile.borrowing import inlined
from stream.profile.calendar import is_night, is_weekend, local_day
from stream.profile.events import PRODUCT, TIME_KNOWN, Event
from stream.profile.hash_index import find
from stream.profile.kept import IDS, LANDMARK, LATEST, ROWS, SWEEP, Bounds, State, borrowed_state
from stream.profile.layout import (
    CATEGORY_BITS,
    D_LINES,
    DAY_MS,
    DISCOUNTED,
    FIRST,
    GAPS,
    HOUR_MS,
    LAST,
    LINES,
    NEVER,
    NIGHT,
    PRODUCT_BITS,
    PURCHASES,
    TIMED,
    UNITS,
    WEEKEND,
    Profile,
)
from stream.profile.ordering import bring_back, enter_order
from stream.profile.recent import is_known, live_day, remember

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Ints, Rows

FOLDED, DUPLICATE, TOO_LATE, IN_THE_FUTURE, ERASED = range(5)
"""The outcomes of an event; each has exactly one."""


@compiled
def fold_events(
    state: State, bounds: Bounds, events: Rows, outcomes: NDArray[np.uint8], rows: Ints
) -> None:
    """Folds all of them; says of each what became of it and whose row it is (-1: nobody's)."""
    quick = borrowed_state(state)
    for i in range(len(outcomes)):
        outcomes[i], rows[i] = fold_event(quick, bounds, events[i])


@inlined
def fold_event(state: State, bounds: Bounds, event: Event) -> tuple[int, int]:
    """Folds an event: its outcome, and the row it went to or -1."""
    outcome = _admit(state, bounds, event)
    if outcome != FOLDED:
        return outcome, -1
    row = _row_of(state, event.customer)
    profile, at_ms, landmark_ms = state.profiles[row], event.occurred_ms, state.marks[LANDMARK]
    profile.touched = True
    profile.counts[LINES] += 1
    if profile.times[FIRST] == NEVER or at_ms < profile.times[FIRST]:
        profile.times[FIRST] = at_ms
    if event.flags & PRODUCT and event.quantity_e4 > 0:
        new = enter_order(state, bounds, event, row)
        _note_purchase(profile, event, new, weight(at_ms, landmark_ms, bounds.half_life_ms))
    elif event.flags & PRODUCT and event.quantity_e4 < 0:
        at_ms = bring_back(state, bounds, event, row)
    weighs = weight(at_ms, landmark_ms, bounds.half_life_ms)
    book_money(profile, at_ms, event.amount_e4, weighs)
    return FOLDED, row


@inlined
def _admit(state: State, bounds: Bounds, event: Event) -> int:
    """Whether it is to be folded; if so its id is remembered, and time goes on."""
    at_ms, marks = event.occurred_ms, state.marks
    ahead_ms, latest_ms = at_ms - event.recorded_ms, marks[LATEST]
    if len(state.erased) > 0 and _was_erased(state, event.customer, at_ms):
        return ERASED
    if ahead_ms > bounds.future_ms:
        return IN_THE_FUTURE
    alive, day = live_day(latest_ms, bounds.horizon_ms), at_ms // DAY_MS
    if is_known(state.id_slots, state.ids, event.event, day, alive):
        return DUPLICATE
    if latest_ms != NEVER and at_ms < latest_ms - bounds.horizon_ms:
        return TOO_LATE
    remember(state.id_slots, state.ids, marks[IDS], event.event, day)
    marks[IDS] += 1
    if marks[LANDMARK] == NEVER:
        marks[LANDMARK] = at_ms // bounds.half_life_ms * bounds.half_life_ms
    if ahead_ms <= bounds.ahead_ms:
        marks[LATEST] = max(latest_ms, at_ms)
        marks[SWEEP] = max(marks[SWEEP], at_ms)
    return FOLDED


@inlined
def _was_erased(state: State, customer: np.uint64, at_ms: int) -> bool:
    place = np.searchsorted(state.erased, customer)
    return bool(
        place < len(state.erased)
        and state.erased[place] == customer
        and at_ms <= state.erased_ms[place]
    )


@inlined
def _row_of(state: State, customer: np.uint64) -> int:
    slot = find(state.slots, state.profiles, customer)
    if state.slots[slot] < 0:
        row = state.marks[ROWS]
        state.slots[slot] = row
        state.profiles[row].key = customer
        state.marks[ROWS] = row + 1
    return int(state.slots[slot])


@inlined
def _note_purchase(profile: Profile, event: Event, opens_order: bool, weighs: float) -> None:
    """What a purchase line of a product says of behaviour."""
    at_ms, offset, counts = event.occurred_ms, event.offset_minutes, profile.counts
    if opens_order:
        _note_gap(profile, at_ms)
    profile.sums[UNITS] += event.quantity_e4
    profile.decayed[D_LINES] += weighs
    counts[PURCHASES] += 1
    if event.flags & TIME_KNOWN:
        counts[TIMED] += 1
        counts[NIGHT] += is_night(at_ms, offset)
    counts[WEEKEND] += is_weekend(local_day(at_ms, offset))
    counts[DISCOUNTED] += event.discount_e4 > 0
    _note_names(profile, event)
    profile.times[LAST] = max(profile.times[LAST], at_ms)


@inlined
def _note_gap(profile: Profile, at_ms: int) -> None:
    """The time between a new order and the last purchase before it; none for late orders."""
    last_ms = profile.times[LAST]
    if last_ms != NEVER and at_ms > last_ms:
        hours = np.float32((at_ms - last_ms) / HOUR_MS)
        profile.counts[GAPS] += 1
        profile.gaps[0] += hours
        profile.gaps[1] += hours * hours


@inlined
def _note_names(profile: Profile, event: Event) -> None:
    at_ms, last_ms = event.occurred_ms, profile.times[LAST]
    if at_ms > last_ms or (at_ms == last_ms and event.country > profile.country):
        profile.country = event.country
    if event.product != 0:
        bit = np.int64(event.product % np.uint64(PRODUCT_BITS))
        profile.bits[bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
    if event.category != 0:
        bit = np.int64(event.category % np.uint32(CATEGORY_BITS))
        profile.bits[PRODUCT_BITS // 64] |= np.uint64(1) << np.uint64(bit)
        favour(profile, event.category)
