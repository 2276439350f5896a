"""What the models know of a customer: repeat purchases, the last of them, since when, how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from insights.arrays import Floats

WEEK_DAYS = 7.0
NEEDED = ("orders", "tenure_days", "recency_days", "average_order_value")


class Purchases(NamedTuple):
    """A row a customer; time in weeks.

    `last` is the age at the last purchase, which is not how long ago it was: RFM calls that
    recency, and these models call this recency.
    """

    repeats: Floats
    """Purchases after the first."""

    last: Floats
    """Weeks from the first purchase to the last; 0 where there is one only."""

    age: Floats
    """Weeks from the first purchase until now."""

    value: Floats
    """What a purchase comes to on average."""

    def of(self, rows: NDArray[np.bool_]) -> Purchases:
        return Purchases(*(column[rows] for column in self))

    def drawn(self, most: int) -> Purchases:
        """So many customers at most, evenly; each time the same ones."""
        count = len(self.age)
        if count <= most:
            return self
        chosen = np.zeros(count, np.bool_)
        chosen[np.random.default_rng(0).choice(count, most, replace=False)] = True
        return self.of(chosen)


def purchases(features: Mapping[str, Floats]) -> Purchases:
    """From a profile's features; who never bought has no repeats, and no age.

    >>> has = {"orders": [3.0], "tenure_days": [70.0], "recency_days": [14.0]}
    >>> columns = {name: np.array(has.get(name, [20.0])) for name in NEEDED}
    >>> [float(column[0]) for column in purchases(columns)]
    [2.0, 8.0, 10.0, 20.0]
    """
    orders, tenure, recency, value = (np.nan_to_num(features[name]) for name in NEEDED)
    repeats = np.maximum(np.round(orders) - 1, 0.0)
    age = np.maximum(tenure, 0.0) / WEEK_DAYS
    last = np.where(repeats > 0, np.clip(tenure - recency, 0.0, None) / WEEK_DAYS, 0.0)
    return Purchases(repeats, np.minimum(last, age), age, np.maximum(value, 0.0))
