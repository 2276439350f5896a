"""Who is nearest to which of the centroids that run, each on the customer's own partition.

What is published of a customer has margin and guard in it; this is what the centroids say, which
is what a new clustering is aligned with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE, Shapes
from stream.model.assignment import assign
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints


def learned_segments(lens: LensModel) -> tuple[SegmentRef, ...]:
    """The segments that centroids stand for, each once, in the centroids' order."""
    return tuple({each.segment.id: each.segment for each in lens.centroids}.values())


def nearest_running(
    moment: Moment, lens: LensModel, version: int, active: NDArray[np.bool_]
) -> Ints:
    """For each active customer the place in `learned_segments(lens)`.

    Of a partition that has not taken `version` up yet the centroids are those it will begin with.
    """
    codes = {segment.id: code for code, segment in enumerate(learned_segments(lens))}
    space = space_of(lens.features)
    points = space.project(moment.table.columns(space.needs)[active])
    partition = moment.partition[active]
    published = _published(lens, codes)
    there = moment.lenses.get(lens.lens)
    labels = np.empty(len(points), np.int64)
    for number in np.unique(partition).tolist():
        rows = partition == number
        shapes = _shapes(there, version, number, codes) or published
        labels[rows] = assign(shapes, points[rows], lens.pooled_variance).segment
    return labels


def present_positions(moment: Moment, lens: LensModel, version: int) -> Floats:
    """A row a centroid of `lens`: where partitions have them, by how many customers these have.

    As published where a partition has not taken `version` up, or has other centroids by now.
    """
    published = np.array([each.position for each in lens.centroids])
    there = moment.lenses.get(lens.lens)
    counts = np.bincount(moment.partition)
    if there is None or there.version != version or not counts.any():
        return published
    found = [_where(there, number, published, _ids(lens)) for number in range(len(counts))]
    weighted: Floats = np.average(np.stack(found), axis=0, weights=counts)
    return weighted


def _published(lens: LensModel, codes: dict[str, int]) -> Shapes:
    positions = np.array([each.position for each in lens.centroids])
    return Shapes(positions, np.array([codes[each.segment.id] for each in lens.centroids]))


def _shapes(
    there: LensAt | None, version: int, number: int, codes: dict[str, int]
) -> Shapes | None:
    """A partition's own; None where it runs another version, or none."""
    if there is None or there.version != version or number >= len(there.running):
        return None
    running = there.running[number]
    segments = [codes.get(each, NONE) for each in running.segments]
    if not segments or NONE in segments:
        return None
    return Shapes(np.ascontiguousarray(running.positions), np.array(segments, np.int64))


def _where(there: LensAt, number: int, published: Floats, ids: Sequence[str]) -> Floats:
    running = there.running[number] if number < len(there.running) else None
    if running is None or tuple(running.segments) != tuple(ids):
        return published
    return running.positions


def _ids(lens: LensModel) -> list[str]:
    return [each.segment.id for each in lens.centroids]
