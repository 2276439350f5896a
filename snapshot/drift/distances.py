"""How far two distributions are apart: PSI and Wasserstein, and how sure that is.

Intervals come from drawing both samples anew from what was found, each as large as it was but
for chance, so that they tell chance from change whatever the number of customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stream.contracts.drift import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stream.model.arrays import Floats, Ints

    Counts = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]

BINS = 10
"""For PSI: tenths of the earlier sample."""

CELLS = 64
"""For Wasserstein: steps of each sample's quantiles, the extremes among them."""

DRAWS = 100
SEED = 0


@dataclass(frozen=True, slots=True)
class Distance:
    """What was measured, and where the true value lies 19 times in 20."""

    value: float
    interval: Interval


def psi(before: Floats, after: Floats) -> Distance:
    """The population stability index over tenths of `before`; half a customer is added to each
    bin, so that an empty one makes no infinity."""
    before, after = np.sort(before), np.sort(after)
    edges = np.unique(_quantiles(before, BINS)[1:-1])

    def measure(old: Ints, new: Ints) -> Floats:
        p, q = _shares(old + 0.5), _shares(new + 0.5)
        found: Floats = ((q - p) * np.log(q / p)).sum(axis=-1)
        return found

    return _distance(measure, _counts(before, edges), _counts(after, edges))


def wasserstein(before: Floats, after: Floats) -> Distance:
    """The first Wasserstein distance, of values rounded up to a grid of their quantiles."""
    before, after = np.sort(before), np.sort(after)
    both = (_quantiles(values, CELLS) for values in (before, after))
    grid = np.unique(np.concatenate(list(both)))
    steps = np.diff(grid)

    def measure(old: Ints, new: Ints) -> Floats:
        gaps = np.cumsum(_shares(new) - _shares(old), axis=-1)[..., :-1]
        found: Floats = np.abs(gaps) @ steps
        return found

    return _distance(measure, _counts(before, grid[:-1]), _counts(after, grid[:-1]))


def _quantiles(values: Floats, parts: int) -> Floats:
    """Of sorted values, the first and the last among them."""
    return values[np.linspace(0, len(values) - 1, parts + 1).round().astype(np.int64)]


def _counts(values: Floats, edges: Floats) -> Ints:
    """How many of the sorted values lie up to each edge, and beyond the last."""
    ends = np.searchsorted(values, edges, side="right")
    return np.diff(ends, prepend=0, append=len(values))


def _distance(measure: Callable[[Ints, Ints], Floats], old: Ints, new: Ints) -> Distance:
    """The basic bootstrap: draws lie as far above the value as the value lies above the truth.

    Near 0 that is too sure of itself; so where two samples of one population are as far apart,
    the interval begins at 0.
    """
    value = float(measure(old, new))
    rng = np.random.default_rng(SEED)
    drawn = _draws(rng, measure, (old, new), (_shares(old), _shares(new)))
    low, high = 2.0 * value - np.quantile(drawn, [0.975, 0.025])
    alike = _draws(rng, measure, (old, new), (_shares(old + new),) * 2)
    if value <= float(np.quantile(alike, 0.95)):
        low = 0.0
    return Distance(value, Interval(low=max(float(low), 0.0), high=max(float(high), value, 0.0)))


def _draws(
    rng: np.random.Generator,
    measure: Callable[[Ints, Ints], Floats],
    counts: tuple[Ints, Ints],
    shares: tuple[Floats, Floats],
) -> Floats:
    """Each count on its own: all together would be drawn with the very number of customers, at
    three times the time, and shares are all that is measured."""
    pairs = zip(counts, shares, strict=True)
    return measure(*(rng.poisson(part.sum() * share, (DRAWS, len(share))) for part, share in pairs))


def _shares(counts: Counts) -> Floats:
    together = counts.sum(axis=-1, keepdims=True)
    shares: Floats = counts / np.maximum(together, 1)  # of few, a draw may come to nobody
    return shares
