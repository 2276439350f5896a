"""Names for segments that have none: each its own, the best for all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.naming.archetypes import ARCHETYPES
from snapshot.naming.plain_names import plain_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from snapshot.explaining.profiles import SegmentProfile
    from snapshot.naming.aspects import Aspect

WITHOUT = 10.0
"""What a segment without an archetype costs: more than any distance between profiles."""

NEVER = 1e6


def names_for(
    profiles: Sequence[SegmentProfile],
    aspects: Mapping[Aspect, str],
    axes: Sequence[str],
    taken: Collection[str],
) -> list[str]:
    """A name a segment, none of them among `taken`, whatever the case of its letters."""
    gone = {name.casefold() for name in taken}
    names: list[str] = []
    for profile, found in zip(profiles, _archetypes(profiles, aspects, gone), strict=True):
        name = found or plain_name(profile, aspects, axes, gone)
        gone.add(name.casefold())
        names.append(name)
    return names


def _archetypes(
    profiles: Sequence[SegmentProfile], aspects: Mapping[Aspect, str], gone: Collection[str]
) -> list[str | None]:
    """The matching with the least distance altogether; None for whom no archetype is left."""
    from scipy.optimize import linear_sum_assignment

    free = [archetype for archetype in ARCHETYPES if archetype.name.casefold() not in gone]
    costs = np.full((len(profiles), len(free) + len(profiles)), WITHOUT)
    for row, profile in enumerate(profiles):
        effects = {aspect: profile.effect(column) for aspect, column in aspects.items()}
        for column, archetype in enumerate(free):
            fits = archetype.fits(effects)
            costs[row, column] = archetype.distance(effects) if fits else NEVER
    _, columns = linear_sum_assignment(costs)
    return [free[column].name if column < len(free) else None for column in columns.tolist()]
