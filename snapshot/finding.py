"""Where the centroids of a refit are: followed from where the segments run, or looked for afresh.

A start from the running segments leaves nearly everybody where they are, at next to nothing in
inertia. A fit from scratch finds what they have grown away from, and asks again how many they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.choosing import choose_k
from snapshot.clusterers import as_on_the_stream, clusterer_of, nearest
from snapshot.clusterers.clusters import squares_of
from snapshot.clusterers.known import FINDS_K
from snapshot.clusterers.sampling import sampled_rows
from snapshot.fresh import fresh_fit
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snapshot.choices import Choices
    from snapshot.choosing import Tried
    from snapshot.clusterers import Clusterer
    from stream.model.arrays import Floats, Ints
    from stream.settings.lenses import LensSpec

COMPARED = 20_000
"""Above so many active customers a fit from scratch is tried on a sample of as many, to see
whether it would be better."""

MOST_STEPS = 100
"""So many of k-means: no more is needed to come near, and time is bounded."""

SPREAD = 1.25
"""So many times the least inertia, and how many segments there are is asked for again: one has
come apart, or one is new."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What a fit can start from."""

    middles: Floats
    """Where the running segments' members are now."""

    least_inertia: float | None
    """Since their number was last chosen; None where it was said."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a fit came to."""

    centres: Floats
    fresh: bool
    stability: float | None = None
    """The bootstrap ARI, of a fresh fit."""

    least_inertia: float | None = None
    """As in `Start`."""


def find(
    points: Floats,
    spec: LensSpec,
    start: Start | None,
    choices: Choices,
    *,
    young: bool = False,
) -> Found:
    """The centroids of these customers: warm where there is a start that is still good.

    How many segments there are is asked at a fit from scratch, and where customers lie far wider
    apart than they did.
    """
    clusterer = clusterer_of(spec.clusterer, spec.clusterer_parameters)
    if start is None or wants_another_number(spec, len(start.middles)):
        return _fresh(points, spec, young)
    warm = _followed(points, clusterer, start)
    if _falls_short(points, warm.centres, spec, clusterer, choices):
        return _fresh(points, spec, young)
    least = start.least_inertia
    if least is None or not _chooses(spec):
        return warm
    inertia = _inertia(points, warm.centres)
    if inertia <= SPREAD * least:
        return warm
    chosen = _another_number(points, clusterer, len(warm.centres), young)
    return _afresh(points, clusterer, chosen) if chosen else replace(warm, least_inertia=inertia)


def follow(points: Floats, spec: LensSpec, start: Start) -> Found:
    """The centroids from where the segments run, whatever would be better."""
    return _followed(points, clusterer_of(spec.clusterer, spec.clusterer_parameters), start)


def steps_of(points: Floats, start: Start) -> Iterator[Found]:
    """The way on which k-means follows the segments: after no step, one, two, … until everybody
    stays, or a segment would be left without a customer."""
    centres: Floats = start.middles
    labels: Ints | None = None
    for _ in range(MOST_STEPS):
        yield _warm(points, centres, start)
        before, labels = labels, nearest(points, centres)
        if before is not None and np.array_equal(labels, before):
            return
        middles = members_middles(points, labels, len(centres))
        if middles is None:
            return
        centres = middles


def wants_another_number(spec: LensSpec, running: int) -> bool:
    """Whether the settings say another number of segments than there are."""
    return spec.clusterer not in FINDS_K and spec.k is not None and spec.k != running


def members_middles(points: Floats, labels: Ints, count: int) -> Floats | None:
    """Where the running segments' members are: one step of k-means from the running centroids,
    each partition's own, which carries them into a new space whatever its axes.

    None where nothing runs, or a segment has no member any more: then there is nowhere to start
    from.
    """
    if not count:
        return None
    sizes = np.bincount(labels, minlength=count)
    if not sizes.all():
        return None
    sums = [np.bincount(labels, axis, count) for axis in points.T]
    middles: Floats = np.stack(sums, axis=1) / sizes[:, None]
    return middles


def _followed(points: Floats, clusterer: Clusterer, start: Start) -> Found:
    return _warm(points, _centres(points, clusterer, len(start.middles), start.middles), start)


def _warm(points: Floats, centres: Floats, start: Start) -> Found:
    least = start.least_inertia
    if least is not None:
        least = min(least, _inertia(points, centres))
    return Found(centres, fresh=False, least_inertia=least)


def _chooses(spec: LensSpec) -> bool:
    """Whether it is for us to say how many segments there are."""
    return spec.k is None and spec.clusterer not in FINDS_K


def _fresh(points: Floats, spec: LensSpec, young: bool) -> Found:
    """As many segments as were said, or as many as are stable."""
    made = fresh_fit(points, spec, young=young)
    least = _inertia(points, made.centres) if _chooses(spec) else None
    return Found(made.centres, fresh=True, stability=made.stability, least_inertia=least)


def _another_number(
    points: Floats, clusterer: Clusterer, running: int, young: bool
) -> Tried | None:
    """None where as many segments are stable as run."""
    chosen = choose_k(points, clusterer, young=young).chosen
    return chosen if chosen.k != running else None


def _afresh(points: Floats, clusterer: Clusterer, asked: Tried) -> Found:
    centres = _centres(points, clusterer, asked.k)
    least = _inertia(points, centres)
    return Found(centres, fresh=True, stability=asked.stability, least_inertia=least)


def _falls_short(
    points: Floats, warm: Floats, spec: LensSpec, clusterer: Clusterer, choices: Choices
) -> bool:
    """Whether a fit from scratch with as many segments would be clearly closer to the customers,
    or a segment has withered that such a fit would have in full."""
    sample = points[sampled_rows(len(points), COMPARED)]
    try:
        scratch = _centres(sample, clusterer, len(warm))
    except InputError:  # too few places for as many segments: there is nothing better, then
        return False
    if _inertia(sample, warm) > choices.fresh_above * _inertia(sample, scratch):
        return True
    least = choices.guards.smallest_share
    if _smallest_share(points, warm) >= least:
        return False
    return _chooses(spec) or _smallest_share(sample, scratch) >= least


def _smallest_share(points: Floats, centres: Floats) -> float:
    """The part of all customers that the smallest segment has."""
    sizes = np.bincount(nearest(points, centres), minlength=len(centres))
    return float(sizes.min() / len(points))


def _centres(points: Floats, clusterer: Clusterer, k: int, start: Floats | None = None) -> Floats:
    clusters = as_on_the_stream(points, clusterer.fit(points, k, start))
    assert clusters.centres is not None  # or there would be nothing on the stream
    return clusters.centres


def _inertia(points: Floats, centres: Floats) -> float:
    """The mean squared distance to the nearest centre."""
    return squares_of(points, nearest(points, centres), centres) / len(points)
