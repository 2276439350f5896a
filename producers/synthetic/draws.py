"""Chance, one stream for each purpose and day.

What one purpose draws never moves what another gets: switching duplicates on leaves every
purchase as it was, and a drift from day 200 leaves the days before it untouched.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """Numbers are part of what a seed means: never reuse or renumber one."""

    MARKET = 0
    CUSTOMERS = 1
    NEWCOMERS = 2
    LAPSES = 3
    MIGRATIONS = 4
    DRIFT = 5
    ORDERS = 6
    BASKETS = 7
    LINES = 8
    CANCELLATIONS = 9
    RETURNS = 10
    DELAYS = 11
    DUPLICATES = 12
    DIRTY = 13


@dataclass(frozen=True, slots=True)
class Draws:
    seed: int

    def of(self, purpose: Purpose, day: int = 0) -> np.random.Generator:
        """A fresh generator; the same for the same seed, purpose and day."""
        key = np.random.SeedSequence(self.seed, spawn_key=(purpose, day))
        return np.random.Generator(np.random.PCG64(key))
