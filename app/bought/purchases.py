"""Purchases as they are kept: numbers only, in as much memory as is allowed.

Customers and orders are hashes, so that nobody's id is kept here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.bought.products import UNKNOWN, Products
from stream.profile.events import PRODUCT
from stream.times import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.bought.lines import Lines
    from stream.profile.layout import Rows

PURCHASE = np.dtype(
    [
        ("customer", np.uint64),
        ("order", np.uint64),
        ("at_ms", np.int64),
        ("product", np.int32),
    ],
    align=True,
)
"""A line on which a product was bought, in 32 bytes."""


def are_bought(events: Rows) -> NDArray[np.bool_]:
    """Which lines have a product that was bought, as profiles count purchases."""
    bought: NDArray[np.bool_] = (events["flags"] & PRODUCT > 0) & (events["quantity_e4"] > 0)
    return bought


class Purchases:
    """The newest so many lines since a day that goes on; returns and what is no product aside."""

    def __init__(self, most: int) -> None:
        self.products = Products()
        self.since_ms = NEVER
        """All that counts and was read is here after this instant."""

        self._most = most
        self._kept = np.empty(0, PURCHASE)
        self._chunks: list[Rows] = []
        self._fresh = 0
        self._erased: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._kept) + self._fresh

    def take(self, lines: Lines) -> None:
        """Keeps what was bought."""
        events = lines.events
        rows = np.flatnonzero(are_bought(events) & (events["product"] != 0))
        if not len(rows):
            return
        taken = np.empty(len(rows), PURCHASE)
        taken["customer"], taken["order"] = events["customer"][rows], events["order"][rows]
        taken["at_ms"] = events["occurred_ms"][rows]
        taken["product"] = self.products.codes(events["product"][rows], lines.products.take(rows))
        self._chunks.append(taken[taken["product"] != UNKNOWN])
        self._fresh += len(self._chunks[-1])
        if self._fresh > max(self._most // 4, 1):
            self._pack()

    def forget(self, customer: int) -> None:
        """All that this customer bought so far; what comes later is another one's."""
        self._erased[customer] = len(self)

    def since(self, instant_ms: int) -> Rows:
        """Records of `PURCHASE` from this instant on; what lies before is let go."""
        self.since_ms = max(self.since_ms, instant_ms)
        self._pack()
        return self._kept

    def _pack(self) -> None:
        """Lets go of the erased, of the old, and of the oldest beyond the bound."""
        rows = np.concatenate([self._kept, *self._chunks])
        self._chunks, self._fresh = [], 0
        kept = rows[self._is_alive(rows) & (rows["at_ms"] >= self.since_ms)]
        if len(kept) > self._most:
            newest = np.sort(np.argsort(kept["at_ms"], kind="stable")[-self._most :])
            kept = kept[newest]
            self.since_ms = int(kept["at_ms"].min())
        self._kept = kept

    def _is_alive(self, rows: Rows) -> NDArray[np.bool_]:
        alive = np.ones(len(rows), np.bool_)
        if self._erased:
            keys = np.array(sorted(self._erased), np.uint64)
            until = np.array([self._erased[key] for key in keys.tolist()])
            place = np.minimum(np.searchsorted(keys, rows["customer"]), len(keys) - 1)
            gone = (keys[place] == rows["customer"]) & (np.arange(len(rows)) < until[place])
            alive, self._erased = ~gone, {}
        return alive
