"""What a campaign is likely to bring: response, order value and margin, with how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import InputError

if TYPE_CHECKING:
    from insights.arrays import Floats

DRAWS = 20_000
COVERS = 0.9


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is planned; money in the shop's own currency."""

    customers: int
    budget: float
    response: float
    """The share of customers who buy because of it."""

    order_value: float
    margin: float
    """The share of revenue that is left after the goods are paid."""

    order_spread: float = 1.0
    """Standard deviation of order values, by their mean."""

    tried_on: int = 0
    """How many customers the response was measured on; 0: it is a guess, held as good as 100."""

    def __post_init__(self) -> None:
        _between("customers", self.customers, 0, 10**9)
        _between("response", self.response, 0, 1)
        _between("margin", self.margin, 0, 1)
        for name in ("budget", "order_value", "order_spread", "tried_on"):
            _between(name, getattr(self, name), 0, 1e15)


@dataclass(frozen=True, slots=True)
class Expected:
    """An average, and between which bounds it comes with a probability of `COVERS`."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Returns:
    orders: Expected
    revenue: Expected
    profit: Expected
    """Margin of the revenue less the budget."""

    return_on_budget: float | None
    """Profit by budget, on average; None without a budget."""

    chance_of_profit: float
    break_even_response: float | None
    """The response at which nothing is won or lost; None where no response does it."""


def returns(plan: Campaign) -> Returns:
    """By simulation: the response is only known so well, and orders vary. Always the same draws.

    >>> plan = Campaign(customers=10_000, budget=5_000, response=0.05, order_value=40, margin=0.4)
    >>> found = returns(plan)
    >>> round(found.profit.mean, -2), found.break_even_response
    (3000.0, 0.03125)
    """
    random = np.random.default_rng(7)
    known_by = plan.tried_on or 100
    share = _shares(random, plan.response, known_by)
    orders = random.binomial(plan.customers, share).astype(np.float64)
    revenue = _revenue(random, orders, plan)
    profit = revenue * plan.margin - plan.budget
    mean = plan.customers * plan.response * plan.order_value
    average = mean * plan.margin - plan.budget
    return Returns(
        orders=_expected(orders, plan.customers * plan.response),
        revenue=_expected(revenue, mean),
        profit=_expected(profit, average),
        return_on_budget=average / plan.budget if plan.budget else None,
        chance_of_profit=float((profit > 0).mean()),
        break_even_response=_break_even(plan),
    )


def _shares(random: np.random.Generator, response: float, known_by: int) -> Floats:
    if response in {0.0, 1.0}:
        return np.full(DRAWS, response)
    return random.beta(response * known_by, (1 - response) * known_by, DRAWS)


def _revenue(random: np.random.Generator, orders: Floats, plan: Campaign) -> Floats:
    """Sums of order values: gamma, as the values are taken to be."""
    if not plan.order_spread or not plan.order_value:
        return orders * plan.order_value
    shape = 1 / plan.order_spread**2
    return random.gamma(np.maximum(orders * shape, 1e-12), plan.order_value / shape)


def _expected(draws: Floats, mean: float) -> Expected:
    low, high = np.quantile(draws, [(1 - COVERS) / 2, (1 + COVERS) / 2]).tolist()
    return Expected(mean, low, high)


def _break_even(plan: Campaign) -> float | None:
    won = plan.customers * plan.order_value * plan.margin
    return plan.budget / won if won and plan.budget <= won else None


def _between(name: str, number: float, least: float, most: float) -> None:
    if not least <= number <= most:
        raise InputError(f"{name} should be between {least:g} and {most:g}, and is {number:g}")
