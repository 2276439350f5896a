"""A shop whose customers buy at rates of their own until they stop, and its snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insights.churn.examples import features
from snapshot.moment import LensAt, Moment
from snapshot.table import CustomerTable
from stream.times import DAY_MS
from tests.snapshot.history.moments import SEGMENTS, reconciled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snapshot.history import History

NAMES = (*features(), "spend")
FEW, SOME, MANY = 2, 5, 10**9
"""Orders up to which a customer is in the first, the second, the third segment."""


@dataclass(frozen=True)
class Shop:
    """For each customer the days on which they bought, and what each order came to."""

    days: dict[str, np.ndarray]
    worth: dict[str, float]

    def moment(self, day: int) -> Moment:
        """All that was known by this midnight."""
        known = {who: days[days < day] for who, days in self.days.items()}
        ids = sorted(who for who, days in known.items() if len(days))
        rows = [_features(known[who], day, self.worth[who]) for who in ids]
        table = CustomerTable(
            ids=tuple(ids),
            names=NAMES,
            features=np.array([[row.get(name, 0.0) for name in NAMES] for row in rows]),
            last_purchase_ms=np.array([int(known[who][-1] * DAY_MS) for who in ids], np.int64),
            instant_ms=day * DAY_MS,
            first_ms=0,
        )
        counts = np.array([len(known[who]) for who in ids])
        segment = np.searchsorted([FEW, SOME, MANY], counts).astype(np.int64)
        return Moment(
            table, np.zeros(len(ids), np.int64), 1, {"value": LensAt(1, SEGMENTS, segment, ())}
        )

    def keep(self, history: History, days: Iterable[int]) -> None:
        for day in days:
            of = self.moment(day)
            history.write(of, reconciled(of))

    def otherwise_after(self, day: int, seed: int) -> Shop:
        """The same until then; then everybody else buys, at other times, and others come."""
        rng = np.random.default_rng(seed)
        changed = {}
        for who, days in self.days.items():
            later = day + rng.uniform(0, 300, rng.integers(0, 4))
            changed[who] = np.sort(np.concatenate([days[days < day], later]))
        worth = {who: self.worth[who] for who in changed}
        return Shop(changed, worth)


def shop(customers: int = 1_500, days: int = 420, seed: int = 0) -> Shop:
    rng = np.random.default_rng(seed)
    bought, worth = {}, {}
    for number in range(customers):
        who = f"c{number:05}"
        bought[who] = _life(rng, days)
        worth[who] = float(rng.lognormal(3, 0.7))
    return Shop(bought, worth)


def _life(rng: np.random.Generator, days: int) -> np.ndarray:
    rate, stops = rng.gamma(1.2, 1 / 40), rng.beta(1.0, 6.0)
    at = rng.uniform(0, 0.75 * days)
    times = [at]
    while (at := at + rng.exponential(1 / rate)) < days:
        if rng.random() < stops:
            break
        times.append(at)
    return np.array(times)


def _features(days: np.ndarray, day: int, worth: float) -> dict[str, float]:
    fading = float((0.5 ** ((day - days) / 90)).sum())
    return {
        "recency_days": float(day - days[-1]),
        "tenure_days": float(day - days[0]),
        "orders": float(len(days)),
        "orders_d90": fading,
        "spend_d90": fading * worth,
        "lines_d90": 2 * fading,
        "average_order_value": worth,
        "basket_size": 2.0,
        "distinct_products": float(1 + len(days) // 2),
        "spend": worth * len(days),
    }
