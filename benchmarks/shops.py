"""Shops that are made in memory: so many customers and lines in so many days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.lines import Sales

if TYPE_CHECKING:
    from stream.log.batch import Ints

DAY_MS = 24 * 60 * 60 * 1000
BEGIN_MS = 1_767_571_200_000
"""A Monday, midnight UTC."""

MOST_LINES_AN_ORDER = 6
PRODUCTS = 3_000
SPREAD = 1.0
"""Of the logarithms of how busy customers are: the busiest tenth has about half of the orders."""


def sales(
    customers: int, lines: int, days: float, begin_ms: int = BEGIN_MS, seed: int = 0
) -> Sales:
    """Everybody comes at least once; some come often, some buy dear things, some by the dozen."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, MOST_LINES_AN_ORDER + 1, lines)
    orders = int(np.searchsorted(np.cumsum(sizes), lines)) + 1
    order = np.repeat(np.arange(orders), sizes[:orders])[:lines]
    everybody = rng.permutation(customers)[:orders]
    again = busy(customers, orders - len(everybody), rng)
    who = rng.permutation(np.concatenate([everybody, again]))
    when = np.sort(rng.integers(0, round(days * DAY_MS), orders)) + begin_ms
    return of_orders(who[order], when[order], order, np.arange(lines), rng)


def busy(customers: int, count: int, rng: np.random.Generator) -> Ints:
    """Who comes: the busier the more often; the same shape for any number of customers."""
    weights = np.cumsum(np.exp(SPREAD * np.random.default_rng(1).normal(size=customers)))
    found: Ints = np.searchsorted(weights, rng.random(count) * weights[-1])
    return found


def of_orders(
    customer: Ints, at_ms: Ints, order: Ints, event: Ints, rng: np.random.Generator
) -> Sales:
    """With what was bought; prices and quantities are the customer's own habit, more or less."""
    count = len(customer)
    habit = customer * 2_654_435_761 % 2**32 / 2**32
    dear = np.exp(rng.normal(7.2 + 1.4 * habit, 0.4, count))
    return Sales(
        customer,
        at_ms,
        event,
        order,
        rng.integers(0, PRODUCTS, count),
        1 + rng.binomial(8, 0.1 + 0.5 * (customer * 40_503 % 65_536) / 65_536),
        np.clip(dear, 1_000, 9_999).astype(np.int64),
    )
