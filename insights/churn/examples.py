"""What the model learns from: customers at an instant, and whether they then fell silent.

Nothing that was not known at the instant is a feature: features are read at it, the answer is
read from a later instant, and customers who came in between are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insights.arrays import Floats, Ints

SILENT_DAYS = 90

FEATURES = (
    "recency_days",
    "tenure_days",
    "orders",
    "orders_d90",
    "spend_d90",
    "lines_d90",
    "average_order_value",
    "basket_size",
    "returns",
    "distinct_products",
    "weekend_ratio",
    "night_ratio",
    "discount_ratio",
)
"""Of the catalogue; none of them tells the date, which would not come again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All customers at one instant; rows belong together."""

    instant_ms: int
    customers: Sequence[str]
    features: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Examples:
    """Customers who were not silent yet at the instant."""

    instant_ms: int
    customers: tuple[str, ...]
    table: Floats
    """A row a customer, the columns of `FEATURES`."""

    silent: Ints
    """1 where no purchase came in the `SILENT_DAYS` after the instant."""

    @property
    def known_ms(self) -> int:
        """When the answers were known."""
        return self.instant_ms + SILENT_DAYS * DAY_MS


def table_of(seen: Seen) -> Floats:
    return np.column_stack([seen.features[name] for name in FEATURES])


def examples(then: Seen, later: Seen) -> Examples:
    """`later` lies `SILENT_DAYS` after `then`; customers who are gone from it teach nothing."""
    assert later.instant_ms - then.instant_ms == SILENT_DAYS * DAY_MS
    place = {customer: row for row, customer in enumerate(later.customers)}
    rows = np.array([place.get(customer, -1) for customer in then.customers], np.int64)
    use = (rows >= 0) & (then.features["recency_days"] < SILENT_DAYS)
    silence = np.asarray(later.features["recency_days"])[rows[use]]
    return Examples(
        then.instant_ms,
        tuple(customer for customer, used in zip(then.customers, use, strict=True) if used),
        table_of(then)[use],
        (silence >= SILENT_DAYS).astype(np.int64),
    )
