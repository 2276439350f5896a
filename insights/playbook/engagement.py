"""The engagement score: how much a customer is with the shop now, 0 to 100, with its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insights.arrays import Floats

FORMULA = (
    "40 × 2^(−days since the last purchase / 30) + 25 × (1 − 2^(−orders in 90 days / 2)) "
    "+ 20 × spend in 90 days / (that + half of what the median buyer of these days spends) "
    "+ 15 × (1 − 2^(−different products / 8))"
)
NEEDED = ("recency_days", "orders_w90", "spend_w90", "distinct_products")


def engagement(features: Mapping[str, Floats]) -> Floats:
    """A score a customer.

    >>> customers = {"recency_days": [0.0, 900.0], "orders_w90": [6.0, 0.0]}
    >>> customers |= {"spend_w90": [300.0, 0.0], "distinct_products": [24.0, 0.0]}
    >>> engagement({name: np.array(column) for name, column in customers.items()}).round().tolist()
    [88.0, 0.0]
    """
    silence, orders, spend, products = (
        np.maximum(np.nan_to_num(features[name]), 0.0) for name in NEEDED
    )
    buyers = spend[spend > 0]
    half = 0.5 * float(np.median(buyers)) if len(buyers) else 1.0
    score = (
        40 * _halved(silence / 30)
        + 25 * (1 - _halved(orders / 2))
        + 20 * spend / (spend + half)
        + 15 * (1 - _halved(products / 8))
    )
    return np.asarray(score)


def _halved(times: Floats) -> Floats:
    return np.asarray(np.exp2(-np.minimum(times, 1_000.0)))
