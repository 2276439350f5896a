"""Whether orders within a segment became dearer or cheaper than everybody's did, in 28 days.

Segments are those of 28 days ago, so that customers who move because they pay more don't hide it.
What a customer's orders were worth since, out of two moments' cumulative sums, is held against
what was to be expected of one whose orders were worth so much until then, known from so many:
those who spent most by luck spend less the next time, and that is no drift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.thresholds import ORDER_VALUE_ERRORS, Targets
from stream.model.arrays import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from snapshot.drift.pairing import Pair
    from stream.model.arrays import Floats, Ints

SUMS = ("spend", "orders")
LEAST_ORDERS = 0.5
"""Fewer than this is what a returned order left behind."""

LEAST_SPREAD = 1e-6
"""Less than this is rounding: everybody paid exactly as expected."""

LEAST_COMPARED = 8
"""Fewer customers than this, in all, say nothing of what was to be expected."""


@dataclass(frozen=True, slots=True)
class OrderValue:
    """How far a segment's order value moved, the overall shift taken off."""

    effect: float
    """In standard deviations of customers around what was expected of them."""

    noise: float
    """The standard error of the effect."""

    customers: int
    """How many ordered before and since."""

    @property
    def stands_out(self) -> float:
        """How many times it is as large as an alert needs; nothing for too few customers."""
        targets = Targets()
        if self.customers < targets.least_customers:
            return 0.0
        return abs(self.effect) / max(targets.order_value_effect, ORDER_VALUE_ERRORS * self.noise)


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Customers who ordered before and since, one entry each."""

    segments: Ints
    expected_by: Floats
    """What the expectation is a linear function of: a column each."""

    since: Floats
    """The logarithm of the money per order since."""

    def effects(self, codes: Iterable[int], compared: NDArray[np.bool_]) -> dict[int, OrderValue]:
        """Of each segment against the others among `compared`; none of one with too few."""
        if compared.sum() < LEAST_COMPARED:
            return {}
        found = np.linalg.lstsq(self.expected_by[compared], self.since[compared], rcond=None)
        residuals: Floats = self.since - self.expected_by @ found[0]
        effects = {}
        for code in codes:
            mine = self.segments == code
            effect = _effect(residuals[mine], residuals[compared & ~mine])
            if effect is not None:
                effects[code] = effect
        return effects


def order_values(pair: Pair, name: str, learned: NDArray[np.bool_]) -> dict[str, OrderValue]:
    """By segment id, for the learned segments of the earlier moment (`learned` says which).

    A segment that stands out is set aside before the others are measured, the farthest first:
    else they would seem to have moved the other way.
    """
    lens = pair.before.lenses[name]
    orders = _orders(pair, lens.published, learned)
    if orders is None:
        return {}
    found: dict[int, OrderValue] = {}
    left = set(np.flatnonzero(learned).tolist())
    while left:
        compared = ~np.isin(orders.segments, list(found))
        known = orders.effects(left, compared)
        farthest = max(known, key=lambda code: known[code].stands_out, default=None)
        if farthest is None or known[farthest].stands_out <= 1.0:
            found |= known
            break
        found[farthest] = known[farthest]
        left.discard(farthest)
    return {lens.segments[code].id: found[code] for code in sorted(found)}


def _orders(pair: Pair, published: Ints, learned: NDArray[np.bool_]) -> Orders | None:
    tables = (pair.before.table, pair.now.table)
    if any(feature not in table.names for feature in SUMS for table in tables):
        return None
    rows_before, rows = pair.in_both
    before = tables[0].columns(SUMS)[rows_before]
    since = tables[1].columns(SUMS)[rows] - before
    segments = published[rows_before]
    told = (np.minimum(before, since) > (0.0, LEAST_ORDERS)).all(axis=1)
    told &= (segments != NONE) & np.append(learned, False)[segments]
    return Orders(
        segments[told],
        _expected_by(before[told], since[told, 1]),
        np.log(since[told, 0] / since[told, 1]),
    )


def _expected_by(before: Floats, orders_since: Floats) -> Floats:
    """A customer's own order value, the less believed the fewer orders it is known from; and how
    many orders it is compared with, because the logarithm of a mean grows with these."""
    worth = np.log(before[:, 0] / before[:, 1])
    doubt = 1.0 / (1.0 + before[:, 1])
    return np.stack([np.ones_like(worth), worth, doubt, worth * doubt, 1.0 / orders_since], axis=1)


def _effect(inside: Floats, outside: Floats) -> OrderValue | None:
    if len(inside) < 2 or len(outside) < LEAST_COMPARED:
        return None
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in (inside, outside))
    spread = math.sqrt(squares / (len(inside) + len(outside) - 2))
    if spread <= LEAST_SPREAD:
        return None
    error = math.sqrt(1 / len(inside) + 1 / len(outside))
    return OrderValue(float(inside.mean() - outside.mean()) / spread, error, len(inside))
