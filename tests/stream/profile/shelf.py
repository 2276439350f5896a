"""Somewhere to put profiles for tests: what a row of blocks amounts to, without their format."""

from __future__ import annotations

import numpy as np

from stream.profile.kept import LANDMARK, ROWS, Bounds
from stream.profile.layout import PROFILE
from stream.profile.recent import ID, ORDER
from stream.profile.state import Profiles
from stream.times import NEVER


class Shelf:
    """Takes what changed, time after time, and gives all of it back."""

    def __init__(self) -> None:
        self.rows = np.zeros(0, PROFILE)
        self.texts: list[bytes] = []
        self.ids = np.zeros(0, ID)
        self.orders: dict[int, np.void] = {}
        self.marks = np.array([], np.int64)
        self.graves: dict[int, np.void] = {}
        self.words: dict[int, str] = {}
        self.half_life_ms = Bounds().half_life_ms

    def take(self, profiles: Profiles) -> None:
        """A delta."""
        marks = profiles.marks()
        self._fade(marks)
        rows, used = profiles.touched_rows(), int(marks[ROWS])
        self.rows = np.concatenate([self.rows, np.zeros(used - len(self.rows), PROFILE)])
        self.rows[rows] = profiles.state.profiles[rows]
        self.texts += [b""] * (used - len(self.texts))
        for row in rows.tolist():
            self.texts[row] = profiles.id_text(row)
        self.ids = np.concatenate([self.ids, profiles.new_ids()])
        for order in profiles.touched_orders():
            self.orders[int(order["serial"])] = order
        for grave in profiles.new_graves():
            self.graves[int(grave["key"])] = grave
        self.words |= profiles.new_words()
        self.marks = marks
        profiles.blocked()

    def replace(self, profiles: Profiles) -> None:
        """A checkpoint."""
        self.ids, self.orders = profiles.recent_ids(), {}
        for order in profiles.recent_orders():
            self.orders[int(order["serial"])] = order
        self.take(profiles)

    def restored(self) -> Profiles:
        orders = [self.orders[serial] for serial in sorted(self.orders)]
        graves = [self.graves[key] for key in sorted(self.graves)]
        state = Profiles().state
        return Profiles.restored(
            Bounds(),
            self.rows,
            self.texts,
            self.ids,
            np.array(orders, ORDER),
            self.marks,
            np.array(graves, state.graves.dtype),
            self.words,
        )

    def _fade(self, marks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        """Where the landmark has moved, what was left alone has faded too."""
        if len(self.marks) and self.marks[LANDMARK] != NEVER:
            halvings = int(marks[LANDMARK] - self.marks[LANDMARK]) // self.half_life_ms
            self.rows["decayed"] *= 2.0**-halvings
