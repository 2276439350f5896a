"""Which segment each active customer is in: by the batch, by running, by frozen centroids, and as
published. One set of codes for all, so that they can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE, Shapes
from stream.model.assignment import assign
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.drift.pairing import Pair
    from snapshot.moment import LensAt, Moment, Running
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Standpoints:
    """An entry an active customer; `NONE` is no segment."""

    batch: Ints
    running: Ints
    frozen: Ints
    published: Ints


def standpoints(moment: Moment, lens: LensAt, running: LensModel, fit: BatchFit) -> Standpoints:
    """All four, of a moment whose tasks worked with `running`."""
    codes = _codes(lens, running, fit)
    points = points_in(moment, running)[fit.active]
    batch_ids = [centroid.segment.id for centroid in fit.lens.centroids]
    published_ids = [segment.id for segment in lens.segments]
    return Standpoints(
        batch=_coded(fit.labels, batch_ids, codes),
        running=_by_running(points, moment.partition[fit.active], lens, running, codes),
        frozen=_nearest(frozen_centroids(running), points, codes),
        published=_coded(lens.published[fit.active], published_ids, codes),
    )


@dataclass(frozen=True, slots=True, eq=False)
class ByLinesNow:
    """Customers who are in two moments, between the lines as they are now; an entry each."""

    before: Ints
    """By what they did before."""

    moved_alike: Ints
    """By what they did before, had all of them changed as they did on average."""

    now: Ints
    """By what they do now."""


def by_lines_now(
    pair: Pair, name: str, running: LensModel, rows_before: Ints, rows: Ints
) -> ByLinesNow:
    """In codes of the later moment."""
    lens = pair.now.lenses[name]
    codes = {segment.id: code for code, segment in enumerate(lens.segments)}
    partition = pair.now.partition[rows]
    before, now = points_in(pair.before, running)[rows_before], points_in(pair.now, running)[rows]
    found = [
        _by_running(points, partition, lens, running, codes)
        for points in (before, _moved_alike(before, now), now)
    ]
    return ByLinesNow(*found)


def _moved_alike(before: Floats, now: Floats) -> Floats:
    """With the means and the spreads, axis by axis, of where they are now."""
    if not len(before):
        return before
    spread = before.std(axis=0)
    stretch = np.divide(now.std(axis=0), spread, out=np.ones_like(spread), where=spread > 0.0)
    moved: Floats = (before - before.mean(axis=0)) * stretch + now.mean(axis=0)
    return moved


def points_in(moment: Moment, lens: LensModel) -> Floats:
    """Everybody of the moment in the space of a lens."""
    space = space_of(lens.features)
    return space.project(moment.table.columns(space.needs))


def frozen_centroids(lens: LensModel) -> tuple[Floats, tuple[str, ...]]:
    """Where the centroids were when the model was published, and whose they are."""
    positions = np.array([centroid.position for centroid in lens.centroids])
    return positions, tuple(centroid.segment.id for centroid in lens.centroids)


def running_centroids(
    lens: LensAt, partition: int, running: LensModel
) -> tuple[Floats, tuple[str, ...]]:
    """Those of a partition; of one that had no model yet as they were published."""
    there: Running | None = lens.running[partition] if partition < len(lens.running) else None
    if there is None or not len(there.positions):
        return frozen_centroids(running)
    return there.positions, there.segments


def _by_running(
    points: Floats,
    partition: Ints,
    lens: LensAt,
    running: LensModel,
    codes: Mapping[str, int],
) -> Ints:
    found = np.full(len(points), NONE, np.int64)
    for number in np.unique(partition).tolist():
        mine = partition == number
        found[mine] = _nearest(running_centroids(lens, number, running), points[mine], codes)
    return found


def _nearest(
    centroids: tuple[Floats, tuple[str, ...]], points: Floats, codes: Mapping[str, int]
) -> Ints:
    positions, segments = centroids
    shapes = Shapes(
        np.ascontiguousarray(positions, np.float64),
        np.array([codes.get(segment, NONE) for segment in segments], np.int64),
    )
    return assign(shapes, points, variance=1.0).segment


def _codes(lens: LensAt, running: LensModel, fit: BatchFit) -> dict[str, int]:
    ids = [centroid.segment.id for centroid in (*fit.lens.centroids, *running.centroids)]
    ids += [segment.id for segment in lens.segments]
    ids += [segment for part in lens.running for segment in part.segments]
    return {segment: code for code, segment in enumerate(dict.fromkeys(ids))}


def _coded(places: Ints, ids: Sequence[str], codes: Mapping[str, int]) -> Ints:
    return np.array([*(codes[segment] for segment in ids), NONE], np.int64)[places]
