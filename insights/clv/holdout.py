"""What was expected against what came: the only reason to believe any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from insights.arrays import Floats
    from insights.clv.purchases import Purchases

MOST = 7


class HeldOut(NamedTuple):
    """Customers who had bought again so often by the split; the last row is that often or more."""

    repeats: int
    customers: int
    expected: float
    """Purchases a customer after the split, as expected at the split."""

    actual: float


def held_out(known: Purchases, expected: Floats, actual: Floats, most: int = MOST) -> list[HeldOut]:
    """A row for each number of repeats that anybody had.

    >>> from insights.clv.purchases import Purchases
    >>> known = Purchases(*np.array([[0.0, 0.0, 9.0]] * 4))
    >>> held_out(known, np.array([1.0, 2.0, 6.0]), np.array([0.0, 2.0, 5.0]))[-1]
    HeldOut(repeats=7, customers=1, expected=6.0, actual=5.0)
    """
    groups = np.minimum(known.repeats, most).astype(np.int64)
    return [
        HeldOut(
            repeats,
            int((groups == repeats).sum()),
            float(expected[groups == repeats].mean()),
            float(actual[groups == repeats].mean()),
        )
        for repeats in np.unique(groups).tolist()
    ]
