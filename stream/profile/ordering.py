"""Lines find their orders, and returns the orders they undo, among those within the horizon.

An order is counted at its first line, by that line's clock. Where a line changes what was
counted (an earlier line comes, the last unit is brought back), it is taken back and counted
again, so that any order of arrival ends the same; only which order a return comes off can
depend on it.
"""

from __future__ import annotations

from typing import Any

from stream.borrowing import inlined
from stream.profile.booking import add_e4, book_order, count, summed_e4, weight
from stream.profile.events import TIME_KNOWN, Event
from stream.profile.hash_index import find
from stream.profile.kept import LANDMARK, LATEST, ORDERS_USED, SERIAL, TOUCHED_ORDERS, Bounds, State
from stream.profile.layout import RETURNED, RETURNS
from stream.profile.recent import IS_DISCOUNTED, IS_RETURNED, IS_TIMED, IS_TOUCHED, live_day
from stream.times import DAY_MS

MOST_LOOKED_AT = 100
"""How many of a customer's newest orders a return is compared with."""

Order = Any
"""A record of `recent.ORDER`, in compiled code."""


@inlined
def enter_order(state: State, bounds: Bounds, event: Event, row: int) -> bool:
    """Puts a purchase line into its order; true if that is new."""
    entry = _order_of(state, bounds, event, row)
    new = entry < 0
    if new:
        entry = _new_order(state, event, row)
    order, at_ms, offset = state.orders[entry], event.occurred_ms, event.offset_minutes
    known = 1 if event.flags & TIME_KNOWN else 0
    first_ms, first_offset, bits = order.first_ms, order.offset_minutes, order.bits
    counted = not new and is_counted(order)
    if new or (at_ms, offset, known) < (first_ms, first_offset, bits & IS_TIMED):
        order.first_ms, order.offset_minutes = at_ms, offset
        order.bits = (order.bits & ~IS_TIMED) | known
    if event.discount_e4 > 0:
        order.bits |= IS_DISCOUNTED
    _note_touched(state, entry)
    order.net_e4 = summed_e4(order.net_e4, event.amount_e4)
    order.day = max(order.day, at_ms // DAY_MS)
    _book_again(state, bounds, order, counted, first_ms, first_offset, bits)
    return new


@inlined
def bring_back(state: State, bounds: Bounds, event: Event, row: int) -> int:
    """A return: it comes off its order. Says at what time its money is to be booked."""
    profile, amount_e4 = state.profiles[row], event.amount_e4
    count(profile, RETURNS)
    add_e4(profile, RETURNED, amount_e4)
    entry = _order_of(state, bounds, event, row)
    if entry < 0 and amount_e4 < 0:
        entry = _covering(state, bounds, row, event.occurred_ms, -amount_e4)
    if entry < 0:
        return int(event.occurred_ms)
    order = state.orders[entry]
    bits, counted = order.bits, is_counted(order)
    _note_touched(state, entry)
    order.net_e4 = summed_e4(order.net_e4, amount_e4)
    order.bits |= IS_RETURNED
    _book_again(state, bounds, order, counted, order.first_ms, order.offset_minutes, bits)
    return int(order.first_ms)


@inlined
def is_counted(order: Order) -> bool:
    """An order of which nothing is left counts no more; one that was free counts."""
    return bool(order.net_e4 > 0 or not order.bits & IS_RETURNED)


@inlined
def _order_of(state: State, bounds: Bounds, event: Event, row: int) -> int:
    """The living entry of the line's own order, or -1."""
    entry = int(state.order_slots[find(state.order_slots, state.orders, event.order)])
    alive = live_day(state.marks[LATEST], bounds.horizon_ms)
    if entry >= 0 and state.orders[entry].row == row and state.orders[entry].day >= alive:
        return entry
    return -1


@inlined
def _new_order(state: State, event: Event, row: int) -> int:
    marks, entry = state.marks, int(state.marks[ORDERS_USED])
    marks[ORDERS_USED] = entry + 1
    # A dead entry with this key is passed over; its place in its customer's chain stays.
    state.order_slots[find(state.order_slots, state.orders, event.order)] = entry
    order, profile = state.orders[entry], state.profiles[row]
    order.key, order.row, order.before = event.order, row, profile.newest_order
    order.day, order.net_e4, order.bits = event.occurred_ms // DAY_MS, 0, 0
    order.serial = marks[SERIAL]
    marks[SERIAL] += 1
    profile.newest_order = entry
    return entry


@inlined
def _note_touched(state: State, entry: int) -> None:
    """Puts an order on the list of those that the next block takes, once."""
    order, marks = state.orders[entry], state.marks
    if not order.bits & IS_TOUCHED:
        order.bits |= IS_TOUCHED
        state.touched_orders[marks[TOUCHED_ORDERS]] = entry
        marks[TOUCHED_ORDERS] += 1


@inlined
def _book_again(
    state: State,
    bounds: Bounds,
    order: Order,
    counted: bool,
    was_ms: int,
    was_offset: int,
    was_bits: int,
) -> None:
    """Carries a changed order over into its customer's counts: what was booked comes off."""
    profile, landmark_ms = state.profiles[order.row], state.marks[LANDMARK]
    now_ms, offset, bits, counts = (
        order.first_ms,
        order.offset_minutes,
        order.bits,
        is_counted(order),
    )
    shown = IS_TIMED | IS_DISCOUNTED
    same = was_ms == now_ms and was_offset == offset and was_bits & shown == bits & shown
    if same and counts == counted:
        return
    if counted:
        weighed = weight(was_ms, landmark_ms, bounds.half_life_ms)
        book_order(profile, was_ms, was_offset, was_bits, weighed, -1)
    if counts:
        weighs = weight(now_ms, landmark_ms, bounds.half_life_ms)
        book_order(profile, now_ms, offset, bits, weighs, 1)


@inlined
def _covering(state: State, bounds: Bounds, row: int, at_ms: int, amount_e4: int) -> int:
    """The youngest of the customer's orders not after this that has so much left, or -1.

    Dead ones met on the way leave the chain, so that none is passed twice.
    """
    profile, orders, best, looked_at, last = state.profiles[row], state.orders, -1, 0, -1
    alive = live_day(state.marks[LATEST], bounds.horizon_ms)
    entry = int(profile.newest_order)
    while entry >= 0 and looked_at < MOST_LOOKED_AT:
        order = orders[entry]
        before = int(order.before)
        if order.day < alive:
            if last < 0:
                profile.newest_order = before
            else:
                orders[last].before = before
        else:
            covers = order.first_ms <= at_ms and order.net_e4 >= amount_e4
            if covers and (best < 0 or order.first_ms > orders[best].first_ms):
                best = entry
            looked_at += 1
            last = entry
        entry = before
    return best
