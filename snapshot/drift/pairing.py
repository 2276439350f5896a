"""Two moments side by side: which row of the earlier each customer has, and which moment to take.

Apart because everything that compares moments begins with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import DAY_MS, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.moment import Moment
    from stream.model.arrays import Ints

TOLERANCE_DAYS = 0.5
"""A snapshot that is due after a week may come some hours early."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """An earlier moment and a later one. Customers are told by their ids."""

    before: Moment
    now: Moment
    row_before: Ints
    """For each customer of `now` the row in `before`, or `NONE`."""

    @property
    def days(self) -> float:
        return (self.now.instant_ms - self.before.instant_ms) / DAY_MS

    @property
    def in_both(self) -> tuple[Ints, Ints]:
        """The rows before and now of customers who are in both."""
        now = np.flatnonzero(self.row_before != NONE)
        return self.row_before[now], now


def paired(before: Moment, now: Moment) -> Pair:
    """The two moments with their customers matched."""
    import pyarrow as pa
    import pyarrow.compute as pc

    there, wanted = (pa.array(one.table.ids, pa.string()) for one in (before, now))
    rows = pc.fill_null(pc.index_in(wanted, value_set=there), NONE)
    return Pair(before, now, rows.to_numpy(zero_copy_only=False).astype(np.int64))


def moment_before(
    past: Sequence[Moment], instant_ms: int, days: float, at_most_days: float
) -> Moment | None:
    """The youngest moment that is that many days old, unless it is older than is of any use."""
    newest_ms = instant_ms - (days - TOLERANCE_DAYS) * DAY_MS
    oldest_ms = instant_ms - at_most_days * DAY_MS
    found = [moment for moment in past if oldest_ms <= moment.instant_ms <= newest_ms]
    return max(found, key=lambda moment: moment.instant_ms, default=None)
