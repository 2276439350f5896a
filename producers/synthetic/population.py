"""How customers come, change kind and go, a day at a time, in arrays of one entry a customer.

Memory grows with the customers and the changes they make, never with what they buy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from producers.synthetic.draws import Draws, Purpose
from producers.synthetic.kinds import KINDS
from producers.synthetic.market import COUNTRIES
from producers.synthetic.rows import Floats, Integers, cumulative_shares, pick

if TYPE_CHECKING:
    import numpy.typing as npt

    from producers.synthetic.plan import Plan

DAYS_PER_MONTH = 30.4375
RHYTHM_SHAPE = 6.0  # of the gamma by which customers of one kind differ in rhythm
BY_NAME = {kind.name: number for number, kind in enumerate(KINDS)}


class Ended(IntEnum):
    """Why a customer's time as a kind was over."""

    OPEN = 0
    MIGRATED = 1
    DRIFTED = 2
    LAPSED = 3


@dataclass(frozen=True, slots=True)
class Stints:
    """Times customers spent as one kind: from one day until before another."""

    customer: Integers
    kind: Integers
    from_day: Integers
    until_day: Integers
    ended: Integers


class Population:
    """Customers are numbered in the order they come, so those there are the first `present`."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self._plan, self._draws = plan, draws
        chance = draws.of(Purpose.CUSTOMERS)
        size = plan.customers
        self.rhythm = chance.gamma(RHYTHM_SHAPE, 1 / RHYTHM_SHAPE, size).astype(np.float32)
        homes = cumulative_shares(np.array([country.share for country in COUNTRIES]))
        self.country = np.searchsorted(homes, chance.random(size), side="right").astype(np.uint8)
        coming = np.floor(chance.random(size) * plan.days).astype(np.int32)
        coming[chance.random(size) < plan.established] = 0
        self._first_day = np.sort(coming)
        self.kind = np.zeros(size, dtype=np.uint8)
        self.active = np.zeros(size, dtype=np.bool_)
        self._since = np.zeros(size, dtype=np.int32)
        self.present = 0
        self._closed: list[Stints] = []

    def begin(self, day: int) -> Integers:
        """Live through the midnight before this day; gives the customers who are new on it.

        1. The customers whose last day it was go.
        2. Some change kind, as they do in every month.
        3. The drift of the mix takes its share of everyone there.
        4. Newcomers come, of the kinds that the day's mix has.
        """
        self._lapse(day)  # 1
        self._migrate(day)  # 2
        self._drift(day)  # 3
        new = self._welcome(day)  # 4
        return new if day else new[:0]  # those of the first day were customers before

    def stints(self) -> Stints:
        """Every stint there was, those that go on at the end of the plan included."""
        here = np.flatnonzero(self.active[: self.present])
        ends = np.full(len(here), -1)
        return _joined([*self._closed, self._stint(here, ends, Ended.OPEN)])

    def _lapse(self, day: int) -> None:
        hazard = np.array([_daily(kind.lapse_per_month) for kind in KINDS])
        chance = self._draws.of(Purpose.LAPSES, day).random(self.present)
        gone = np.flatnonzero(self.active[: self.present] & (chance < hazard[self._kinds()]))
        self._close(gone, day, Ended.LAPSED)
        self.active[gone] = False

    def _migrate(self, day: int) -> None:
        chance = self._draws.of(Purpose.MIGRATIONS, day)
        changes = chance.random(self.present) < _daily(self._plan.migration)
        movers = np.flatnonzero(self.active[: self.present] & changes)
        elsewhere = np.tile(self._mix(day), (len(KINDS), 1))
        np.fill_diagonal(elsewhere, 0.0)
        movers = movers[elsewhere.sum(axis=1)[self.kind[movers]] > 0]
        target = pick(_shares_or_zero(elsewhere), self.kind[movers], chance.random(len(movers)))
        self._become(movers, target, day, Ended.MIGRATED)

    def _drift(self, day: int) -> None:
        """In all, `drift_mix` of those of other kinds go over by the time the drift is whole."""
        before, now = self._plan.drift_strength(day - 1), self._plan.drift_strength(day)
        if now == before or not self._plan.drift_mix:
            return
        over, done = self._plan.drift_mix * now, self._plan.drift_mix * before
        going = (over - done) / (1 - done) if done < 1 else 0.0
        target = BY_NAME[self._plan.drift_to]
        chance = self._draws.of(Purpose.DRIFT, day).random(self.present)
        other = self.active[: self.present] & (self._kinds() != target)
        movers = np.flatnonzero(other & (chance < going))
        self._become(movers, np.full(len(movers), target), day, Ended.DRIFTED)

    def _welcome(self, day: int) -> Integers:
        before = self.present
        self.present = int(np.searchsorted(self._first_day, day, side="right"))
        new = np.arange(before, self.present)
        chance = self._draws.of(Purpose.NEWCOMERS, day).random(len(new))
        shares = cumulative_shares(self._mix(day))
        self.kind[new] = np.searchsorted(shares, chance, side="right")
        self.active[new] = True
        self._since[new] = day
        return new

    def _mix(self, day: int) -> Floats:
        """The kinds' shares among newcomers of this day."""
        weights = [self._plan.shares.get(kind.name, kind.share) for kind in KINDS]
        shares = np.array(weights) / sum(weights)
        drifted = self._plan.drift_mix * self._plan.drift_strength(day)
        shares *= 1 - drifted
        shares[BY_NAME[self._plan.drift_to]] += drifted
        return shares

    def _become(self, movers: Integers, target: Integers, day: int, why: Ended) -> None:
        self._close(movers, day, why)
        self.kind[movers] = target
        self._since[movers] = day

    def _close(self, customers: Integers, day: int, why: Ended) -> None:
        if len(customers):
            self._closed.append(self._stint(customers, np.full(len(customers), day), why))

    def _stint(self, customers: Integers, until: Integers, why: Ended) -> Stints:
        return Stints(
            customer=customers,
            kind=self.kind[customers].astype(np.int64),
            from_day=self._since[customers].astype(np.int64),
            until_day=until,
            ended=np.full(len(customers), int(why)),
        )

    def _kinds(self) -> npt.NDArray[np.uint8]:
        return self.kind[: self.present]


def _daily(monthly: float) -> float:
    """The chance per day that comes to this one per month."""
    return float(1 - (1 - monthly) ** (1 / DAYS_PER_MONTH))


def _shares_or_zero(weights: Floats) -> Floats:
    """As `cumulative_shares`, with rows of nothing (which nobody asks for) left at 1."""
    empty = weights.sum(axis=1) == 0
    weights[empty] = 1.0
    return cumulative_shares(weights)


def _joined(parts: list[Stints]) -> Stints:
    """All parts as one, by customer and then by day."""
    customer = np.concatenate([part.customer for part in parts])
    from_day = np.concatenate([part.from_day for part in parts])
    order = np.lexsort((from_day, customer))
    return Stints(
        customer=customer[order],
        kind=np.concatenate([part.kind for part in parts])[order],
        from_day=from_day[order],
        until_day=np.concatenate([part.until_day for part in parts])[order],
        ended=np.concatenate([part.ended for part in parts])[order],
    )
