"""Whether a fit may take over from the lens that runs, and in words why not.

Guards look at one lens at a time: one that is held back does not hold up the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.instant import milliseconds
from stream.model.arrays import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snapshot.choices import Guards
    from snapshot.refitting import Refit
    from stream.contracts.model import SegmentModel


def too_soon(instant_ms: int, running: SegmentModel, promote_every_days: float) -> str | None:
    """Why no model may follow the running one yet."""
    days = (instant_ms - milliseconds(running.instant)) / DAY_MS
    if days >= promote_every_days:
        return None
    return (
        f"version {running.version} is {days:.1f} days old, and a new one comes every "
        f"{promote_every_days:g} days at most"
    )


def held_back(refit: Refit, moved: float | None, guards: Guards) -> tuple[str, ...]:
    """Each guard that the fit doesn't pass; none where it may be promoted.

    `moved` is the share of active customers that it would move, where that is known.
    """
    return tuple(_failed(refit, moved, guards))


def _failed(refit: Refit, moved: float | None, guards: Guards) -> Iterator[str]:
    fit, lens = refit.fit, refit.fit.lens
    shares = np.bincount(fit.labels, minlength=len(lens.centroids)) / len(fit.labels)
    smallest = lens.centroids[int(shares.argmin())].segment
    # Of a sliver that runs already nobody is rid by keeping the running version.
    if shares.min() < guards.smallest_share <= refit.smallest_before:
        yield (
            f"{lens.lens}: {smallest.name} ({smallest.id}) would have {shares.min():.1%} of "
            f"active customers, less than {guards.smallest_share:.1%}"
        )
    silhouette = lens.fit.silhouette if lens.fit else None
    if silhouette is not None and silhouette < guards.least_separation:
        yield (
            f"{lens.lens}: its segments would lie too close together, silhouette "
            f"{silhouette:.2f}, less than {guards.least_separation:.2f}"
        )
    if moved is not None and moved > guards.most_moved:
        yield (
            f"{lens.lens}: {moved:.1%} of active customers would move at once, more than "
            f"{guards.most_moved:.1%}"
        )
