"""The fold: one event after the other into the profiles, compiled.

`reference` says the same in plain Python and is held equal by tests. Who does something between
events calls the three parts of `fold_event`: `verdict`, `admit`, `book`. What they need room for
is made before, by `Profiles.reserve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import borrowed, inlined
from stream.compiled import compiled
from stream.profile.booking import add_e4, book_money, count, count_habit, favour, weight
from stream.profile.calendar import is_night, is_weekend, local_day
from stream.profile.events import PRODUCT, TIME_KNOWN, Event
from stream.profile.foresight import foresee
from stream.profile.graves import lies_in
from stream.profile.hash_index import find
from stream.profile.kept import (
    LANDMARK,
    LATEST,
    LIVE,
    ROWS,
    SWEEP,
    Bounds,
    State,
    borrowed_state,
    note_touched,
)
from stream.profile.layout import (
    CATEGORY_BITS,
    D_LINES,
    DISCOUNTED,
    FIRST,
    GAPS,
    LAST,
    LINES,
    MOST_HABITS,
    NIGHT,
    PRODUCT_BITS,
    PURCHASES,
    TIMED,
    UNITS,
    WEEKEND,
    Profile,
    begin,
)
from stream.profile.ordering import bring_back, enter_order
from stream.profile.recent import is_known, live_day, remember
from stream.times import DAY_MS, HOUR_MS, NEVER

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
    quick, coming = borrowed_state(state), borrowed(events)
    for i in range(len(outcomes)):
        foresee(quick, coming, i)
        outcomes[i], rows[i] = fold_event(quick, bounds, coming[i])


@inlined
def fold_event(state: State, bounds: Bounds, event: Event) -> tuple[int, int]:
    """Folds an event: its outcome, and the row it went to or -1."""
    outcome = verdict(state, bounds, event)
    if outcome != FOLDED:
        return outcome, -1
    admit(state, bounds, event)
    return FOLDED, book(state, bounds, event)


@inlined
def verdict(state: State, bounds: Bounds, event: Event) -> int:
    """The outcome that an event will have. Moves no time and remembers no new id; one that is
    known is remembered for as long as its newest time asks for."""
    at_ms, latest_ms = event.occurred_ms, state.marks[LATEST]
    if len(state.graves) > 0 and lies_in(state.graves, event.customer, at_ms):
        return ERASED
    if at_ms - event.recorded_ms > bounds.future_ms:
        return IN_THE_FUTURE
    alive, day = live_day(latest_ms, bounds.horizon_ms), at_ms // DAY_MS
    if is_known(state.id_slots, state.ids, state.marks, event.event, day, alive):
        return DUPLICATE
    if latest_ms != NEVER and at_ms < latest_ms - bounds.horizon_ms:
        return TOO_LATE
    return FOLDED


@inlined
def sweep_after(state: State, bounds: Bounds, event: Event) -> int:
    """What the sweep time will be once an event whose verdict is `FOLDED` is admitted."""
    at_ms, sweep_ms = event.occurred_ms, state.marks[SWEEP]
    is_ahead = at_ms - event.recorded_ms > bounds.ahead_ms
    return int(sweep_ms) if is_ahead else int(max(sweep_ms, at_ms))


@inlined
def admit(state: State, bounds: Bounds, event: Event) -> None:
    """Remembers the id of an event whose verdict is `FOLDED`, and lets time go on."""
    at_ms, marks = event.occurred_ms, state.marks
    remember(state.id_slots, state.ids, marks, event.event, at_ms // DAY_MS)
    if marks[LANDMARK] == NEVER:
        marks[LANDMARK] = at_ms // bounds.half_life_ms * bounds.half_life_ms
    ahead_ms = at_ms - event.recorded_ms
    if ahead_ms <= bounds.ahead_ms:
        marks[SWEEP] = max(marks[SWEEP], at_ms)
        if at_ms > marks[LATEST]:
            marks[LATEST] = at_ms
            marks[LIVE] = -ahead_ms <= bounds.live_ms and ahead_ms <= bounds.live_ms


@inlined
def book(state: State, bounds: Bounds, event: Event) -> int:
    """Puts an admitted event into its customer's profile, and says in which row that is."""
    row = _row_of(state, event.customer)
    profile, at_ms, landmark_ms = state.profiles[row], event.occurred_ms, state.marks[LANDMARK]
    note_touched(state, row)
    count(profile, LINES)
    if profile.times[FIRST] == NEVER or at_ms < profile.times[FIRST]:
        profile.times[FIRST] = at_ms
    weighs = weight(at_ms, landmark_ms, bounds.half_life_ms)
    if event.flags & PRODUCT and event.quantity_e4 > 0:
        new = enter_order(state, bounds, event, row)
        _note_purchase(profile, event, new, weighs)
    elif event.flags & PRODUCT and event.quantity_e4 < 0:
        at_ms = bring_back(state, bounds, event, row)
        weighs = weight(at_ms, landmark_ms, bounds.half_life_ms)
    book_money(profile, at_ms, event.amount_e4, weighs)
    return int(row)


@inlined
def _row_of(state: State, customer: np.uint64) -> int:
    slot = find(state.slots, state.profiles, customer)
    row = int(state.slots[slot])
    if row < 0:
        row = int(state.marks[ROWS])
        begin(state.profiles[row], customer)
        state.slots[slot] = row
        state.marks[ROWS] = row + 1
    return row


@inlined
def _note_purchase(profile: Profile, event: Event, opens_order: bool, weighs: float) -> None:
    """What a purchase line of a product says of behaviour."""
    at_ms = event.occurred_ms
    if opens_order:
        _note_gap(profile, at_ms)
    add_e4(profile, UNITS, event.quantity_e4)
    profile.decayed[D_LINES] += weighs
    count(profile, PURCHASES)
    if profile.counts[PURCHASES] <= MOST_HABITS:
        _note_habits(profile, event)
    _note_names(profile, event)
    profile.times[LAST] = max(profile.times[LAST], at_ms)


@inlined
def _note_habits(profile: Profile, event: Event) -> None:
    at_ms, offset = event.occurred_ms, event.offset_minutes
    if event.flags & TIME_KNOWN:
        count_habit(profile, TIMED)
        if is_night(at_ms, offset):
            count_habit(profile, NIGHT)
    if is_weekend(local_day(at_ms, offset)):
        count_habit(profile, WEEKEND)
    if event.discount_e4 > 0:
        count_habit(profile, DISCOUNTED)


@inlined
def _note_gap(profile: Profile, at_ms: int) -> None:
    """The time between a new order and the last purchase before it; none for late orders."""
    last_ms = profile.times[LAST]
    if last_ms != NEVER and at_ms > last_ms and profile.habits[GAPS] < MOST_HABITS:
        hours = np.float32((at_ms - last_ms) / HOUR_MS)
        count_habit(profile, GAPS)
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


@compiled
def first_of_new(rows: Ints, before: int, count: int) -> Ints:
    """The event that each new row was made at: rows are made one after the other."""
    found = np.empty(count, np.int64)
    made = 0
    for i in range(len(rows)):
        if made < count and rows[i] == before + made:
            found[made] = i
            made += 1
    return found[:made]
