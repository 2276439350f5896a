"""A population that drifts as one, day by day, and how well centroids follow it.

Customers keep their places in five groups; every day all of them move a little the same way,
each with noise of his own. What is right at the end is a warm refit on the last day's points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.lens import Centroid, LensModel, ModelFeature, Transform
from stream.contracts.segment import SegmentRef
from stream.model.arrays import DAY_MS, NONE, Shapes, Standings
from stream.model.assignment import assign
from stream.model.lens import Lens, compile_lens
from stream.model.sweep import sweep

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Hashes, Ints
    from stream.model.learners import Learner

AXES, GROUPS, DAYS = 3, 5, 30
DRIFT_A_DAY = 0.06
CENTRES = np.array([[-2, -2, -2], [0, 0, 0], [2, 2, 2], [2, -1.5, -1], [-2, 2, 0.5]], np.float64)
SPREAD, DAILY_NOISE = 0.7, 0.2


@dataclass(frozen=True, slots=True)
class Tracking:
    """The shares of customers whom centroids put where a warm refit does."""

    learned: float
    frozen: float

    @property
    def gain(self) -> float:
        return self.learned - self.frozen


class Drifting:
    """The population; the same seed and day give the same points.

    The groups are of unequal size and overlap a little, as customers' do; but not so that k-means
    has several answers about as good, of which learning and a refit may find different ones.
    """

    def __init__(self, customers: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        shares = np.array([0.30, 0.25, 0.20, 0.15, 0.10])
        groups = rng.choice(GROUPS, customers, p=shares)
        self.own = CENTRES[groups] + rng.normal(0, SPREAD, (customers, AXES))
        heading = rng.normal(0, 1, AXES)
        self.a_day = DRIFT_A_DAY * heading / np.linalg.norm(heading)
        self.seed = seed
        self.hashes: Hashes = rng.integers(0, 2**63, customers).astype(np.uint64)
        self.start = refit(CENTRES, self.points(0))

    def points(self, day: int) -> Floats:
        rng = np.random.default_rng((self.seed, day))
        noise = rng.normal(0, DAILY_NOISE, self.own.shape)
        return np.asarray(self.own + day * self.a_day + noise)

    def lens(self) -> Lens:
        """The model of the first day."""
        refs = [SegmentRef(id=f"value-{group}", name=f"Group {group}") for group in range(GROUPS)]
        features = [
            ModelFeature(name=f"f{axis}", transform=Transform.IDENTITY, centre=0.0, scale=1.0)
            for axis in range(AXES)
        ]
        pairs = zip(refs, self.start.tolist(), strict=True)
        model = LensModel(
            lens="value",
            features=tuple(features),
            centroids=tuple(Centroid(segment=ref, position=tuple(at)) for ref, at in pairs),
            pooled_variance=SPREAD**2,
            next_segment=GROUPS,
        )
        return compile_lens(model, version=1)

    def standings(self) -> Standings:
        where = assign(self.lens().shapes, self.points(0), 1.0).segment
        return Standings(where, np.full(len(where), NONE), np.zeros(len(where), np.int64))


def track(population: Drifting, learner: Learner, days: int = DAYS) -> Tracking:
    """Sweeps every day, refits on the last, and compares."""
    lens, standings = population.lens(), population.standings()
    bought = np.zeros(len(population.hashes), np.int64)
    for day in range(1, days + 1):
        points = population.points(day)
        swept = sweep(lens, points, bought, standings, population.hashes, day * DAY_MS, learner)
        swept.moves.apply(standings)
        lens = swept.lens
    points = population.points(days)
    right = nearest(refit(population.start, points), points)
    found = nearest(lens.shapes.positions, points)
    frozen = nearest(population.start, points)
    return Tracking(float((found == right).mean()), float((frozen == right).mean()))


def refit(positions: Floats, points: Floats, rounds: int = 300) -> Floats:
    """Lloyd's k-means from these centroids on, until nobody changes place any more."""
    before = nearest(positions, points)
    for _ in range(rounds):
        counts = np.bincount(before, minlength=len(positions))
        sums = [np.bincount(before, points[:, axis], len(positions)) for axis in range(AXES)]
        positions = np.stack(sums, axis=1) / np.maximum(counts, 1)[:, None]
        after = nearest(positions, points)
        if np.mean(after != before) < 1e-5:
            break
        before = after
    return positions


def nearest(positions: Floats, points: Floats) -> Ints:
    return assign(Shapes(positions, np.arange(len(positions))), points, 1.0).centroid
