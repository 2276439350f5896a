"""What the plain fold works on: events, orders and profiles as objects."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stream.profile.events import PRODUCT, TIME_KNOWN
from stream.profile.layout import FAVOURITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from stream.profile.layout import Rows

FIELDS = (
    *("customer", "order", "event", "occurred_ms", "recorded_ms", "offset_minutes", "amount_e4"),
    *("discount_e4", "quantity_e4", "product", "category", "country", "flags"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event with everything that the fold looks at."""

    customer: int
    order: int
    event: int
    at_ms: int
    recorded_ms: int
    offset_minutes: int
    amount_e4: int
    discount_e4: int
    quantity_e4: int
    product: int
    category: int
    country: int
    flags: int

    @property
    def time_known(self) -> bool:
        return bool(self.flags & TIME_KNOWN)

    @property
    def is_purchase(self) -> bool:
        return bool(self.flags & PRODUCT) and self.quantity_e4 > 0

    @property
    def is_return(self) -> bool:
        return bool(self.flags & PRODUCT) and self.quantity_e4 < 0


def each(events: Rows) -> Iterator[Event]:
    for row in events:
        yield Event(*(row[name].item() for name in FIELDS))


@dataclass(slots=True)
class Order:
    """An order that is remembered: when its first line was bought, and what is kept of it."""

    first: tuple[int, int, bool]
    """Instant, offset, and whether the time of day is known."""

    newest_day: int
    net_e4: int = 0
    discounted: bool = False
    returned: bool = False

    @property
    def counts(self) -> bool:
        return self.net_e4 > 0 or not self.returned

    def booked(self) -> tuple[tuple[int, int, bool], bool] | None:
        return (self.first, self.discounted) if self.counts else None


@dataclass(slots=True)
class Profile:
    """One customer."""

    first_ms: int | None = None
    last_ms: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    habits: Counter[str] = field(default_factory=Counter)
    sums_e4: Counter[str] = field(default_factory=Counter)
    decayed: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    gaps: NDArray[np.float32] = field(default_factory=lambda: np.zeros(2, np.float32))
    weekly_orders: Counter[int] = field(default_factory=Counter)
    weekly_e4: Counter[int] = field(default_factory=Counter)
    newest_week: int = 0
    months: Counter[int] = field(default_factory=Counter)
    products: set[int] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    favourites: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(FAVOURITES)])
    """Categories and their lines."""

    country: int = 0
    orders: dict[int, Order] = field(default_factory=dict)
    """Those remembered, by their hash, in order of arrival."""
