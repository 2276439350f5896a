"""What each customer did between two snapshots: the difference of what they had done in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from insights.arrays import Floats, Ints
    from insights.reporting.executive.seen import Seen

COVERS = 1.96
"""Standard errors either way, which a normal value keeps within 19 times in 20."""


@dataclass(frozen=True, slots=True, eq=False)
class Spent:
    """A row a customer of the later snapshot; who was erased since is in none of it."""

    revenue: Floats
    """Net: returns are taken off."""

    orders: Floats
    """Less those that were wholly brought back."""

    bought: NDArray[np.bool_]
    """Who bought anything."""

    def of(self, rows: Ints) -> Spent:
        """Of the customers in these rows; -1 is somebody who did nothing."""
        there = rows >= 0
        return Spent(
            np.where(there, self.revenue[rows], 0.0) if len(self.revenue) else np.zeros(len(rows)),
            np.where(there, self.orders[rows], 0.0) if len(self.orders) else np.zeros(len(rows)),
            self.bought[rows] & there if len(self.bought) else np.zeros(len(rows), np.bool_),
        )


def spent_between(before: Seen, now: Seen) -> Spent | None:
    """None where a snapshot has no orders or spend in it."""
    rows = rows_of(now.moment.table.ids, before.moment.table.ids)
    revenue, orders = (_gained(before, now, name, rows) for name in ("spend", "orders"))
    if revenue is None or orders is None:
        return None
    bought = now.moment.table.last_purchase_ms >= before.moment.instant_ms
    return Spent(revenue, orders, bought)


def rows_of(ids: Sequence[str], among: Sequence[str]) -> Ints:
    """For each id its place among the others, or -1."""
    found = pc.index_in(pa.array(ids, pa.string()), value_set=pa.array(among, pa.string()))
    rows: Ints = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return rows


def chance_in_sum(now: Floats, before: Floats) -> float:
    """What chance makes of the difference of two periods' sums: customers come and buy as they
    like, each on their own."""
    return COVERS * float(np.sqrt(np.square(now - before).sum()))


def chance_in_mean(now: Spent, before: Spent) -> float | None:
    """The same for revenue by orders; None where a period has none."""
    errors = [_error_of_mean(each) for each in (now, before)]
    known = [error for error in errors if error is not None]
    return COVERS * float(np.sqrt(sum(known))) if len(known) == len(errors) else None


def _error_of_mean(spent: Spent) -> float | None:
    orders = float(spent.orders.sum())
    if orders <= 0:
        return None
    beside = spent.revenue - spent.orders * (float(spent.revenue.sum()) / orders)
    return float(np.square(beside).sum()) / orders**2


def _gained(before: Seen, now: Seen, name: str, rows: Ints) -> Floats | None:
    had, have = before.column(name), now.column(name)
    if had is None or have is None:
        return None
    gained: Floats = have - np.append(had, 0.0)[rows]
    return gained
