"""The same clusterer with one number of segments after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.tuning.trees import for_many_k
from snapshot.choosing import chosen_of, try_each, try_k, with_stability
from snapshot.clusterers.elbow import elbow
from snapshot.clusterers.known import FINDS_K

if TYPE_CHECKING:
    from collections.abc import Mapping

    from snapshot.choosing import Tried
    from stream.model.arrays import Floats

WARD = "ward"
"""A name by itself for what is most asked for by it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A clusterer, as settings have it."""

    clusterer: str
    parameters: Mapping[str, object]

    @property
    def finds_k(self) -> bool:
        return self.clusterer in FINDS_K


@dataclass(frozen=True, slots=True)
class ByK:
    """What came of each k."""

    way: Way
    tried: tuple[Tried, ...]
    chosen: int
    """The k that a first fit would take."""

    asked: int | None
    """The same as the clusterer is told it; None where it finds the number."""

    elbow: int | None
    """The k at which the inertia bends most; None where it doesn't."""

    widest: int | None
    """The k with the best silhouette: no guide by itself."""

    within: bool
    """Whether the chosen number is one of those asked for; not every clusterer can be told."""


def way_of(name: str, lens_way: Way) -> Way:
    """A clusterer by name; with the lens' parameters where it is the lens' own."""
    if name == WARD:
        return Way("agglomerative", {"linkage": "ward"})
    return lens_way if name == lens_way.clusterer else Way(name, {})


def by_k(points: Floats, way: Way, least: int, most: int, *, young: bool = False) -> ByK:
    """Each number from `least` to `most`; one row alone where the clusterer finds the number."""
    clusterer = for_many_k(way.clusterer, way.parameters)
    if way.finds_k:
        found = [try_k(points, clusterer, None)]
    else:
        found = try_each(points, clusterer, least, most)
    tried = tuple(with_stability(points, clusterer, one) for one in found)
    chosen = chosen_of(tried, young=young).k
    place = elbow([one.inertia for one in tried])
    return ByK(
        way=way,
        tried=tried,
        chosen=chosen,
        asked=None if way.finds_k else chosen,
        elbow=None if place is None else tried[place].k,
        widest=_widest(tried),
        within=least <= chosen <= most,
    )


def _widest(tried: tuple[Tried, ...]) -> int | None:
    known = {one.k: one.silhouette for one in tried if one.silhouette is not None}
    return max(known, key=known.__getitem__) if known else None
