"""Does learning keep up at a million customers, and how fast is it beside River's own loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.drifting import Drifting, track
from benchmarks.figures import Figure, in_turns, rate_of
from stream.model import reference
from stream.model.arrays import DAY_MS, NONE, Standings
from stream.model.learners import KMeansLearner
from stream.model.learning import learned
from stream.model.lens import compile_lens
from stream.model.sweep import sweep
from tests.stream.model.models import value_lens

if TYPE_CHECKING:
    from collections.abc import Callable

    from stream.model.arrays import Floats

CUSTOMERS = 1_000_000
RIVER_POINTS = 20_000


def measure() -> list[Figure]:
    population = Drifting(CUSTOMERS)
    found = track(population, KMeansLearner())
    points = population.points(0)
    assigning = _rate(lambda: len(population.standings().segment))
    river = in_turns(
        lambda: _learn(learned, population.start, points),
        lambda: _learn(reference.learned, population.start, points[:RIVER_POINTS]),
    )
    return [
        Figure("tracking_gain_1m", found.gain, "> 0", "agreement with a refit over frozen's"),
        Figure("tracking_learned_1m", found.learned, "", "agreement of the learned centroids"),
        Figure("tracking_frozen_1m", found.frozen, "", "agreement of the frozen centroids"),
        Figure("learn_points_per_second", river.rate, "", "points learned, the kernel alone"),
        Figure("learn_vs_river_ratio", river.ratio, "≥ 20", "over River's own learn_one"),
        Figure("assign_points_per_second", assigning, "", "points assigned, confidence included"),
        Figure("sweep_points_per_second", _sweeps(), "> 2 million", "all of it"),
    ]


def _sweeps() -> float:
    """With logarithms and rules, as the lens `value` has them; one in ten is dormant."""
    rng = np.random.default_rng(1)
    lens = compile_lens(value_lens([[axis] * 3 for axis in (-1.0, 0.0, 1.0, 2.0, 3.0)]), 1)
    features = rng.lognormal(1.5, 1.0, (CUSTOMERS, 3))
    at_ms = 100 * DAY_MS
    bought = rng.integers(0, at_ms, CUSTOMERS)
    standings = Standings(rng.integers(0, 5, CUSTOMERS), *np.full((2, CUSTOMERS), NONE))
    hashes = rng.integers(0, 2**63, CUSTOMERS).astype(np.uint64)

    def once() -> int:
        sweep(lens, features, bought, standings, hashes, at_ms, KMeansLearner())
        return CUSTOMERS

    return _rate(once)


def _learn(learn: Callable[..., Floats], start: Floats, points: Floats) -> int:
    learn(start, points, np.arange(len(points)), 1e-5)
    return len(points)


def _rate(work: Callable[[], int]) -> float:
    return sorted(rate_of(work) for _ in range(3))[1]
