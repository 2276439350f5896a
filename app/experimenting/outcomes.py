"""What customers of an experiment did since they were in it, read from the stream itself.

Lines count as they do for profiles: a repeated one once, an erased customer's not at all; what was
brought back comes off the spend. Memory: some 30 bytes a customer, and a week of orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from app.bought.following import followed_since
from app.bought.lines import FOREVER, Erased
from app.bought.matching import Customers
from stream.profile.events import PRODUCT
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.bought.lines import Followed, Lines
    from stream.log.seam import Log
    from stream.profile.layout import Floats, Hashes, Ints, Rows
    from stream.settings import Settings
    from stream.topics import Topics

E4 = 10_000
SMALLEST = 100_000
NAMES = ("bought", "orders", "spend")


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """A row a customer, from the customer's own instant up to one for all."""

    orders: Ints
    """Orders with a product that was bought."""

    spend_e4: Ints
    """Money, postage included, less what was given back; ten-thousandths."""

    erased: NDArray[np.bool_]
    reached_ms: int
    """How far event time has come, where it has come farthest; `NEVER` where nothing was read."""

    is_cut: bool
    """The log has let go of records, and may have of some that should have been read."""

    def of(self, name: str) -> Floats:
        """One of `NAMES`, as numbers to compare."""
        if name == "bought":
            return (self.orders > 0).astype(np.float64)
        return self.orders.astype(np.float64) if name == "orders" else self.spend_e4 / E4


def read_outcomes(
    log: Log,
    topics: Topics,
    settings: Settings,
    keys: Hashes,
    since_ms: Ints,
    until_ms: int | None = None,
) -> Outcomes:
    """Of the customers with these hashes, each since the instant in the same place.

    With an instant to end at, what came late for it counts, as far as anything late does.
    """
    horizon_ms = settings.profiles.horizon_days * DAY_MS
    counting = _Counting(Customers.by(keys), since_ms, horizon_ms, until_ms or FOREVER)
    reached_ms = NEVER
    followed = followed_since(log, topics, settings, int(since_ms.min(initial=FOREVER)))
    starts = [bounds.start for _, bounds in sorted(log.bounds(topics.transactions).items())]
    is_cut = any(0 < start >= one.position for one, start in zip(followed, starts, strict=True))
    for one in followed:
        counting.follow(one)
        reached_ms = max(reached_ms, one.sweep_ms)
    return Outcomes(counting.orders, counting.spend_e4, counting.erased, reached_ms, is_cut)


@dataclass(slots=True)
class _Counting:
    customers: Customers
    since_ms: Ints
    horizon_ms: int
    until_ms: int
    orders: Ints = field(init=False)
    spend_e4: Ints = field(init=False)
    erased: NDArray[np.bool_] = field(init=False)
    recent: _RecentOrders = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.since_ms)
        self.orders, self.spend_e4 = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.erased = np.zeros(count, np.bool_)

    def follow(self, partition: Followed) -> None:
        """To the end, or until nothing that counts can come any more."""
        self.recent = _RecentOrders(self.horizon_ms)
        last = FOREVER if self.until_ms == FOREVER else self.until_ms + self.horizon_ms
        for heard in partition.until(last):
            if isinstance(heard, Erased):
                row = self.customers.rows_of(np.array([heard.customer], np.uint64))
                self.erased[row[row >= 0]] = True
            else:
                self._count(heard)

    def _count(self, lines: Lines) -> None:
        events = lines.events
        rows, at_ms = self.customers.rows_of(events["customer"]), events["occurred_ms"]
        counts = (rows >= 0) & (at_ms >= self.since_ms[rows]) & (at_ms < self.until_ms)
        mine, rows = events[counts], rows[counts]
        np.add.at(self.spend_e4, rows, mine["amount_e4"])
        is_bought = (mine["flags"] & PRODUCT > 0) & (mine["quantity_e4"] > 0)
        first = self.recent.first_lines(mine[is_bought])
        np.add.at(self.orders, rows[is_bought][first], 1)


class _RecentOrders:
    """Orders of one partition that a line may still come of."""

    def __init__(self, horizon_ms: int) -> None:
        self._horizon_ms = horizon_ms
        self._last_ms: dict[int, int] = {}
        self._latest_ms, self._room = NEVER, SMALLEST

    def first_lines(self, events: Rows) -> Ints:
        """The places of the first line of each order that was not met before."""
        keys, first, place = np.unique(events["order"], return_index=True, return_inverse=True)
        newest = np.full(len(keys), NEVER)
        np.maximum.at(newest, place, events["occurred_ms"])
        known = self._last_ms
        pairs = list(zip(keys.tolist(), newest.tolist(), strict=True))
        is_new = np.fromiter((key not in known for key, _ in pairs), np.bool_, len(pairs))
        for key, at_ms in pairs:
            known[key] = max(known.get(key, NEVER), at_ms)
        self._latest_ms = max(self._latest_ms, int(newest.max(initial=NEVER)))
        if len(known) > self._room:
            alive_ms = self._latest_ms - self._horizon_ms
            self._last_ms = {key: at_ms for key, at_ms in known.items() if at_ms >= alive_ms}
            self._room = max(2 * len(self._last_ms), SMALLEST)
        return np.asarray(first[is_new])
