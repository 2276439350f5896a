"""What the model learns from: customers at an instant, and whether they then fell silent.

Nothing that was not known at the instant is a feature: features are read at it, the answer is
read from later instants, and customers who came in between are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insights.arrays import rows_of
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from insights.arrays import Floats, Ints

SILENT_DAYS = 90
ORDERS, RETURNS, RECENCY = "orders", "returns", "recency_days"
ANSWERING = (ORDERS, RETURNS)
"""What the instants around the end of the silence have to have."""


def features(half_life_days: int = 90) -> tuple[str, ...]:
    """Of the catalogue; none of them tells the date, which would not come again."""
    return (
        RECENCY,
        "tenure_days",
        ORDERS,
        f"orders_d{half_life_days}",
        f"spend_d{half_life_days}",
        f"lines_d{half_life_days}",
        "average_order_value",
        "basket_size",
        RETURNS,
        "distinct_products",
        "weekend_ratio",
        "night_ratio",
        "discount_ratio",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Customers at one instant, sorted by id; rows belong together."""

    instant_ms: int
    customers: Sequence[str]
    last_ms: Ints
    """When each last bought, or `NEVER`."""

    features: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Customers who were not silent yet at the instant, and of whom is known what they did."""

    instant_ms: int
    known_ms: int
    """When the answers were known."""

    customers: tuple[str, ...]
    table: Floats
    """A row a customer, the columns of `features`."""

    silent: Ints
    """1 where no purchase came in the `SILENT_DAYS` from the instant on."""


def examples(then: Seen, before: Seen, after: Seen, names: Sequence[str]) -> Examples:
    """`before` and `after` are the instants nearest to the 90th day after `then`; where there is
    one at that day it is both."""
    end_ms = then.instant_ms + SILENT_DAYS * DAY_MS
    assert then.instant_ms <= before.instant_ms <= end_ms <= after.instant_ms
    early, late = (rows_of(one.customers, then.customers) for one in (before, after))
    use = (early >= 0) & (late >= 0) & at_risk(then)
    early, late = early[use], late[use]
    since_ms = np.maximum(then.last_ms[use] + 1, then.instant_ms)
    bought = np.zeros(len(since_ms), np.bool_)
    for last_ms in (before.last_ms[early], after.last_ms[late]):
        bought |= (last_ms >= since_ms) & (last_ms < end_ms)
    silent = ~bought & _was_silent(before, after, early, late, since_ms)
    use[use] = known = bought | silent
    return Examples(
        then.instant_ms,
        after.instant_ms,
        tuple(customer for customer, used in zip(then.customers, use, strict=True) if used),
        table_of(then, names)[use],
        silent[known].astype(np.int64),
    )


def at_risk(seen: Seen) -> NDArray[np.bool_]:
    """Who bought in the `SILENT_DAYS` before: of the others nobody asks whether they will stay."""
    return np.asarray((seen.last_ms != NEVER) & (seen.features[RECENCY] < SILENT_DAYS), np.bool_)


def table_of(seen: Seen, names: Sequence[str]) -> Floats:
    return np.column_stack([seen.features[name] for name in names])


def _was_silent(
    before: Seen, after: Seen, early: Ints, late: Ints, since_ms: Ints
) -> NDArray[np.bool_]:
    """Of customers not seen to have bought in time, those who can't have.

    Either they bought nothing at all since, or one order only, without a return that may have
    taken another away: that order is their last, and came after the end. Of more orders than one
    between the two instants the first may have come before it.
    """
    nothing = after.last_ms[late] < since_ms
    orders, returns = (
        np.asarray(after.features[name])[late] - np.asarray(before.features[name])[early]
        for name in ANSWERING
    )
    only_later = (orders == 1) & (returns == 0) & (before.last_ms[early] < since_ms)
    return np.asarray(nothing | only_later, np.bool_)
