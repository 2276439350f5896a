"""Where the values of a field lie, and which lie far outside.

Quantities and prices are skewed, and may be below zero: fences three times the
interquartile range beyond the quartiles are drawn on the inverse hyperbolic sine, which
is a logarithm that knows signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.checking.report import Count, Example, Outliers

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SAMPLED = 1_000_000
FENCE_RANGES = 3.0
NARROWEST_RANGE = 0.5  # where more than half of all values are the same
EXAMPLES = 3


class Spread:
    """Takes values with their row numbers; keeps every 2ⁿth once there are a million."""

    def __init__(self, field: str, most: int = MOST_SAMPLED) -> None:
        self._field = field
        self._most = most
        self._stride = 1
        self._seen = 0
        self._sample = np.zeros(0)
        self._extremes: list[Example] = []

    def add(self, values: NDArray[np.float64], rows: NDArray[np.int64]) -> None:
        if not len(values):
            return
        start = -self._seen % self._stride
        self._sample = np.concatenate([self._sample, values[start :: self._stride]])
        self._seen += len(values)
        while len(self._sample) > self._most:
            self._sample, self._stride = self._sample[::2], self._stride * 2
        order = np.argsort(values, kind="stable")
        ends = np.unique(np.r_[order[:EXAMPLES], order[-EXAMPLES:]])
        found = [Example(float(values[place]), int(rows[place])) for place in ends]
        self._extremes = _ends(self._extremes + found)

    def outliers(self) -> Outliers | None:
        """None where there was no value at all."""
        if not self._seen:
            return None
        low, high = fences(self._sample)
        outside = int(np.count_nonzero((self._sample < low) | (self._sample > high)))
        ranked = sorted(self._extremes, key=lambda example: (example.value, example.row))
        return Outliers(
            self._field,
            low,
            high,
            Count(outside * self._stride, is_exact=self._stride == 1),
            tuple(ranked[:EXAMPLES]),
            tuple(sorted(ranked, key=lambda example: (-example.value, example.row))[:EXAMPLES]),
        )


def fences(values: NDArray[np.float64]) -> tuple[float, float]:
    """
    >>> low, high = fences(np.array([1.0, 1, 2, 6, 10, 12, 80_000]))
    >>> low < -10, 1_000 < high < 10_000
    (True, True)
    """
    first, third = np.quantile(np.arcsinh(values), [0.25, 0.75])
    width = FENCE_RANGES * max(third - first, NARROWEST_RANGE)
    return round(float(np.sinh(first - width)), 2), round(float(np.sinh(third + width)), 2)


def _ends(examples: list[Example]) -> list[Example]:
    upward = sorted(examples, key=lambda example: (example.value, example.row))
    downward = sorted(examples, key=lambda example: (-example.value, example.row))
    return list(dict.fromkeys(upward[:EXAMPLES] + downward[:EXAMPLES]))
