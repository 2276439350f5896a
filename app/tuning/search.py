"""Optuna over clusterers and their parameters.

What it looks for is what a first fit looks for: the most segments that a bootstrap finds again,
without slivers, on the stream; of as many, those that lie farthest apart and lose nobody there.
A silhouette alone would choose one giant and a few whales, stability alone one blob.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from app.tuning.by_k import Way
from app.tuning.spaces import SEARCHED, parameters_for
from snapshot.choosing import FOUND_AGAIN, STABLE, Tried
from snapshot.clusterers import as_on_the_stream, clusterer_of, nearest
from snapshot.clusterers.known import FINDS_K
from snapshot.clusterers.sampling import sampled_rows
from snapshot.measures import measures_of
from snapshot.stability import bootstrap
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna import Trial

    from snapshot.clusterers import Clusterer
    from stream.model.arrays import Floats

LARGEST = 2_000
"""Above so many customers a sample of as many is searched on."""

ROUNDS = 10
SEED = 0

KEPT = 0.9
"""The share of customers that centres have to keep where the clusterer put them: noise, and
shapes that centres can't say, are lost on the stream."""

NOTHING = -10.0
"""The value of a proposal that makes no segments."""


@dataclass(frozen=True, slots=True)
class Found:
    """One proposal that made segments, and what it is worth."""

    way: Way
    asked: int | None
    """The k that the clusterer was told; None where it finds the number."""

    tried: Tried
    kept: float
    """The share of customers whose nearest centre is that of their cluster."""

    value: float
    """At least 0 where it holds: the number of segments, and the silhouette by what is kept."""

    @property
    def holds(self) -> bool:
        return self.value >= 0.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many segments there may be, and the number that is tried first."""

    least: int
    most: int
    first: int


@dataclass(slots=True)
class Search:
    """What was found so far."""

    points: Floats
    bounds: Bounds
    found: list[Found] = field(default_factory=list)

    def value(self, trial: Trial, clusterers: Sequence[str]) -> float:
        """What Optuna makes as large as it can."""
        bounds = self.bounds
        name = trial.suggest_categorical("clusterer", clusterers)
        k = None if name in FINDS_K else trial.suggest_int("k", bounds.least, bounds.most)
        way = Way(name, parameters_for(trial, name))
        try:
            found = self._tried(way, clusterer_of(name, way.parameters), k)
        except InputError:
            return NOTHING
        self.found.append(found)
        return found.value

    def _tried(self, way: Way, clusterer: Clusterer, k: int | None) -> Found:
        clusters = clusterer.fit(self.points, k)
        stream = as_on_the_stream(self.points, clusters)
        assert clusters.centres is not None  # as the line before asked
        assert stream.centres is not None
        kept = float((nearest(self.points, clusters.centres) == clusters.labels).mean())
        measures = measures_of(self.points, stream.labels, stream.centres)
        tried = Tried(len(stream.centres), len(self.points), measures)
        short = self._short(tried) + max(0.0, KEPT - kept)
        if short:  # bootstraps take long, and would not save it
            return Found(way, k, tried, kept, -1.0 - short)
        tried = replace(tried, bootstrap=bootstrap(self.points, k, clusterer.fit, ROUNDS))
        return Found(way, k, tried, kept, _value(tried, kept))

    def _short(self, tried: Tried) -> float:
        """By how much it misses the bounds, each counted by its own size."""
        away = max(self.bounds.least - tried.k, tried.k - self.bounds.most, 0)
        return away + max(0.0, tried.least_share - tried.smallest_share) / tried.least_share


def search(
    points: Floats, trials: int, bounds: Bounds, clusterers: Sequence[str] = SEARCHED
) -> tuple[Found, ...]:
    """What was found, the best first; every way and number once."""
    require_optuna()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    looking = Search(points[sampled_rows(len(points), LARGEST)], bounds)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=SEED))
    for name in clusterers:  # each is looked at, whatever the sampler likes
        study.enqueue_trial({"clusterer": name, "k": bounds.first})
    study.optimize(lambda trial: looking.value(trial, clusterers), n_trials=trials)
    once: dict[tuple[object, ...], Found] = {}
    for found in looking.found:
        said = tuple(sorted((key, str(value)) for key, value in found.way.parameters.items()))
        once.setdefault((found.way.clusterer, said, found.tried.k), found)
    return tuple(sorted(once.values(), key=lambda found: -found.value))


def _value(tried: Tried, kept: float) -> float:
    made = tried.bootstrap
    assert made is not None  # it was asked
    missing = max(0.0, STABLE - made.ari) + max(0.0, FOUND_AGAIN - made.weakest)
    if missing:
        return -missing
    return float(tried.k + np.clip((tried.silhouette or 0.0) * kept, -0.5, 0.999))


def require_optuna() -> None:
    """Before the work, not after it."""
    if importlib.util.find_spec("optuna") is None:
        raise InputError(
            "--trials needs Optuna, which is not installed: pip install 'shoal[tune]', or leave "
            "--trials out; the table of k needs nothing more"
        )
