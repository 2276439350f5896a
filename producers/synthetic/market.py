"""What the shop sells and where its customers live: drawn once from the seed.

A product has one price for everybody; kinds differ in which products they pick.
"""

from dataclasses import dataclass

import numpy as np

from producers.synthetic.draws import Draws, Purpose
from producers.synthetic.kinds import CATEGORIES, KINDS, Kind
from producers.synthetic.rows import Floats, Integers, cumulative_shares

PRODUCTS = 600
MEDIAN_PRICE_CENTS = 600
FAVOURITE_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Country:
    name: str
    zone: str
    share: float


COUNTRIES = (
    Country("United Kingdom", "Europe/London", 0.60),
    Country("Germany", "Europe/Berlin", 0.12),
    Country("France", "Europe/Paris", 0.10),
    Country("Spain", "Europe/Madrid", 0.06),
    Country("United States", "America/New_York", 0.08),
    Country("Japan", "Asia/Tokyo", 0.04),
)


@dataclass(frozen=True, slots=True)
class Market:
    """Prices and categories by product, and each kind's cumulative choice among products."""

    price_cents: Integers
    category: Integers
    choice: Floats  # kinds x products


def open_market(draws: Draws) -> Market:
    chance = draws.of(Purpose.MARKET)
    spread = np.exp(chance.normal(0.0, 0.8, PRODUCTS))
    price_cents = np.maximum(50, np.rint(MEDIAN_PRICE_CENTS * spread)).astype(np.int64)
    category = chance.integers(len(CATEGORIES), size=PRODUCTS)
    popularity = 1.0 / np.arange(1, PRODUCTS + 1) ** 0.6
    weights = np.stack([popularity * _liking(kind, price_cents, category) for kind in KINDS])
    return Market(price_cents, category, cumulative_shares(weights))


def _liking(kind: Kind, price_cents: Integers, category: Integers) -> Floats:
    liked = np.array([FAVOURITE_WEIGHT if each in kind.favourites else 1.0 for each in CATEGORIES])
    liking: Floats = liked[category] * (price_cents / MEDIAN_PRICE_CENTS) ** kind.taste
    return liking
