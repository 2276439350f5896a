"""Whether a segment is still called what it was called.

A name goes with the segment's id. One that was given for a profile stays until the profile has
moved: until in any feature that names look at the effect is `MOVED` or more from what it was when
the name was given. Not since last week, or a name would outlast any slow change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.lens import Effect, NamedBy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from snapshot.explaining.profiles import SegmentProfile
    from stream.contracts.lens import Centroid, LensModel

MOVED = 0.5
"""Half a standard deviation of all active customers. The mean of thirty of them moves by a third
of that by chance; from one archetype to the next it is about one whole."""


def kept(
    running: LensModel | None, profiles: Sequence[SegmentProfile], overridden: Collection[str]
) -> Mapping[str, Centroid]:
    """The running centroids of segments that keep their names, by id.

    A name that settings gave, and give no more, isn't kept.
    """
    if running is None:
        return {}
    before = {centroid.segment.id: centroid for centroid in running.centroids}
    found = [profile for profile in profiles if profile.segment_id in before]
    return {
        profile.segment_id: before[profile.segment_id]
        for profile in found
        if profile.segment_id not in overridden and _stays(before[profile.segment_id], profile)
    }


def effects_of(profile: SegmentProfile, columns: Sequence[str]) -> tuple[Effect, ...]:
    """How a segment lies when it gets its name."""
    return tuple(
        Effect(feature=column, effect=profile.effect(column))
        for column in columns
        if column in profile.features
    )


def moved(centroid: Centroid, profile: SegmentProfile) -> float:
    """How far the profile is from the one that the name was given for: the largest difference.

    Infinite where none of the features is known any more.
    """
    known = [then for then in centroid.named_for if then.feature in profile.features]
    differences = [abs(profile.effect(then.feature) - then.effect) for then in known]
    return max(differences, default=float("inf"))


def _stays(centroid: Centroid, profile: SegmentProfile) -> bool:
    if centroid.named_by is NamedBy.HAND:
        return True
    return centroid.named_by is NamedBy.PROFILE and moved(centroid, profile) < MOVED
