"""Orders that wait to be looked at: open until event time has moved past their newest line.

A list with a table that finds an order, and a heap that knows which is due next. What comes out,
and in which order, follows from the entries alone: not from how the heap happened to lie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.borrowing import borrowed, inlined
from stream.profile.hash_index import FREE, fill, find, slots_for
from stream.times import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.hash_index import Slots
    from stream.profile.layout import Ints, Rows

PENDING = np.dtype(
    [
        ("key", np.uint64),  # xxh3 of customer and order
        ("newest_ms", np.int64),  # its newest line
        ("queued_ms", np.int64),  # what the heap has it under: its newest line when it was put in
        ("serial", np.int64),  # orders are numbered as they open
        ("row", np.int32),
        ("bypass", np.bool_),  # an order was taken back whole: the return guard doesn't hold
    ],
    align=True,
)

WAITING, OPENED = 0, 1
"""`marks`: how many wait, how many were ever opened."""

SMALLEST_ROOM = 1024


class Pending(NamedTuple):
    """`heap` has the places of those that wait, and behind them the places that are free."""

    orders: Rows
    slots: Slots
    heap: NDArray[np.int32]
    marks: Ints


def nothing_pending() -> Pending:
    return pending_of(np.zeros(0, PENDING), 0)


def pending_of(orders: Rows, opened: int, room: int = 0) -> Pending:
    """These orders, waiting; with room for so many in all."""
    room = max(room, len(orders), SMALLEST_ROOM)
    made = Pending(
        np.zeros(room, PENDING),
        np.full(slots_for(room), FREE, np.int32),
        np.arange(room, dtype=np.int32),
        np.array([0, opened], np.int64),
    )
    made.orders[: len(orders)] = orders
    made.orders["queued_ms"] = made.orders["newest_ms"]
    fill(made.slots, made.orders, len(orders))
    by_due = np.lexsort((orders["serial"], orders["newest_ms"]))
    made.heap[: len(orders)] = by_due  # what is sorted is a heap
    made.marks[WAITING] = len(orders)
    return made


def with_room(pending: Pending, coming: int) -> Pending:
    """The same, with room for so many more."""
    needed = int(pending.marks[WAITING]) + coming
    if needed <= len(pending.orders):
        return pending
    return pending_of(waiting(pending), int(pending.marks[OPENED]), needed + needed // 2)


def waiting(pending: Pending) -> Rows:
    """Those that wait, in the order in which they were opened."""
    orders: Rows = pending.orders[pending.heap[: int(pending.marks[WAITING])]]
    sorted_orders: Rows = orders[np.argsort(orders["serial"])]
    return sorted_orders


def without_row(pending: Pending, row: int) -> Pending:
    """Without those of one customer."""
    orders = waiting(pending)
    return pending_of(orders[orders["row"] != row], int(pending.marks[OPENED]))


def next_due_ms(pending: Pending) -> int:
    """The least newest line of those that wait, or `NEVER`."""
    newest_ms = pending.orders["newest_ms"][pending.heap[: int(pending.marks[WAITING])]]
    return int(newest_ms.min()) if len(newest_ms) else NEVER


@inlined
def borrowed_pending(pending: Pending) -> Pending:
    """The same for calls from compiled code, which are many times as quick with it."""
    return Pending(
        borrowed(pending.orders),
        borrowed(pending.slots),
        borrowed(pending.heap),
        borrowed(pending.marks),
    )


@inlined
def open_order(pending: Pending, key: np.uint64, row: int, at_ms: int, bypass: bool) -> None:
    """A line of an order that isn't past: opens it, or keeps it open."""
    orders, marks = pending.orders, pending.marks
    slot = find(pending.slots, orders, key)
    place = int(pending.slots[slot])
    if place >= 0:
        orders[place].newest_ms = max(orders[place].newest_ms, at_ms)
        orders[place].bypass = orders[place].bypass or bypass
        return
    place = int(pending.heap[marks[WAITING]])
    pending.slots[slot] = place
    order = orders[place]
    order.key, order.row, order.bypass = key, row, bypass
    order.newest_ms, order.queued_ms, order.serial = at_ms, at_ms, marks[OPENED]
    marks[OPENED] += 1
    marks[WAITING] += 1
    _rise(pending, marks[WAITING] - 1)


@inlined
def due_place(pending: Pending, before_ms: int) -> int:
    """The place of the order that is next, if its newest line lies before that; else -1."""
    orders, heap = pending.orders, pending.heap
    while pending.marks[WAITING] > 0:
        first = orders[heap[0]]
        if first.queued_ms >= before_ms:
            return -1
        if first.queued_ms == first.newest_ms:
            return int(heap[0])
        first.queued_ms = first.newest_ms  # lines came since it was put in
        _sink(pending)
    return -1


@inlined
def close_first(pending: Pending) -> None:
    """Takes the order that is next out; its place is free."""
    orders, heap, marks = pending.orders, pending.heap, pending.marks
    place = heap[0]
    _take_out(pending.slots, orders, find(pending.slots, orders, orders[place].key))
    last = marks[WAITING] - 1
    heap[0], heap[last] = heap[last], place
    marks[WAITING] = last
    _sink(pending)


@inlined
def _is_before(orders: Rows, one: int, other: int) -> bool:
    if orders[one].queued_ms != orders[other].queued_ms:
        return bool(orders[one].queued_ms < orders[other].queued_ms)
    return bool(orders[one].serial < orders[other].serial)


@inlined
def _rise(pending: Pending, at: int) -> None:
    heap = pending.heap
    while at > 0 and _is_before(pending.orders, heap[at], heap[(at - 1) // 2]):
        above = (at - 1) // 2
        heap[at], heap[above] = heap[above], heap[at]
        at = above


@inlined
def _sink(pending: Pending) -> None:
    heap, count, at = pending.heap, pending.marks[WAITING], 0
    while True:
        least = at
        for below in range(2 * at + 1, min(2 * at + 3, count)):
            if _is_before(pending.orders, heap[below], heap[least]):
                least = below
        if least == at:
            return
        heap[at], heap[least] = heap[least], heap[at]
        at = least


@inlined
def _take_out(slots: Slots, orders: Rows, hole: int) -> None:
    """Frees a slot and moves those back that were only pushed beyond it."""
    last = len(slots) - 1
    at = hole
    while True:
        at = (at + 1) & last
        if slots[at] == FREE:
            break
        home = int(np.int64(orders[slots[at]].key & np.uint64(last)))
        if (at - home) & last >= (at - hole) & last:
            slots[hole] = slots[at]
            hole = at
    slots[hole] = FREE
