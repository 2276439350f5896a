"""Who moves the centroids in the sweep: the compiled KMeans, or any of River's clusterers.

A learner is a function of what it is given and keeps nothing between days, so that the centroids
in a task's block are all there is to restore.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from stream.errors import SettingsError
from stream.model.arrays import Shapes
from stream.model.learning import learned, step_of
from stream.model.river_objects import as_river

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stream.contracts.lens import Learning
    from stream.model.arrays import Floats, Ints


class Learner(Protocol):
    """What a sweep asks for.

    `learn` returns the centroids after the day's points were learned in that order: finite, at
    least one, each with the code of its segment. It changes nothing that it was given, and gives
    the same bits for the same arguments in every process.
    """

    def learn(self, shapes: Shapes, points: Floats, order: Ints) -> Shapes: ...


@dataclass(frozen=True, slots=True)
class KMeansLearner:
    """River's KMeans, compiled. The step follows from how many customers there are."""

    factor: float = 1.5
    largest: float = 0.05

    def learn(self, shapes: Shapes, points: Floats, order: Ints) -> Shapes:
        count = len(shapes.positions)
        step = step_of(len(points), count, factor=self.factor, largest=self.largest)
        return shapes._replace(positions=learned(shapes.positions, points, order, step))


@dataclass(frozen=True, slots=True)
class RiverLearner:
    """Another clusterer of `river.cluster`, by name, through River's own API: far slower.

    Each day a new one is made, shown the centroids, then the day's points. Its centres are the
    centroids then; each stands for the segment of the centroid that it is nearest to, so a
    segment may have several, or none and with it no members any more. A day with which the
    clusterer comes to no centre leaves the centroids as they are.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._made(1)

    def learn(self, shapes: Shapes, points: Floats, order: Ints) -> Shapes:
        estimator = self._made(len(shapes.positions))
        try:
            _teach(estimator, [*shapes.positions, *(points[row] for row in order)])
        except FAILURES as error:
            raise SettingsError(
                f"river.cluster.{self.name} can't learn with {dict(self.parameters)} "
                f"({type(error).__name__}: {error}): change its parameters, or take KMeans"
            ) from error
        positions = _positions(_centres(estimator), shapes.positions.shape[1])
        if not len(positions):
            return shapes
        away = ((positions[:, None, :] - shapes.positions[None, :, :]) ** 2).sum(axis=2)
        return Shapes(positions, shapes.segments[away.argmin(axis=1)])

    def _made(self, centroids: int) -> Any:
        from river import cluster

        if self.name not in cluster.__all__:
            known = ", ".join(name for name in cluster.__all__ if name not in UNFIT)
            raise SettingsError(f"river.cluster has no {self.name!r}: take one of {known}")
        if self.name in UNFIT:
            raise SettingsError(f"river.cluster.{self.name} {UNFIT[self.name]}")
        make = getattr(cluster, self.name)
        try:
            return make(**(_guesses(self.name, make, centroids) | dict(self.parameters)))
        except TypeError as error:
            raise SettingsError(f"river.cluster.{self.name}: {error}") from None


FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How River says that parameters make no sense: it looks at them only when it learns."""

COUNT = {"CluStream": "n_macro_clusters", "STREAMKMeans": "n_clusters"}
"""What the number of centroids is called, where it is asked for."""

UNFIT = {
    "KMeans": "is the learner that is built in, compiled: leave the parameters out",
    "ODAC": "clusters the features, not the customers: take KMeans",
    "TextClust": "clusters texts, not points: take KMeans",
}


def learner_of(
    learning: Learning, name: str = "KMeans", parameters: Mapping[str, Any] | None = None
) -> Learner | None:
    """The learner that a model and the settings ask for; None where learning is off."""
    if not learning.on:
        return None
    if name == "KMeans":
        return KMeansLearner(learning.step_factor, learning.largest_step)
    return RiverLearner(name, parameters or {})


def _teach(estimator: Any, points: Sequence[Floats]) -> None:
    for point in points:
        estimator.learn_one(as_river(point))
    # Some clusterers work their centres out only when they are asked for a cluster.
    estimator.predict_one(as_river(points[-1]))


def _centres(estimator: Any) -> Iterable[Mapping[int, float]]:
    centres = estimator.centers
    return [centres[label] for label in sorted(centres)]


def _positions(centres: Iterable[Mapping[int, float]], axes: int) -> Floats:
    """The centres that are points of the space; River leaves some half made."""
    rows = [[center.get(axis, math.nan) for axis in range(axes)] for center in centres]
    positions = np.array(rows, np.float64).reshape(-1, axes)
    return positions[np.isfinite(positions).all(axis=1)]


def _guesses(name: str, make: Any, centroids: int) -> dict[str, Any]:
    """What is said where nobody did: a seed, without which runs differ, and how many."""
    known = inspect.signature(make).parameters
    takes_more = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
    guesses = {"seed": 0} if takes_more or "seed" in known else {}
    return guesses | ({COUNT[name]: centroids} if name in COUNT else {})
