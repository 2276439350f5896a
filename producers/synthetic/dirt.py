"""What goes wrong, or is taken back, on the way from a purchase to the stream.

Each step takes the rows that happened on a day and gives those rows, some with another
arrival, or more rows that happen or arrive later. Every row is marked with what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.synthetic.clocks import DAY_S, Clocks
from producers.synthetic.draws import Draws, Purpose
from producers.synthetic.kinds import KINDS
from producers.synthetic.rows import DIRTY, REVERSED, Integers, Mark, Rows, has

if TYPE_CHECKING:
    import numpy.typing as npt

    from producers.synthetic.plan import Plan

RETURN_DAYS = (1.0, 30.0)
CANCEL_S = (60, 1_800)
LATE_S = (300.0, 6.0 * DAY_S)
TOO_LATE_S = (8.0 * DAY_S, 30.0 * DAY_S)
OVERTAKEN_S = (1, 60)
REPEATED_S = (1.0, 2.0 * DAY_S)
NOT_BOUGHT = REVERSED | Mark.DUPLICATE


class Dirt:
    """The plan's rates at work; `country` says whose clock each customer lives by."""

    def __init__(
        self, plan: Plan, draws: Draws, clocks: Clocks, country: npt.NDArray[np.uint8]
    ) -> None:
        self._plan, self._draws, self._clocks, self._country = plan, draws, clocks, country
        self._end_s = clocks.last_instant(plan.days)

    def spread(self, day: int, purchases: Rows) -> Rows:
        """All that comes of a day's purchases.

        1. Whole orders are taken back within minutes, single lines after days.
        2. Some of all that arrives late, or just overtaken.
        3. Some of it is sent a second time.
        4. Rows nobody can use go in between.
        """
        after_s = self._cancelled_after(day, purchases)
        cancelled = after_s > 0
        reversals = self._cancelled(purchases[cancelled], after_s[cancelled])
        returns = self._returned(day, purchases[~cancelled])
        rows = np.concatenate([purchases, reversals, returns])
        rows = rows[rows["occurred_s"] < self._end_s]  # 1
        self._delay(day, rows)  # 2
        rows = np.concatenate([rows, self._repeated(day, rows)])  # 3
        return np.concatenate([rows, self._unusable(day, rows)])  # 4

    def _cancelled_after(self, day: int, purchases: Rows) -> Integers:
        """Seconds until each line is taken back, the same for all of an order; 0: never."""
        chance = self._draws.of(Purpose.CANCELLATIONS, day)
        starts = np.flatnonzero(purchases["line"] == 1)
        chosen = chance.random(len(starts)) < self._plan.cancellations
        after_s = np.where(chosen, chance.integers(*CANCEL_S, size=len(starts)), 0)
        lines: Integers = np.diff(np.append(starts, len(purchases)))
        return np.repeat(after_s, lines)

    def _cancelled(self, rows: Rows, after_s: Integers) -> Rows:
        return self._taken_back(rows, rows["quantity"], after_s, Mark.CANCELLATION)

    def _returned(self, day: int, purchases: Rows) -> Rows:
        """A return comes days later and is for one unit or more of the line."""
        chance = self._draws.of(Purpose.RETURNS, day)
        willing = np.array([kind.returns for kind in KINDS]) * self._plan.returns
        chosen = chance.random(len(purchases)) < willing[purchases["kind"]]
        rows = purchases[chosen]
        quantity = chance.integers(1, rows["quantity"], endpoint=True)
        quantity = np.where(chance.random(len(rows)) < 0.7, rows["quantity"], quantity)
        after = _between(RETURN_DAYS, chance.random(len(rows))) * DAY_S
        return self._taken_back(rows, quantity, after.astype(np.int64), Mark.RETURN)

    def _taken_back(
        self,
        rows: Rows,
        quantity: npt.NDArray[np.integer],
        after_s: npt.NDArray[np.integer],
        mark: Mark,
    ) -> Rows:
        """At the price that was paid for a unit, so that the money comes out even."""
        back = rows.copy()
        back["price_cents"] -= rows["discount_cents"] // rows["quantity"]
        back["discount_cents"] = 0
        back["quantity"] = -quantity
        back["occurred_s"] += after_s
        back["arrives_s"] = back["occurred_s"]
        back["marks"] = int(mark)
        zone = self._country[back["customer"]] if not self._plan.timezone else 0 * after_s
        for number in np.unique(zone):
            here = zone == number
            back["offset_minutes"][here] = self._clocks.offsets(
                int(number), back["occurred_s"][here]
            )
        return back

    def _delay(self, day: int, rows: Rows) -> None:
        """Too late is only what event time has left behind by the end, so later ones stay."""
        chance = self._draws.of(Purpose.DELAYS, day)
        which, how_long = chance.random(len(rows)), chance.random(len(rows))
        plan, size = self._plan, np.zeros(len(rows))
        bounds = np.cumsum([plan.late, plan.out_of_order, plan.too_late])
        fate = np.searchsorted(bounds, which, side="right")
        steps = ((LATE_S, Mark.LATE), (OVERTAKEN_S, Mark.OUT_OF_ORDER), (TOO_LATE_S, Mark.TOO_LATE))
        for number, (span, mark) in enumerate(steps):
            hit = fate == number
            size[hit] = _between(span, how_long[hit])
            if mark is Mark.TOO_LATE:
                hit &= rows["occurred_s"] + size < self._end_s
                size[(fate == number) & ~hit] = 0
            rows["marks"][hit] |= int(mark)
        rows["arrives_s"] += size.astype(np.int64)

    def _repeated(self, day: int, rows: Rows) -> Rows:
        chance = self._draws.of(Purpose.DUPLICATES, day)
        again = rows[chance.random(len(rows)) < self._plan.duplicates]
        again["arrives_s"] += _between(REPEATED_S, chance.random(len(again))).astype(np.int64)
        again["marks"] |= int(Mark.DUPLICATE)
        return again

    def _unusable(self, day: int, rows: Rows) -> Rows:
        """Copies of purchases, each with one thing broken; told apart by their event ids."""
        plan, chance = self._plan, self._draws.of(Purpose.DIRTY, day)
        rates = (plan.no_customer, plan.bad_date, plan.not_a_number, plan.negative_price)
        parts = [rows[:0]]
        for mark, rate in zip(DIRTY, rates, strict=True):
            sources = rows[~has(rows, NOT_BOUGHT)]
            broken = sources[chance.random(len(sources)) < rate]
            broken["marks"] = int(mark)
            parts.append(broken)
        return np.concatenate(parts)


def _between(span: tuple[float, float], chance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Evenly on the logarithm: as many between 5 and 50 minutes as between 5 and 50 hours."""
    low, high = span
    spread: npt.NDArray[np.float64] = low * (high / low) ** chance
    return spread
