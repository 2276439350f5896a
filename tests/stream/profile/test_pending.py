"""Pending orders come out as a sorted list of them would give them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.compiled import compiled
from stream.profile.pending import (
    Pending,
    close_first,
    due_place,
    next_due_ms,
    nothing_pending,
    open_order,
    pending_of,
    waiting,
    with_room,
    without_row,
)
from stream.times import NEVER

if TYPE_CHECKING:
    from stream.profile.layout import Ints

# What happens: a line of an order at some time, or time going on to somewhere.
LINES = st.tuples(st.just("line"), st.integers(1, 12), st.integers(0, 40), st.booleans())
TIMES = st.tuples(st.just("time"), st.integers(0, 60))


@compiled
def opened(pending: Pending, key: int, row: int, at_ms: int, bypass: bool) -> None:
    open_order(pending, np.uint64(key), row, at_ms, bypass)


@compiled
def taken_out(pending: Pending, before_ms: int, rows: Ints, bypass: Ints) -> int:
    count = 0
    place = due_place(pending, before_ms)
    while place >= 0:
        rows[count] = pending.orders[place].row
        bypass[count] = pending.orders[place].bypass
        close_first(pending)
        count += 1
        place = due_place(pending, before_ms)
    return count


def due(pending: Pending, before_ms: int) -> list[tuple[int, bool]]:
    rows, bypass = np.zeros(100, np.int64), np.zeros(100, np.int64)
    count = taken_out(pending, before_ms, rows, bypass)
    return [(row, bool(does)) for row, does in zip(rows[:count].tolist(), bypass, strict=False)]


class Plainly:
    """The same as a dictionary: order → [newest, serial, bypass]."""

    def __init__(self) -> None:
        self.orders: dict[int, list[int]] = {}
        self.opened = 0

    def line(self, key: int, at_ms: int, bypass: bool) -> None:
        if key not in self.orders:
            self.orders[key] = [at_ms, self.opened, False]
            self.opened += 1
        order = self.orders[key]
        order[0], order[2] = max(order[0], at_ms), order[2] or bypass

    def due(self, before_ms: int) -> list[tuple[int, bool]]:
        found = sorted((order[:2], key) for key, order in self.orders.items())
        out = [(key * 10, bool(self.orders[key][2])) for (at, _), key in found if at < before_ms]
        self.orders = {k: order for k, order in self.orders.items() if order[0] >= before_ms}
        return out


@given(st.lists(LINES | TIMES, max_size=60), st.sets(st.integers(0, 60)))
def test_orders_come_out_by_their_newest_lines_also_after_they_were_stored(
    happens: list[tuple[str, int, int, bool] | tuple[str, int]], stored_after: set[int]
) -> None:
    pending, plainly = nothing_pending(), Plainly()
    for number, thing in enumerate(happens):
        if len(thing) == 4:
            opened(pending, thing[1], thing[1] * 10, thing[2], thing[3])
            plainly.line(*thing[1:])
        else:
            assert due(pending, thing[1]) == plainly.due(thing[1])
        if number in stored_after:
            pending = pending_of(waiting(pending), int(pending.marks[1]))
        assert len(waiting(pending)) == len(plainly.orders)
        newest = min((order[0] for order in plainly.orders.values()), default=NEVER)
        assert next_due_ms(pending) == newest
    assert due(pending, 1000) == plainly.due(1000)


def test_room_is_made_for_as_many_as_come() -> None:
    pending = nothing_pending()
    for key in range(1, 5000):
        pending = with_room(pending, 1)
        opened(pending, key, key, key % 7, False)
    assert len(waiting(pending)) == 4999
    assert waiting(pending)["key"].tolist() == list(range(1, 5000))


def test_one_customers_orders_can_be_taken_out() -> None:
    pending = nothing_pending()
    for key in range(1, 7):
        opened(pending, key, key % 2, key, False)
    assert [row for row, _ in due(without_row(pending, 1), 100)] == [0, 0, 0]
