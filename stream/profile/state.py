"""A task's profiles: the state that the fold works on, with room made as customers come.

Also what happens to customers other than by an event: ticks, midnights, erasure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stream.profile.events import hash_of
from stream.profile.fold import fold_events
from stream.profile.formulas import Clock
from stream.profile.hash_index import REMOVED, are_new, find, indexed
from stream.profile.kept import IDS, LANDMARK, LATEST, ORDERS_USED, ROWS, SWEEP, Bounds, State
from stream.profile.layout import NEVER, profile_rows
from stream.profile.recent import ID, ORDER, link, live_day, living, roomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stream.profile.events import Batch
    from stream.profile.layout import Ints, Rows

SMALLEST_ROOM = 1024
MOST_WORDS = 65_536
"""Categories and countries whose names are kept; those beyond are counted under their codes."""


class Folded(NamedTuple):
    """What became of a batch's events, one entry each."""

    outcomes: NDArray[np.uint8]
    rows: Ints
    """Whose profile it went into; -1 where it went into none."""


class Profiles:
    """The profiles of one partition's customers."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.words: dict[int, str] = {}
        self._texts = bytearray()
        self._ends = np.zeros(SMALLEST_ROOM, np.int64)
        profiles, ids, orders = profile_rows(SMALLEST_ROOM), _empty(ID), _empty(ORDER)
        self.state = State(
            profiles=profiles,
            slots=indexed(profiles, 0),
            ids=ids,
            id_slots=indexed(ids, 0),
            orders=orders,
            order_slots=indexed(orders, 0),
            marks=np.array([0, 0, 0, NEVER, NEVER, NEVER], np.int64),
            erased=np.zeros(0, np.uint64),
            erased_ms=np.zeros(0, np.int64),
        )

    def __len__(self) -> int:
        """Rows in use; those of erased customers stay, empty."""
        return int(self.state.marks[ROWS])

    @property
    def latest_ms(self) -> int:
        """The latest accepted event, or `NEVER`."""
        return int(self.state.marks[LATEST])

    @property
    def sweep_ms(self) -> int:
        """The larger of that and all ticks."""
        return int(self.state.marks[SWEEP])

    @property
    def clock(self) -> Clock:
        """What decayed sums are read by, now."""
        return Clock(int(self.state.marks[LANDMARK]), self.bounds.half_life_ms)

    @property
    def nbytes(self) -> int:
        """What all of it takes, room included."""
        return sum(int(array.nbytes) for array in (*self._arrays(), self._ends)) + len(self._texts)

    def fold(self, batch: Batch) -> Folded:
        """Folds a batch; the same however the log was cut into batches."""
        self.reserve(batch.events)
        before = len(self)
        folded = Folded(np.empty(len(batch), np.uint8), np.empty(len(batch), np.int64))
        fold_events(self.state, self.bounds, batch.events, *folded)
        self.name_rows(before, batch.ids, folded.rows)
        self.learn(batch)
        return folded

    def reserve(self, events: Rows) -> None:
        """Makes room for these events, whatever becomes of them. May replace `state`."""
        state, coming = self.state, len(events)
        rows, ids, orders = (int(state.marks[mark]) for mark in (ROWS, IDS, ORDERS_USED))
        new = are_new(state.slots, state.profiles, events["customer"])
        if rows + np.count_nonzero(new) > len(state.profiles):
            self._widen(rows + len(np.unique(events["customer"][new])))
        if ids + coming > len(state.ids):
            self._thin_ids(coming)
        if orders + coming > len(state.orders):
            self._thin_orders(coming)

    def name_rows(self, before: int, ids: Sequence[str], rows: Ints) -> None:
        """Keeps the ids of customers who are new since there were `before` rows."""
        theirs = np.flatnonzero(rows >= before)
        new, first = np.unique(rows[theirs], return_index=True)
        for row, event in zip(new.tolist(), theirs[first].tolist(), strict=True):
            self._texts += ids[event].encode()
            self._ends[row] = len(self._texts)

    def learn(self, batch: Batch) -> None:
        """Keeps the names of categories and countries."""
        for code, word in batch.words.items():
            if len(self.words) < MOST_WORDS:
                self.words.setdefault(code, word)

    def customer_id(self, row: int) -> str:
        """The id of a row's customer; empty once erased."""
        start, end = self._place(row)
        return self._texts[start:end].decode().rstrip("\0")

    def texts(self) -> bytes:
        """All customers' ids, row by row."""
        return bytes(self._texts)

    def row_of(self, customer_id: str) -> int | None:
        row = self.state.slots[self._slot_of(hash_of(customer_id))]
        return int(row) if row >= 0 else None

    def tick(self, instant_ms: int) -> None:
        """Event time has come to here, without an event."""
        self.state.marks[SWEEP] = max(self.sweep_ms, instant_ms)

    def move_landmark(self, midnight_ms: int) -> None:
        """Keeps decayed sums in bounds; to be called at midnights.

        The landmark moves by whole half-lives, so every sum is halved exactly, and nothing
        depends on when it was moved.
        """
        marks, half_life_ms = self.state.marks, self.bounds.half_life_ms
        if marks[LANDMARK] == NEVER:
            return
        halvings = (midnight_ms - int(marks[LANDMARK])) // half_life_ms
        if halvings > 0:
            self.state.profiles["decayed"][: len(self)] *= 2.0 ** -min(halvings, 2000)
            marks[LANDMARK] += halvings * half_life_ms

    def erase(self, customer_id: str, instant_ms: int) -> int | None:
        """Forgets a customer, and for the horizon their events up to this instant.

        Says which row is empty now, if there was one. Ids of events stay as hashes until the
        horizon has passed them.
        """
        return self.erase_key(hash_of(customer_id), instant_ms)

    def erase_key(self, key: int, instant_ms: int) -> int | None:
        """The same by the hash of the customer's id."""
        self._bury(key, instant_ms)
        state, row = self.state, int(self.state.slots[self._slot_of(key)])
        if row < 0:
            return None
        state.slots[self._slot_of(key)] = REMOVED
        state.profiles[row : row + 1] = profile_rows(1)
        state.profiles["touched"][row] = True
        orders = state.orders[: int(state.marks[ORDERS_USED])]
        orders["key"][orders["row"] == row] = 0
        start, end = self._place(row)
        self._texts[start:end] = bytes(end - start)
        return row

    def alive(self) -> int:
        """The oldest day of which ids and orders are remembered."""
        return int(live_day(self.latest_ms, self.bounds.horizon_ms))

    def recent_ids(self) -> Rows:
        """The living ids, records of `recent.ID`, in order of arrival."""
        return living(self.state.ids, int(self.state.marks[IDS]), self.alive())

    def recent_orders(self) -> Rows:
        """The living orders, records of `recent.ORDER`, in order of arrival."""
        return living(self.state.orders, int(self.state.marks[ORDERS_USED]), self.alive())

    def remember(self, ids: Rows, orders: Rows, room: int = 0) -> None:
        """Takes over recent ids and orders, as they were given out, with room for more."""
        self.state.marks[[IDS, ORDERS_USED]] = len(ids), len(orders)
        self._take_ids(ids, len(ids) + room)
        self._take_orders(orders, len(orders) + room)

    def _arrays(self) -> list[NDArray[Any]]:
        return [array for array in self.state if array is not self.state.marks]

    def _slot_of(self, key: int) -> int:
        return find(self.state.slots, self.state.profiles, np.uint64(key))

    def _place(self, row: int) -> tuple[int, int]:
        """Where a row's id lies in the texts."""
        return int(self._ends[row - 1]) if row else 0, int(self._ends[row])

    def _widen(self, needed: int) -> None:
        """By a sixteenth at least: rows are what takes memory."""
        used, old = len(self), self.state.profiles
        if needed <= len(old):
            return
        profiles = profile_rows(max(needed, len(old) + len(old) // 16))
        profiles[:used] = old[:used]
        ends = np.zeros(len(profiles), np.int64)
        ends[:used] = self._ends[:used]
        self._ends = ends
        self.state = self.state._replace(profiles=profiles, slots=indexed(profiles, used))

    def _thin_ids(self, coming: int) -> None:
        ids = self.recent_ids()
        self.state.marks[IDS] = len(ids)
        self._take_ids(ids, len(ids) + max(coming, len(ids) // 2))

    def _thin_orders(self, coming: int) -> None:
        orders = self.recent_orders()
        self.state.marks[ORDERS_USED] = len(orders)
        self._take_orders(orders, len(orders) + max(coming, len(orders) // 2))

    def _take_ids(self, ids: Rows, room: int) -> None:
        made = roomy(ids, room)
        self.state = self.state._replace(ids=made, id_slots=indexed(made, len(ids)))

    def _take_orders(self, orders: Rows, room: int) -> None:
        made = roomy(orders, room)
        link(made, len(orders), self.state.profiles, len(self))
        self.state = self.state._replace(orders=made, order_slots=indexed(made, len(orders)))

    def _bury(self, key: int, instant_ms: int) -> None:
        """Leaves a tombstone, and drops those that the horizon has passed: what came before
        them is too late anyway."""
        graves = dict(zip(self.state.erased.tolist(), self.state.erased_ms.tolist(), strict=True))
        graves[key] = max(instant_ms, graves.get(key, instant_ms))
        oldest_ms = self.latest_ms - self.bounds.horizon_ms if self.latest_ms != NEVER else NEVER
        names = sorted(name for name, since_ms in graves.items() if since_ms >= oldest_ms)
        erased_ms = np.array([graves[name] for name in names], np.int64)
        self.state = self.state._replace(erased=np.array(names, np.uint64), erased_ms=erased_ms)


def _empty(kind: np.dtype[np.void]) -> Rows:
    return np.zeros(SMALLEST_ROOM, kind)
