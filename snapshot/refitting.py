"""A lens fitted on a moment and aligned with what runs: the batch clustering of a snapshot.

The scaler is measured anew with it: a space that stays behind would be drift of its own making.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active
from snapshot.alignment import align
from snapshot.batch_fit import BatchFit
from snapshot.clusterers import nearest
from snapshot.clusterers.clusters import squares_of
from snapshot.finding import Start, find, follow, members_middles, steps_of
from snapshot.measures import silhouette
from snapshot.naming import ranked, ranking_axis
from snapshot.numbering import segment_id
from snapshot.outliers import screened
from snapshot.running import learned_segments, nearest_running
from snapshot.scaling import axes_of
from snapshot.youth import is_young
from stream.contracts.lens import Centroid, Fit, LensModel
from stream.contracts.segment import SegmentRef
from stream.errors import InputError
from stream.model.arrays import NONE
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from snapshot.alignment import Alignment
    from snapshot.choices import Choices
    from snapshot.finding import Found
    from snapshot.moment import Moment
    from stream.contracts.lens import ModelFeature
    from stream.model.arrays import Floats, Ints
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True)
class Present:
    """A lens as it was published last: what a refit starts from."""

    lens: LensModel
    version: int
    instant_ms: int
    """That its model is of."""


@dataclass(frozen=True, slots=True, eq=False)
class Refit:
    """A fit, and how its segments come from those that ran."""

    fit: BatchFit
    before: tuple[SegmentRef, ...]
    """The learned segments that ran; none at a first fit."""

    alignment: Alignment
    """Rows are `before`, columns `fit.lens.centroids`."""

    @property
    def fresh(self) -> bool:
        """Whether it was made from scratch."""
        return self.fit.lens.fit is not None and self.fit.lens.fit.fresh

    @property
    def moved(self) -> float:
        """The share of customers who are nearest to another segment's centroid than before."""
        heirs = self.alignment.heirs
        places = np.flatnonzero(heirs != NONE)
        stayed = int(self.alignment.shared[heirs[places], places].sum())
        return 1.0 - stayed / max(int(self.alignment.shared.sum()), 1)

    @property
    def smallest_before(self) -> float:
        """The share of customers in the smallest segment that ran; 1 where none did."""
        sizes = self.alignment.shared.sum(axis=1)
        return (
            float(sizes.min(initial=sizes.sum()) / max(int(sizes.sum()), 1)) if len(sizes) else 1.0
        )

    def named(self, lens: LensModel) -> Refit:
        """The same with the segments called as in `lens`."""
        return replace(self, fit=replace(self.fit, lens=lens))


def refit(
    moment: Moment,
    spec: LensSpec,
    present: Present | None,
    choices: Choices,
    *,
    warm: bool = False,
) -> Refit:
    """The lens as it would be published: survivors have their ids and names, the newborn the next
    numbers and a name to go by until they are named for what they are. `warm` says that it has to
    start from where the segments run, where that can be.

    Raises InputError where too few customers are active, or too much alike.
    """
    ground = _ground(moment, spec, present, choices)
    start = ground.start(of_all=not warm)
    if warm and start is not None:
        return ground.refit(spec, follow(ground.points, spec, start))
    young = is_young(moment.table, spec)
    return ground.refit(spec, find(ground.points, spec, start, choices, young=young))


