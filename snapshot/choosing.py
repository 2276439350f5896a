"""How many segments, where nobody said: as many as a bootstrap finds again, none of them a sliver.

What is found again by nearly every sample is there; else as far up as each number more is stable,
because more segments say more. Not by silhouette, which prefers one giant and a few whales.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from snapshot.clusterers.clusters import as_on_the_stream
from snapshot.measures import measures_of
from snapshot.stability import bootstrap
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from snapshot.clusterers.clusters import Clusterer
    from snapshot.measures import Measures
    from snapshot.stability import Bootstrap
    from stream.model.arrays import Floats

STABLE = 0.8
"""The bootstrap ARI from which on segments count as found again."""

FOUND_AGAIN = 0.75
"""The Jaccard index from which on a single segment counts as found again. The ARI of five
segments stays above 0.9 where four are real and the fifth is one of these cut at random."""

CERTAIN = 0.95
"""The bootstrap ARI from which on a number is what there is, not one of several ways to cut."""

SLIVER = 0.05
"""A segment with a smaller share is none to act on."""

IN_DOUBT = 2.0
"""Standard errors above that, up to which the next months' customers may well make it one."""


LEAST, MOST = 3, 8
"""The numbers that are tried where nobody says which."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One number of segments, and what came of it on the stream: everybody with the nearest."""

    k: int
    """How many came out; a clusterer may find fewer than it was asked for."""

    customers: int
    measures: Measures
    bootstrap: Bootstrap | None = None
    """None where it didn't have to be asked."""

    @property
    def stability(self) -> float | None:
        """The bootstrap ARI."""
        return self.bootstrap.ari if self.bootstrap else None

    @property
    def smallest_share(self) -> float:
        return self.measures.smallest_share

    @property
    def silhouette(self) -> float | None:
        return self.measures.silhouette

    @property
    def inertia(self) -> float:
        return self.measures.inertia

    @property
    def has_sliver(self) -> bool:
        return self.smallest_share < self.least_share

    @property
    def least_share(self) -> float:
        """A segment's that is none. Of a thousand customers 5.0 % today may be 4.5 % next month."""
        return SLIVER + IN_DOUBT * math.sqrt(SLIVER * (1.0 - SLIVER) / self.customers)

    @property
    def is_stable(self) -> bool:
        found = self.bootstrap
        return found is not None and found.ari >= STABLE and found.weakest >= FOUND_AGAIN

    @property
    def holds(self) -> bool:
        return self.is_stable and not self.has_sliver

    @property
    def is_certain(self) -> bool:
        return self.holds and (self.stability or 0.0) >= CERTAIN


@dataclass(frozen=True, slots=True)
class Choice:
    """The number that was taken, and all that were tried, by k."""

    k: int
    tried: tuple[Tried, ...]

    @property
    def chosen(self) -> Tried:
        return next(one for one in self.tried if one.k == self.k)


def choose_k(
    points: Floats,
    clusterer: Clusterer,
    least: int = LEAST,
    most: int = MOST,
    *,
    young: bool = False,
) -> Choice:
    """As many as hold: a bootstrap ARI ≥ 0.8, every segment found again, and none under 5 %, not
    even by chance.

    The largest that is certain, an ARI ≥ 0.95: where three kinds are three, five and eight of them
    are found again quite well, too, but not by nearly every sample. Where none is, from the least
    that holds upward, as long as each number more holds: the last of these. What holds above one
    that doesn't are seldom kinds of customers: in a young shop it is those who ordered once, twice,
    three times, and that dissolves as sums fill; so there it is one number more at most. Where no k
    holds, the most stable without a sliver, else the most stable, and in a young shop of the first
    two. No more are asked than have to be: bootstraps are what takes long.
    """
    measured = try_each(points, clusterer, least, most)
    all_slivers = all(one.has_sliver for one in measured)

    def ask(one: Tried, at_least: float = 0.0) -> Tried:
        told_already = one.has_sliver and not all_slivers
        return one if told_already else with_stability(points, clusterer, one, at_least)

    below = _up_to_the_gap(measured, ask)
    above = _down_to_a_certain_one(measured[len(below) :], partial(ask, at_least=CERTAIN))
    return chosen_of((*below, *above), young=young)


def _up_to_the_gap(measured: Sequence[Tried], ask: Callable[[Tried], Tried]) -> list[Tried]:
    """From the least on to the first that doesn't hold above one that does."""
    asked: list[Tried] = []
    for one in measured:
        begun = any(before.holds for before in asked)
        asked.append(ask(one))
        if begun and not asked[-1].holds:
            break
    return asked


def _down_to_a_certain_one(measured: Sequence[Tried], ask: Callable[[Tried], Tried]) -> list[Tried]:
    """All of them, asked from the largest down to the first that is certain."""
    asked: list[Tried] = []
    for one in reversed(measured):
        is_found = any(above.is_certain for above in asked)
        asked.append(one if is_found else ask(one))
    return asked[::-1]


def chosen_of(tried: Sequence[Tried], *, young: bool = False) -> Choice:
    """The same rule, over what was tried already."""
    by_k = sorted(tried, key=lambda one: one.k)
    certain = [one for one in by_k if one.is_certain]
    begun = dropwhile(lambda one: not one.holds, by_k)
    upward = list(takewhile(lambda one: one.holds, begun))
    few = 2 if young else len(by_k)
    held = certain or upward[:few]
    if held:
        return Choice(held[-1].k, tuple(tried))
    asked = [one for one in by_k if one.bootstrap][:few]
    without = [one for one in asked if not one.has_sliver]
    best = max(without or asked, key=lambda one: (one.stability or 0.0, -one.k))
    return Choice(best.k, tuple(tried))


def try_each(points: Floats, clusterer: Clusterer, least: int, most: int) -> list[Tried]:
    """What comes of each number of segments, stability not asked yet; by k, at least one."""
    tried: dict[int, Tried] = {}
    slip: InputError | None = None
    for k in range(least, most + 1):
        try:
            found = try_k(points, clusterer, k)
        except InputError as error:
            slip = error
            break  # more segments need more places still
        if least <= found.k <= most:
            tried.setdefault(found.k, found)
    if not tried:
        raise slip or InputError(
            f"the clusterer finds no {least} to {most} segments among {len(points):,} customers: "
            "say other bounds, or take another one"
        )
    return [tried[k] for k in sorted(tried)]


def try_k(points: Floats, clusterer: Clusterer, k: int | None) -> Tried:
    """What comes of one number of segments, stability not asked yet."""
    clusters = as_on_the_stream(points, clusterer.fit(points, k))
    assert clusters.centres is not None  # or there would be nothing on the stream
    return Tried(
        k=len(clusters.centres),
        customers=len(points),
        measures=measures_of(points, clusters.labels, clusters.centres),
    )


def with_stability(
    points: Floats, clusterer: Clusterer, tried: Tried, at_least: float = 0.0
) -> Tried:
    """The same, with the bootstrap asked, for as long as the ARI may come to `at_least`."""
    found = bootstrap(points, tried.k, clusterer.fit, at_least=at_least)
    return replace(tried, bootstrap=found)
