"""Would the same shop with other customers have the same segments? Asked of bootstrap samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from snapshot.clusterers.clusters import nearest
from snapshot.clusterers.one_thread import one_thread
from snapshot.clusterers.sampling import sampled_rows
from stream.errors import InputError

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats, Ints

ROUNDS = 20
SEED = 1
"""Another than the clusterers': the customers drawn aren't those that they sample."""

LARGEST = 5_000
"""Above so many customers a sample of as many is asked; with more, segments are only stabler."""


class Fit(Protocol):
    """`Clusterer.fit`, with nothing to start from."""

    def __call__(self, points: Floats, k: int | None, /) -> Clusters: ...


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How alike the fits on bootstrap samples are to the fit on everybody.

    Each fit assigns all customers, by the nearest centre as on the stream. 1: always the same.
    """

    ari: float
    """The mean adjusted Rand index; 0: no more alike than chance, or no segments."""

    weakest: float
    """Of the segment that is found again least: the mean share of its customers, and of those
    of the segment that is likest to it, whom both have (Jaccard)."""


NOT_FOUND = Bootstrap(0.0, 0.0)


def bootstrap_ari(
    points: Floats, k: int | None, fit: Fit, rounds: int = ROUNDS, seed: int = SEED
) -> float:
    """The adjusted Rand index alone."""
    return bootstrap(points, k, fit, rounds, seed).ari


def bootstrap(
    points: Floats,
    k: int | None,
    fit: Fit,
    rounds: int = ROUNDS,
    seed: int = SEED,
    at_least: float = 0.0,
) -> Bootstrap:
    """Fits on `rounds` samples of as many customers, drawn with replacement; on fewer, where the
    ARI can't come to `at_least` any more."""
    asked = points[sampled_rows(len(points), LARGEST, seed)]
    whole = _assigned(asked, asked, k, fit)
    if whole is None:
        return NOT_FOUND
    rng = np.random.default_rng(seed)
    aris: list[float] = []
    recovered: list[Floats] = []
    while len(aris) < rounds and sum(aris) + rounds - len(aris) >= at_least * rounds:
        found = _assigned(asked, _drawn(asked, rng), k, fit)
        aris.append(_alike(whole, found))
        recovered.append(_recovered(whole, found))
    weakest = np.mean(recovered, axis=0)[np.unique(whole)].min()
    return Bootstrap(float(np.mean(aris)), float(weakest))


def _drawn(points: Floats, rng: np.random.Generator) -> Floats:
    """As many customers as there are, with replacement."""
    return points[np.sort(rng.integers(len(points), size=len(points)))]


def _assigned(points: Floats, drawn: Floats, k: int | None, fit: Fit) -> Ints | None:
    """None where those drawn make no segments: too few places, or noise alone."""
    try:
        centres = fit(drawn, k).centres
    except InputError:
        return None
    return None if centres is None else nearest(points, centres)


def _alike(whole: Ints, other: Ints | None) -> float:
    from sklearn.metrics import adjusted_rand_score

    if other is None:
        return 0.0
    with one_thread():
        return float(adjusted_rand_score(whole, other))


def _recovered(whole: Ints, other: Ints | None) -> Floats:
    """For each segment the Jaccard index with the one that is likest to it."""
    if other is None:
        return np.zeros(whole.max() + 1)
    shared = np.zeros((whole.max() + 1, other.max() + 1))
    np.add.at(shared, (whole, other), 1.0)
    either = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    likest: Floats = (shared / np.maximum(either, 1.0)).max(axis=1)
    return likest
