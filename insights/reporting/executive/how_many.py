"""What speaks for the number of segments in use: inertia with its elbow, and silhouette, by k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.reporting.executive.segments import LEAST_CUSTOMERS
from snapshot.choosing import try_each
from snapshot.clusterers.elbow import elbow
from snapshot.clusterers.kmeans import KMeans
from snapshot.clusterers.sampling import sampled_rows
from snapshot.naming.words import counted
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snapshot.batch_fit import BatchFit
    from snapshot.choosing import Tried

LEAST_K, MOST_K = 2, 8
MOST_CUSTOMERS = 1_000
"""A sample of active customers, the same each time: the curve of all of them looks the same."""

STARTS = 3


@dataclass(frozen=True, slots=True)
class OneK:
    """A number of segments, and how well k-means then does."""

    k: int
    inertia: float
    """The mean squared distance to the centre: it always falls."""

    silhouette: float | None
    """From −1 to 1: how far apart segments lie."""


@dataclass(frozen=True, slots=True)
class ByK:
    """Of the main lens' active customers at the end of the period."""

    customers: int
    """How many were taken."""

    tried: tuple[OneK, ...]
    in_use: int
    """Learned segments of the model at work."""

    elbow: int | None
    """Where the inertia bends most; None where it doesn't."""

    sentences: tuple[str, ...]


def by_k(fit: BatchFit) -> ByK | None:
    """None where there are too few customers, or too few different ones."""
    points = fit.points[sampled_rows(len(fit.points), MOST_CUSTOMERS)]
    if len(points) < LEAST_CUSTOMERS:
        return None
    try:
        tried = try_each(points, KMeans(starts=STARTS), LEAST_K, MOST_K)
    except InputError:
        return None
    place = elbow([one.inertia for one in tried])
    bends = None if place is None else tried[place].k
    in_use = len(fit.lens.centroids)
    return ByK(
        customers=len(points),
        tried=tuple(OneK(one.k, one.inertia, one.silhouette) for one in tried),
        in_use=in_use,
        elbow=bends,
        sentences=tuple(_sentences(tried, in_use, bends)),
    )


def _sentences(tried: list[Tried], in_use: int, bends: int | None) -> Iterator[str]:
    yield f"The model has {counted(in_use, 'learned segment')}."
    if bends is not None:
        also = ", the number in use" if bends == in_use else ""
        yield f"The inertia bends most at {bends}{also}."
    known = {one.k: one.silhouette for one in tried if one.silhouette is not None}
    if known:
        best = max(known, key=known.__getitem__)
        yield (
            f"The silhouette is highest at {best}, which is no guide by itself: one giant and a "
            "few whales score high."
        )
