"""A task's profiles: the state that the fold works on, with room made as customers come.

Also what happens to customers other than by an event: ticks, midnights, erasure; and what a
block of state takes out and a restored task puts in.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from stream.profile import changes
from stream.profile.events import hash_of
from stream.profile.fading import Clock
from stream.profile.fold import first_of_new, fold_events
from stream.profile.graves import buried, times_erased
from stream.profile.hash_index import REMOVED, find
from stream.profile.kept import (
    IDS,
    LANDMARK,
    LATEST,
    LIVE,
    ORDERS_USED,
    PASSING,
    ROWS,
    SWEEP,
    Bounds,
    State,
)
from stream.profile.layout import empty_row
from stream.profile.recent import live_day, living
from stream.profile.restoring import restored_state
from stream.profile.room import empty_state, with_room
from stream.profile.texts import Texts
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stream.log.batch import Bytes
    from stream.profile.events import Batch
    from stream.profile.layout import Ints, Rows

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
        self.state: State = empty_state()
        self.words: dict[int, str] = {}
        self._ids = Texts()
        self._words_given = 0
        self._buried: set[int] = set()

    @classmethod
    def restored(
        cls,
        bounds: Bounds,
        profiles: Rows,
        ids_texts: Sequence[bytes] | Texts,
        ids: Rows,
        orders: Rows,
        marks: Ints,
        graves: Rows,
        words: Mapping[int, str],
    ) -> Self:
        """What was given out comes back: it behaves as if it had never been away.

        A text a row, empty for who was erased. Of ids that are there twice the later holds, so
        that what blocks gave out can follow what a checkpoint had; orders by their serials.
        """
        made = cls(bounds)
        made.state = restored_state(profiles, ids, orders, marks, graves, bounds.horizon_ms)
        made._ids = ids_texts.copy() if isinstance(ids_texts, Texts) else Texts(ids_texts)
        made.words = dict(words)
        made._words_given = len(words)
        return made

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
    def is_live(self) -> bool:
        """Whether the event that last moved time was recorded about when it occurred."""
        return bool(self.state.marks[LIVE])

    @property
    def clock(self) -> Clock:
        """What decayed sums are read by, now."""
        return Clock(int(self.state.marks[LANDMARK]), self.bounds.half_life_ms)

    @property
    def nbytes(self) -> int:
        """What all of it takes; rows that nobody has used yet have no memory behind them."""
        state, used = self.state, len(self)
        lists = (array.nbytes for array in state if array is not state.profiles)
        return used * state.profiles.itemsize + sum(map(int, lists)) + self._ids.nbytes

    def fold(self, batch: Batch) -> Folded:
        """Folds a batch; the same however the log was cut into batches."""
        self.reserve(batch.events)
        before = len(self)
        folded = Folded(np.empty(len(batch), np.uint8), np.empty(len(batch), np.int64))
        fold_events(self.state, self.bounds, batch.events, *folded)
        self.name_rows(before, batch, folded.rows)
        self.learn(batch)
        return folded

    def reserve(self, events: Rows) -> None:
        """Makes room for these events, whatever becomes of them. May replace `state`."""
        self.state = with_room(self.state, len(events), self.alive())

    def name_rows(self, before: int, batch: Batch, rows: Ints) -> None:
        """Keeps the ids of customers who are new since there were `before` rows."""
        if len(self) > before:
            self._ids.extend(*batch.ids_of(first_of_new(rows, before, len(self) - before)))

    def learn(self, batch: Batch) -> None:
        """Keeps the names of categories and countries."""
        for code, word in batch.words.items():
            if len(self.words) < MOST_WORDS:
                self.words.setdefault(code, word)

    def customer_id(self, row: int) -> str:
        """The id of a row's customer; empty once erased."""
        return self.id_text(row).decode()

    def id_text(self, row: int) -> bytes:
        """The same as it is stored."""
        return self._ids[row]

    def texts_of(self, rows: Ints) -> tuple[Bytes, Ints]:
        """The ids of these rows' customers one after the other, and the length of each."""
        return self._ids.taken(rows)

    def texts(self) -> bytes:
        """All customers' ids, row by row."""
        return self._ids.together()

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
        """Forgets a customer, and for ever their events up to this instant.

        Says which row is empty now, if there was one. Ids of events stay as hashes until the
        horizon has passed them.
        """
        return self.erase_key(hash_of(customer_id), instant_ms)

    def erase_key(self, key: int, instant_ms: int) -> int | None:
        """The same by the hash of the customer's id."""
        graves = buried(self.state.graves, key, instant_ms)
        self.state = state = self.state._replace(graves=graves)
        self._buried.add(key)
        slot = self._slot_of(key)
        row = int(state.slots[slot])
        if row < 0:
            return None
        self.touch(np.array([row]))
        state.slots[slot] = REMOVED
        state.profiles[row : row + 1] = empty_row()
        state.profiles["touched"][row] = True
        orders = state.orders[: int(state.marks[ORDERS_USED])]
        orders["key"][orders["row"] == row] = 0
        self._ids.forget(row)
        return row

    def incarnation(self, row: int) -> int:
        """Which life of its customer this row is: 1, and 1 more for each erasure before it."""
        return self.incarnation_of(int(self.state.profiles["key"][row]))

    def incarnation_of(self, key: int) -> int:
        """The same by the hash of the customer's id: the life that is, or is to come."""
        return 1 + times_erased(self.state.graves, key)

    def alive(self) -> int:
        """The oldest day of which ids and orders are remembered."""
        return int(live_day(self.latest_ms, self.bounds.horizon_ms))

    def marks(self) -> Ints:
        """Times and counts as `restored` takes them, free of how the lists happen to lie."""
        marks = self.state.marks.copy()
        marks[list(PASSING)] = 0
        return marks

    def recent_ids(self) -> Rows:
        """The living ids, records of `recent.ID`, in order of arrival."""
        return living(self.state.ids[: self.state.marks[IDS]], self.alive())

    def recent_orders(self) -> Rows:
        """The living orders, records of `recent.ORDER`, in order of arrival."""
        used = self.state.orders[: self.state.marks[ORDERS_USED]]
        return changes.plain_orders(living(used, self.alive()))

    def new_ids(self) -> Rows:
        """The living ids that were added since `blocked`, in order."""
        return changes.new_ids(self.state, self.alive())

    def touched_orders(self) -> Rows:
        """The living orders that changed since `blocked`, in order of arrival."""
        return changes.touched_orders(self.state, self.alive())

    def touched_rows(self) -> Ints:
        """The rows that changed since `blocked`, in order; one without a key was erased."""
        return changes.touched_rows(self.state)

    def touch(self, rows: Ints) -> None:
        """Puts rows among those that changed."""
        self.state = changes.touch(self.state, rows)

    def new_words(self) -> dict[int, str]:
        """The names that were learnt since `blocked`."""
        return dict(islice(self.words.items(), self._words_given, None))

    def new_graves(self) -> Rows:
        """The graves that are new or changed since `blocked`, in the order of their keys."""
        graves = self.state.graves
        return graves[np.isin(graves["key"], np.array(sorted(self._buried), np.uint64))]

    def blocked(self) -> None:
        """All that changed is in a block now."""
        changes.forget(self.state)
        self._words_given = len(self.words)
        self._buried.clear()

    def _slot_of(self, key: int) -> int:
        return find(self.state.slots, self.state.profiles, np.uint64(key))