def steps_toward(
    moment: Moment, spec: LensSpec, present: Present, choices: Choices
) -> Sequence[Callable[[], Refit]]:
    """The way from where the segments run to where a warm `refit` comes to: of each step, asked
    for, the lens as it would be published there. Empty where there is nowhere to start from."""
    ground = _ground(moment, spec, present, choices)
    start = ground.start(of_all=False)
    steps = steps_of(ground.points, start) if start is not None else ()
    return [partial(ground.refit, spec, found) for found in steps]


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What a refit stands on."""

    present: Present | None
    people: _People
    before: tuple[SegmentRef, ...]
    labels: Ints
    """For each active customer the place in `before`."""

    @property
    def points(self) -> Floats:
        """Those that are fitted on."""
        return self.people.points[~self.people.outliers]

    def start(self, *, of_all: bool) -> Start | None:
        """None where there is nowhere to start from: a segment has lost everybody. Unless it is
        `of_all`, the others can do without that one."""
        labels, count = self.labels[~self.people.outliers], len(self.before)
        there = np.unique(labels)
        if not of_all and 1 < len(there) < count:
            labels, count = np.searchsorted(there, labels), len(there)
        return _start(self.present, self.points, labels, count)

    def refit(self, spec: LensSpec, found: Found) -> Refit:
        return _refit(spec, self.present, self.people, self.before, self.labels, found)


def _ground(moment: Moment, spec: LensSpec, present: Present | None, choices: Choices) -> _Ground:
    people = _people(moment, spec, choices)
    running = _running(moment, present, people.active)
    return _Ground(present, people, *running)


def _refit(
    spec: LensSpec,
    present: Present | None,
    people: _People,
    before: tuple[SegmentRef, ...],
    labels: Ints,
    found: Found,
) -> Refit:
    centres = _by_rank(found.centres, people.axes)
    after = nearest(people.points, centres)
    alignment = align(labels, after, len(before), len(centres))
    number = present.lens.next_segment if present else 1
    segments = _segments(spec.name, before, alignment.heirs, number)
    lens = LensModel(
        lens=spec.name,
        features=people.axes,
        centroids=_centroids(segments, centres, after),
        pooled_variance=_squares(people, centres, after) / people.points[~people.outliers].size,
        rule_segments=spec.rule_segments(),
        transition=spec.transition,
        learning=spec.learning,
        next_segment=number + len(alignment.born()),
        fit=_fit(people, centres, after, found),
    )
    fit = BatchFit(
        lens, people.active, after, people.points, people.outlier_scores, people.outliers
    )
    return Refit(fit, before, alignment)


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    """Who is fitted on, an entry an active customer; `active` has one a customer."""

    active: NDArray[np.bool_]
    axes: tuple[ModelFeature, ...]
    points: Floats
    outlier_scores: Floats
    outliers: NDArray[np.bool_]


def _people(moment: Moment, spec: LensSpec, choices: Choices) -> _People:
    active = are_active(moment.table, spec.rule_segments())
    table = moment.table.of(active)
    _require_customers(spec.name, len(table), len(moment), choices.enough.customers)
    axes = axes_of(spec, table)
    space = space_of(axes)
    points = space.project(table.columns(space.needs))
    return _People(active, axes, points, *screened(points, spec.outliers))


def _require_customers(lens: str, active: int, customers: int, least: int) -> None:
    if active < max(least, 1):
        raise InputError(
            f"lens {lens!r} has {active:,} active customers of {customers:,}, and a fit needs "
            f"{max(least, 1):,}: wait for more, or lower snapshot.least_customers"
        )


def _running(
    moment: Moment, present: Present | None, active: NDArray[np.bool_]
) -> tuple[tuple[SegmentRef, ...], Ints]:
    """The segments that run, and whose centroid each active customer is nearest to."""
    if present is None:
        return (), np.full(int(np.count_nonzero(active)), NONE, np.int64)
    labels = nearest_running(moment, present.lens, present.version, active)
    return learned_segments(present.lens), labels


def _start(present: Present | None, points: Floats, labels: Ints, count: int) -> Start | None:
    """None where there is nowhere to start from."""
    middles = members_middles(points, labels, count)
    if present is None or middles is None:
        return None
    fit = present.lens.fit
    return Start(middles, fit.chosen_inertia if fit else None)


def _by_rank(centres: Floats, axes: Sequence[ModelFeature]) -> Floats:
    """From the highest to the lowest, so that a first fit numbers its segments in an order."""
    return centres[ranked(centres, ranking_axis([feature.name for feature in axes]))]


def _segments(
    lens: str, before: Sequence[SegmentRef], heirs: Ints, number: int
) -> list[SegmentRef]:
    segments = []
    for heir in heirs.tolist():
        if heir != NONE:
            segments.append(before[heir])
        else:
            segments.append(SegmentRef(id=segment_id(lens, number), name=f"Segment {number}"))
            number += 1
    return segments


def _centroids(
    segments: Sequence[SegmentRef], centres: Floats, labels: Ints
) -> tuple[Centroid, ...]:
    sizes = np.bincount(labels, minlength=len(centres)).tolist()
    return tuple(
        Centroid(segment=segment, position=tuple(position), customers=size)
        for segment, position, size in zip(segments, centres.tolist(), sizes, strict=True)
    )


def _squares(people: _People, centres: Floats, labels: Ints) -> float:
    """Of those who were fitted on."""
    kept = ~people.outliers
    return squares_of(people.points[kept], labels[kept], centres)


def _fit(people: _People, centres: Floats, labels: Ints, found: Found) -> Fit:
    kept = ~people.outliers
    customers = int(np.count_nonzero(kept))
    return Fit(
        customers=customers,
        outliers=len(kept) - customers,
        fresh=found.fresh,
        inertia=_squares(people, centres, labels) / customers,
        silhouette=silhouette(people.points[kept], labels[kept]),
        stability=found.stability,
        chosen_inertia=found.least_inertia,
    )
