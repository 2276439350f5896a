"""The names that people in shops know, and which profile each of them stands for.

All figures are effects: a segment's mean minus that of all active customers, in standard
deviations of these. A name is only ever given where all its bounds hold; where several do, the
segment gets the one whose place is nearest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.naming.aspects import Aspect

if TYPE_CHECKING:
    from collections.abc import Mapping

    Effects = Mapping[Aspect, float]

ORDERS, MONEY, SILENCE, TENURE = Aspect.ORDERS, Aspect.MONEY, Aspect.SILENCE, Aspect.TENURE
ORDER_VALUE, WORTH = Aspect.ORDER_VALUE, Aspect.WORTH
NIGHT, WEEKEND, DISCOUNT = Aspect.NIGHT, Aspect.WEEKEND, Aspect.DISCOUNT


def _at_least(bound: float) -> tuple[float, float]:
    return bound, math.inf


def _at_most(bound: float) -> tuple[float, float]:
    return -math.inf, bound


@dataclass(frozen=True, slots=True)
class Archetype:
    """A name and its profile."""

    name: str
    place: Mapping[Aspect, float]
    bounds: Mapping[Aspect, tuple[float, float]]
    """An aspect that isn't known holds no bound."""

    extreme: bool = False
    """Whether lying beyond the place is as good as lying there."""

    def fits(self, effects: Effects) -> bool:
        return all(
            aspect in effects and low <= effects[aspect] <= high
            for aspect, (low, high) in self.bounds.items()
        )

    def distance(self, effects: Effects) -> float:
        """The root mean square over the aspects that are known; 0 where none is."""
        known = [aspect for aspect in self.place if aspect in effects]
        squares = [self._miss(self.place[aspect], effects[aspect]) ** 2 for aspect in known]
        return math.sqrt(sum(squares) / max(len(squares), 1))

    def _miss(self, place: float, effect: float) -> float:
        beyond = self.extreme and place * effect > 0 and abs(effect) > abs(place)
        return 0.0 if beyond else effect - place


ARCHETYPES: tuple[Archetype, ...] = (
    Archetype(
        "Champions",
        {ORDERS: 1.4, MONEY: 1.2, SILENCE: -0.7},
        {ORDERS: _at_least(0.6), MONEY: _at_least(0.6)},
        extreme=True,
    ),
    Archetype(
        "Loyal",
        {ORDERS: 0.8, MONEY: 0.8, SILENCE: -0.5},
        {ORDERS: _at_least(0.25), MONEY: _at_least(0.1)},
    ),
    Archetype(
        "Big Spenders",
        {ORDERS: 0.5, MONEY: 1.2, ORDER_VALUE: 0.9},
        {MONEY: _at_least(0.5), ORDER_VALUE: _at_least(0.2)},
    ),
    Archetype(
        "Frequent Buyers",
        {ORDERS: 0.9, MONEY: 0.5, ORDER_VALUE: -0.2},
        {ORDERS: _at_least(0.3), ORDER_VALUE: _at_most(0.25)},
    ),
    Archetype(
        "Big Baskets",
        {ORDERS: -0.1, MONEY: 0.5, ORDER_VALUE: 0.8},
        {ORDERS: _at_most(0.3), ORDER_VALUE: _at_least(0.4), MONEY: _at_least(0.0)},
    ),
    Archetype(
        "Potential Loyalists",
        {ORDERS: 0.2, MONEY: 0.1, SILENCE: -0.4, TENURE: -0.2},
        {ORDERS: (-0.3, 0.7), MONEY: _at_least(-0.4), SILENCE: _at_most(-0.1)},
    ),
    Archetype(
        "New",
        {ORDERS: -0.6, TENURE: -0.9, SILENCE: -0.5},
        {ORDERS: _at_most(0.3), TENURE: _at_most(-0.5), SILENCE: _at_most(0.1)},
        extreme=True,
    ),
    Archetype(
        "Regulars",
        {ORDERS: 0.0, MONEY: 0.1, SILENCE: 0.0},
        {ORDERS: (-0.45, 0.45), MONEY: (-0.5, 0.5), SILENCE: _at_most(0.35)},
    ),
    Archetype(
        "Occasional Shoppers",
        {ORDERS: -0.55, MONEY: -0.35, SILENCE: 0.3},
        {ORDERS: _at_most(-0.2), MONEY: (-0.9, 0.2), SILENCE: _at_least(-0.2)},
    ),
    Archetype(
        "At Risk",
        {ORDERS: -0.1, WORTH: 0.4, SILENCE: 0.8},
        {WORTH: _at_least(0.0), SILENCE: _at_least(0.3)},
        extreme=True,
    ),
    Archetype(
        "Hibernating",
        {ORDERS: -0.8, MONEY: -0.9, SILENCE: 0.6},
        {ORDERS: _at_most(-0.3), MONEY: _at_most(-0.3), SILENCE: _at_least(0.2)},
        extreme=True,
    ),
    Archetype(
        "Small Baskets",
        {ORDERS: -0.5, MONEY: -1.1, ORDER_VALUE: -1.2},
        {MONEY: _at_most(-0.3), ORDER_VALUE: _at_most(-0.5)},
        extreme=True,
    ),
    Archetype("Night Owls", {NIGHT: 1.2}, {NIGHT: _at_least(0.5)}, extreme=True),
    Archetype("Weekend Shoppers", {WEEKEND: 1.2}, {WEEKEND: _at_least(0.5)}, extreme=True),
    Archetype("Discount Hunters", {DISCOUNT: 1.2}, {DISCOUNT: _at_least(0.5)}, extreme=True),
    Archetype(
        "Weekend Night Owls",
        {NIGHT: 1.0, WEEKEND: 1.0},
        {NIGHT: _at_least(0.5), WEEKEND: _at_least(0.5)},
        extreme=True,
    ),
    Archetype(
        "Weekend Discount Hunters",
        {DISCOUNT: 1.0, WEEKEND: 1.0},
        {DISCOUNT: _at_least(0.5), WEEKEND: _at_least(0.5)},
        extreme=True,
    ),
    Archetype(
        "Night-Time Discount Hunters",
        {DISCOUNT: 1.0, NIGHT: 1.0},
        {DISCOUNT: _at_least(0.5), NIGHT: _at_least(0.5)},
        extreme=True,
    ),
    Archetype(
        "Weekday Shoppers",
        {WEEKEND: -0.6, NIGHT: 0.0, DISCOUNT: 0.0},
        {WEEKEND: _at_most(-0.25)},
    ),
    Archetype(
        "Daytime Shoppers",
        {NIGHT: -0.6, WEEKEND: 0.0, DISCOUNT: 0.0},
        {NIGHT: _at_most(-0.25)},
    ),
    Archetype(
        "Full-Price Shoppers",
        {DISCOUNT: -0.6, WEEKEND: 0.0, NIGHT: 0.0},
        {DISCOUNT: _at_most(-0.25)},
    ),
    Archetype("Sometimes Nights", {NIGHT: 0.6}, {NIGHT: (0.2, 2.0)}),
    Archetype("Sometimes Weekends", {WEEKEND: 0.6}, {WEEKEND: (0.2, 2.0)}),
    Archetype("Sometimes Discounts", {DISCOUNT: 0.6}, {DISCOUNT: (0.2, 2.0)}),
)
