"""A walk is a fold with looks between the events, wherever it is cut."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.profile.catalogue import features, forms
from stream.profile.fold import FOLDED
from stream.profile.kept import LIVE, Bounds
from stream.profile.layout import LAST, ORDERS
from stream.profile.pending import Pending, nothing_pending, with_room
from stream.profile.state import Profiles
from stream.profile.walk import Looks, Walked, look_at_due, room_for_looks, walk
from stream.times import DAY_MS, NEVER
from tests.stream.profile.some_events import BEGIN_MS, any_event, batch, events

if TYPE_CHECKING:
    from stream.profile.layout import Rows

NAMES = ("orders_d90", "spend_d90", "lines")
BOUNDS = Bounds(grace_ms=45 * 60_000)


class Look(NamedTuple):
    row: int
    at_ms: int
    late: bool
    bypass: bool
    last_purchase_ms: int
    features: tuple[float, ...]


def seen(looks: Looks) -> list[Look]:
    return [
        Look(
            int(looks.rows[at]),
            int(looks.at_ms[at]),
            bool(looks.late[at]),
            bool(looks.bypass[at]),
            int(looks.last_purchase_ms[at]),
            tuple(looks.features[at].tolist()),
        )
        for at in range(len(looks.rows))
    ]


class Walker:
    """The compiled walk, with a tick at each midnight that it stops at."""

    def __init__(self) -> None:
        self.profiles, self.pending = Profiles(BOUNDS), nothing_pending()
        self.looks: list[Look] = []
        self.outcomes: list[int] = []

    def go(self, rows: Rows) -> None:
        profiles, read = self.profiles, forms(NAMES, BOUNDS)
        profiles.reserve(rows)
        self.pending = with_room(self.pending, len(rows))
        outcomes, into = np.empty(len(rows), np.uint8), np.empty(len(rows), np.int64)
        at = Walked(0, 0)
        while True:
            looks = room_for_looks(self.pending, len(rows), len(NAMES))
            at = walk(profiles.state, BOUNDS, self.pending, rows, at, read, outcomes, into, looks)
            self.looks += seen(looks.first(at.looks))
            if at.event == len(rows):
                break
            self.tick(int(rows["occurred_ms"][at.event]) // DAY_MS * DAY_MS)
            at = Walked(at.event, 0)
        self.outcomes += outcomes.tolist()

    def tick(self, at_ms: int) -> None:
        self.profiles.tick(at_ms)
        looks = room_for_looks(self.pending, 0, len(NAMES))
        state, read = self.profiles.state, forms(NAMES, BOUNDS)
        self.looks += seen(looks.first(look_at_due(state, BOUNDS, self.pending, read, looks, 0)))


class Plainly:
    """The same, event by event: what it will do is tried out on a copy first."""

    def __init__(self) -> None:
        self.profiles = Profiles(BOUNDS)
        self.orders: dict[int, list[int]] = {}
        self.opened = 0
        self.looks: list[Look] = []
        self.outcomes: list[int] = []

    def go(self, rows: Rows) -> None:
        for i in range(len(rows)):
            one = rows[i : i + 1]
            after = deepcopy(self.profiles)
            folded = after.fold(batch(one))
            self.outcomes.append(int(folded.outcomes[0]))
            if folded.outcomes[0] == FOLDED:
                self._come_to(after)
                self._line(one[0], int(folded.rows[0]), after)
            else:
                self.profiles = after

    def tick(self, at_ms: int) -> None:
        self.profiles.tick(at_ms)
        self._look_at_due(self._grace(self.profiles))

    def _come_to(self, after: Profiles) -> None:
        before_ms, now_ms = self.profiles.sweep_ms, after.sweep_ms
        if before_ms != NEVER and now_ms // DAY_MS > before_ms // DAY_MS:
            self.tick(now_ms // DAY_MS * DAY_MS)
        self.profiles.tick(now_ms)
        self._look_at_due(self._grace(after))

    def _line(self, event: np.void, row: int, after: Profiles) -> None:
        had = _orders(self.profiles, row) if row < len(self.profiles) else 0
        self.profiles = after
        cancels = bool(event["quantity_e4"] < 0) and _orders(after, row) < had
        at_ms = int(event["occurred_ms"])
        if at_ms < after.sweep_ms - self._grace(after):
            self._look(row, late=True, bypass=True)
            return
        key = int(event["order"])
        if key not in self.orders:
            self.orders[key] = [at_ms, self.opened, row, False]
            self.opened += 1
        order = self.orders[key]
        order[0], order[3] = max(order[0], at_ms), order[3] or cancels

    def _look_at_due(self, grace: int) -> None:
        for key, order in sorted(self.orders.items(), key=lambda item: item[1][:2]):
            if order[0] < self.profiles.sweep_ms - grace:
                self._look(order[2], late=False, bypass=bool(order[3]))
                del self.orders[key]

    def _look(self, row: int, *, late: bool, bypass: bool) -> None:
        now_ms = self.profiles.sweep_ms
        read = features(self.profiles, np.array([row]), now_ms, NAMES)[0]
        last_ms = int(self.profiles.state.profiles["times"][row, LAST])
        self.looks.append(Look(row, now_ms, late, bypass, last_ms, tuple(read.tolist())))

    def _grace(self, profiles: Profiles) -> int:
        return BOUNDS.grace_ms if profiles.state.marks[LIVE] else 0


def _orders(profiles: Profiles, row: int) -> int:
    return int(profiles.state.profiles["counts"][row, ORDERS])


@given(st.lists(any_event(), max_size=30), st.sets(st.integers(0, 30)))
def test_looks_are_those_of_a_plain_loop_wherever_it_is_cut(
    rows: list[dict[str, int]], cuts: set[int]
) -> None:
    made, walker, plainly = events(rows), Walker(), Plainly()
    for part in np.split(made, sorted(cut for cut in cuts if cut <= len(made))):
        walker.go(part)
    plainly.go(made)
    walker.tick(BEGIN_MS + 30 * DAY_MS)
    plainly.tick(BEGIN_MS + 30 * DAY_MS)
    assert walker.outcomes == plainly.outcomes
    assert walker.looks == plainly.looks


def looks_of(rows: list[dict[str, int]], end_ms: int) -> list[tuple[int, int, bool]]:
    walker = Walker()
    walker.go(events(rows))
    walker.tick(end_ms)
    return [(look.row, look.at_ms - BEGIN_MS, look.late) for look in walker.looks]


def replayed(minute: int, order: int, customer: int = 1) -> dict[str, int]:
    """A line whose record was written years later: nobody waits for it."""
    at_ms = BEGIN_MS + minute * 60_000
    return {
        "customer": customer,
        "order": order,
        "occurred_ms": at_ms,
        "recorded_ms": at_ms + 1000 * DAY_MS,
    }


def test_an_order_is_looked_at_once_when_time_is_past_it() -> None:
    lines = [replayed(0, 1), replayed(0, 1), replayed(0, 1), replayed(3, 2, customer=2)]
    assert looks_of(lines, BEGIN_MS + 5 * 60_000) == [
        (0, 3 * 60_000, False),
        (1, 5 * 60_000, False),
    ]


def test_a_line_behind_time_is_looked_at_by_itself() -> None:
    lines = [replayed(0, 1), replayed(9, 2), replayed(4, 1)]
    assert looks_of(lines, BEGIN_MS + 9 * 60_000)[1] == (0, 9 * 60_000, True)


def test_on_a_live_stream_an_order_waits_for_the_grace() -> None:
    lines = [{**replayed(minute, 1), "recorded_ms": BEGIN_MS} for minute in (0, 20, 40)]
    assert looks_of(lines, BEGIN_MS + 60 * 60_000) == []
    assert looks_of(lines, BEGIN_MS + 90 * 60_000) == [(0, 90 * 60_000, False)]


def taken_back(minute: int, order: int, share: float = 1.0) -> dict[str, int]:
    """A return of one order, or of a part of it, under a number of its own."""
    line = {"amount_e4": round(-25_000 * share), "quantity_e4": round(-10_000 * share)}
    return {**replayed(minute, order), **line}


def corrections(*lines: dict[str, int]) -> list[bool]:
    walker = Walker()
    walker.go(events(lines))
    walker.tick(BEGIN_MS + 90 * 60_000)
    return [look.bypass for look in walker.looks]


def test_an_order_taken_back_whole_is_a_correction() -> None:
    assert corrections(replayed(0, 1), taken_back(9, 2)) == [False, True]
    assert corrections(replayed(0, 1), taken_back(0, 1)) == [True]


def test_goods_brought_back_are_none_while_something_of_their_order_is_kept() -> None:
    assert corrections(replayed(0, 1), taken_back(9, 2, 0.5)) == [False, False]
    halves = taken_back(9, 2, 0.5), taken_back(19, 3, 0.5)
    assert corrections(replayed(0, 1), *halves) == [False, False, True]


def test_a_return_without_an_order_corrects_nothing() -> None:
    assert corrections(taken_back(0, 1), replayed(9, 2)) == [False, False]


def test_pending_room_grows_with_what_waits() -> None:
    walker = Walker()
    walker.go(events([replayed(0, order) for order in range(1, 3000)]))
    assert isinstance(walker.pending, Pending)
    assert walker.looks == []
    walker.tick(BEGIN_MS + 60_000)
    assert len(walker.looks) == 2999
