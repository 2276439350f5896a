"""Two versions of a model held against each other: what became of lenses and segments. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snapshot.carrying import in_space_of
from snapshot.plain_centres import plain_centres
from stream.contracts.segment_event import Happened, SegmentEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats


class Side(NamedTuple):
    """A learned segment as one of the versions has it."""

    name: str
    customers: int
    share: float
    """Of those that its lens was fitted on."""

    centre: tuple[float, ...]
    """In the features' own units."""


@dataclass(frozen=True, slots=True)
class SegmentDifference:
    """A learned segment in both versions, or in one of them."""

    id: str
    before: Side | None
    after: Side | None
    distance: float | None
    """How far its centroid went, in the newer version's space; None where that can't be said."""


@dataclass(frozen=True, slots=True)
class LensDifference:
    """A lens that both versions have, or one of them."""

    lens: str
    before: LensModel | None
    after: LensModel | None
    features: tuple[str, ...]
    """The newer version's, else the older's."""

    segments: tuple[SegmentDifference, ...]
    """Those of the newer version in its order, then those that it doesn't have any more."""


def differences(before: SegmentModel, after: SegmentModel) -> tuple[LensDifference, ...]:
    """Lens by lens, by name."""
    names = sorted({lens.lens for lens in (*before.lenses, *after.lenses)})
    return tuple(_lens(name, before.lens(name), after.lens(name)) for name in names)


def renewal_events(
    before: SegmentModel, after: SegmentModel, observed_at: datetime
) -> tuple[SegmentEvent, ...]:
    """What happens to segments when a version is taken back: by what the versions say alone,
    because nobody was looked at."""
    return tuple(
        SegmentEvent(
            lens=lens.lens,
            segment=_ref(one, lens.after if happened is not Happened.RETIRED else lens.before),
            happened=happened,
            previous_name=one.before.name if happened is Happened.RENAMED and one.before else None,
            customers=side.customers,
            model_version=after.version,
            previous_model_version=before.version,
            occurred_at=after.instant,
            observed_at=observed_at,
        )
        for lens in differences(before, after)
        for one in lens.segments
        for happened, side in _happened(one)
    )


def _happened(one: SegmentDifference) -> Iterator[tuple[Happened, Side]]:
    if one.before is None and one.after is not None:
        yield Happened.BORN, one.after
    elif one.after is None and one.before is not None:
        yield Happened.RETIRED, one.before
    elif one.after is not None and one.before is not None and one.before.name != one.after.name:
        yield Happened.RENAMED, one.after


def _ref(one: SegmentDifference, lens: LensModel | None) -> SegmentRef:
    assert lens is not None  # the side that has the segment
    return next(centroid.segment for centroid in lens.centroids if centroid.segment.id == one.id)


def _lens(name: str, before: LensModel | None, after: LensModel | None) -> LensDifference:
    old, new = _sides(before), _sides(after)
    ids = [*new, *(segment_id for segment_id in old if segment_id not in new)]
    shown = after or before
    assert shown is not None
    gone = _distances(before, after)
    return LensDifference(
        name,
        before,
        after,
        tuple(feature.name for feature in shown.features),
        tuple(SegmentDifference(one, old.get(one), new.get(one), gone.get(one)) for one in ids),
    )


def _sides(lens: LensModel | None) -> dict[str, Side]:
    """By id. Where several centroids stand for a segment, the first is its centre."""
    if lens is None:
        return {}
    everybody = sum(centroid.customers for centroid in lens.centroids) or 1
    found: dict[str, Side] = {}
    for centroid, centre in zip(lens.centroids, plain_centres(lens).tolist(), strict=True):
        ref = centroid.segment
        one = found.get(ref.id) or Side(ref.name, 0, 0.0, tuple(centre))
        customers = one.customers + centroid.customers
        found[ref.id] = one._replace(customers=customers, share=customers / everybody)
    return found


def _distances(before: LensModel | None, after: LensModel | None) -> dict[str, float]:
    """Scales and units may differ, what is scaled may not."""
    if before is None or after is None:
        return {}
    carried = in_space_of(_positions(before), before, after)
    if carried is None:
        return {}
    old, new = _by_segment(before, carried), _by_segment(after, _positions(after))
    return {one: float(np.linalg.norm(new[one] - old[one])) for one in new if one in old}


def _positions(lens: LensModel) -> Floats:
    return np.array([centroid.position for centroid in lens.centroids])


def _by_segment(lens: LensModel, positions: Floats) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for centroid, position in zip(lens.centroids, positions, strict=True):
        found.setdefault(centroid.segment.id, position)
    return found
