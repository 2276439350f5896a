"""What the customers of one day buy: orders by everybody's rhythm, and the lines in them.

A customer's orders are a Poisson stream whose rate is the kind's, times the customer's own,
times the weekday's; newcomers order on their first day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.synthetic.draws import Draws, Purpose
from producers.synthetic.kinds import KINDS, Kind
from producers.synthetic.population import BY_NAME, DAYS_PER_MONTH, Population
from producers.synthetic.rows import ROW, Floats, Integers, Rows, cumulative_shares, pick

if TYPE_CHECKING:
    from producers.synthetic.clocks import Clocks
    from producers.synthetic.market import Market
    from producers.synthetic.plan import Plan

HOUR_S = 3_600
NIGHT_HOURS = (22, 23, 0, 1, 2, 3, 4, 5)
SATURDAY = 5
DISCOUNTS = np.array([0.10, 0.15, 0.20, 0.25, 0.30])
LONGEST_BASKET = 1_000


class Counter:
    """Buys, day after day, and numbers the orders as it goes."""

    def __init__(
        self, plan: Plan, draws: Draws, market: Market, people: Population, clocks: Clocks
    ) -> None:
        self._plan, self._draws, self._market = plan, draws, market
        self._people, self._clocks = people, clocks
        self._hours = cumulative_shares(np.array([hours_of(kind) for kind in KINDS]))
        self._numbered = 0

    def serve(self, day: int, newcomers: Integers) -> Rows:
        """The day's purchases, order by order in the order of their instants."""
        customers = np.concatenate([newcomers, self._who(day)])
        chance = self._draws.of(Purpose.BASKETS, day)
        kinds = self._people.kind[customers]
        second = pick(self._hours, kinds, chance.random(len(customers))) * HOUR_S
        second += chance.integers(HOUR_S, size=len(customers))
        zone = self._people.country[customers] if not self._plan.timezone else 0 * customers
        occurred_s, offset = self._clocks.instants(day, zone, second)
        beyond_first = np.array([kind.lines_per_order - 1 for kind in KINDS])
        beyond_first *= self._drift(day, self._plan.drift_basket)
        lines = 1 + np.minimum(chance.poisson(beyond_first[kinds]), LONGEST_BASKET)
        discounted = chance.random(len(kinds)) < np.array([k.discount_share for k in KINDS])[kinds]
        off = np.where(discounted, chance.choice(DISCOUNTS, len(kinds)), 0.0)
        inorder = np.argsort(occurred_s, kind="stable")
        rows = self._orders(customers, occurred_s, offset, inorder, lines[inorder])
        return self._fill(day, rows, np.repeat(off[inorder], lines[inorder]))

    def _who(self, day: int) -> Integers:
        """One entry for each order of the day."""
        present = self._people.present
        by_kind = np.array([kind.orders_per_month for kind in KINDS]) / DAYS_PER_MONTH
        by_kind *= self._weekday(day) * self._season(day)
        by_kind *= self._drift(day, self._plan.drift_rhythm)
        rate = self._people.rhythm[:present] * by_kind[self._people.kind[:present]]
        ends = np.cumsum(rate * self._people.active[:present], dtype=np.float64)
        if not present or ends[-1] <= 0:
            return np.empty(0, dtype=np.int64)
        chance = self._draws.of(Purpose.ORDERS, day)
        marks = chance.random(chance.poisson(ends[-1])) * ends[-1]
        buyers: Integers = np.minimum(np.searchsorted(ends, marks, side="right"), present - 1)
        return buyers

    def _orders(
        self,
        customers: Integers,
        occurred_s: Integers,
        offset: Integers,
        inorder: Integers,
        lines: Integers,
    ) -> Rows:
        rows = np.zeros(int(lines.sum()), dtype=ROW)
        number = np.arange(1, len(inorder) + 1) + self._numbered
        self._numbered += len(inorder)
        rows["order"] = np.repeat(number, lines)
        first = np.repeat(np.cumsum(lines) - lines, lines)
        rows["line"] = np.arange(len(rows)) - first + 1
        rows["customer"] = np.repeat(customers[inorder], lines)
        rows["occurred_s"] = np.repeat(occurred_s[inorder], lines)
        rows["arrives_s"] = rows["occurred_s"]
        rows["offset_minutes"] = np.repeat(offset[inorder], lines)
        rows["kind"] = self._people.kind[rows["customer"]]
        return rows

    def _fill(self, day: int, rows: Rows, off: Floats) -> Rows:
        """Discounts are whole cents a unit, so that a part can be brought back to the cent."""
        chance = self._draws.of(Purpose.LINES, day)
        rows["product"] = pick(self._market.choice, rows["kind"], chance.random(len(rows)))
        beyond_first = np.array([kind.units_per_line - 1 for kind in KINDS])
        rows["quantity"] = 1 + chance.poisson(beyond_first[rows["kind"]])
        dearer = 1 + self._plan.drift_price * self._plan.drift_strength(day)
        price_cents = np.maximum(1, np.rint(self._market.price_cents * dearer)).astype(np.int64)
        rows["price_cents"] = price_cents[rows["product"]]
        rows["discount_cents"] = np.rint(rows["price_cents"] * off) * rows["quantity"]
        return rows

    def _weekday(self, day: int) -> Floats:
        weekend = np.array([kind.weekend_share for kind in KINDS])
        if self._clocks.date_of(day).weekday() >= SATURDAY:
            return weekend * 7 / 2
        return (1 - weekend) * 7 / 5

    def _season(self, day: int) -> float:
        """Highest in the middle of December, lowest in the middle of June."""
        past_peak = (self._clocks.date_of(day).timetuple().tm_yday - 349) / 365.25
        return 1 + self._plan.season * float(np.cos(2 * np.pi * past_peak))

    def _drift(self, day: int, size: float) -> Floats:
        factor = 1 + size * self._plan.drift_strength(day)
        named = [BY_NAME[name] for name in self._plan.drift_kinds] or list(range(len(KINDS)))
        factors = np.ones(len(KINDS))
        factors[named] = factor
        return factors


def hours_of(kind: Kind) -> Floats:
    """A kind's shares of orders by hour: night evenly, day as a bell around its peak."""
    hours = np.arange(24)
    night = np.isin(hours, NIGHT_HOURS)
    bell = np.where(night, 0.0, np.exp(-(((hours - kind.peak_hour) / 4.0) ** 2) / 2))
    shares: Floats = kind.night_share * night / night.sum()
    shares += (1 - kind.night_share) * bell / bell.sum()
    return shares
