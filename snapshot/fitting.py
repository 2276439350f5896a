"""The first model: each lens fitted on its own, from one table of customers.

Nothing is aligned with a model before: its segments are new ones, with numbers of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active
from snapshot.clusterers.clusters import around
from snapshot.fresh import fresh_fit
from snapshot.measures import silhouette
from snapshot.naming import names_by_rank, ranked, ranking_axis
from snapshot.numbering import segment_id
from snapshot.outliers import screened
from snapshot.scaling import axes_of
from snapshot.youth import is_young
from stream.contracts.lens import Centroid, Fit, LensModel, NamedBy
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.errors import InputError
from stream.model.change import instant
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from snapshot.clusterers import Clusters
    from snapshot.table import CustomerTable
    from stream.contracts.lens import ModelFeature
    from stream.model.arrays import Floats
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True)
class Enough:
    """How much there has to be before a first fit means anything."""

    customers: int = 200
    """Active ones, in each lens."""

    days: float = 45.0
    """Of event time, from the first line to the instant of the table: sums of half a half-life
    tell who comes often from who came twice."""


def first_model(
    table: CustomerTable,
    specs: Sequence[LensSpec],
    created_at: datetime,
    *,
    k: int | None = None,
    enough: Enough | None = None,
    fingerprint: str = "",
    first_numbers: Mapping[str, int] | None = None,
) -> SegmentModel:
    """A model of these lenses with `k` segments each, or as many as each lens says itself, or as
    many as are stable.

    `first_numbers` says from where on segments of a lens are numbered, where some were before.
    """
    enough = enough or Enough()
    if not len(table):
        raise InputError(
            "there are no profiles yet: replay transactions and run `shoal consume` first"
        )
    require_days(table, enough, "take --min-days")
    first = first_numbers or {}
    lenses = tuple(
        fit_lens(table, spec, k, enough.customers, first.get(spec.name, 1)) for spec in specs
    )
    return SegmentModel(
        version=1,
        instant=instant(table.instant_ms),
        created_at=created_at,
        fingerprint=fingerprint,
        lenses=lenses,
        note="fitted afresh",
    )


def fit_lens(
    table: CustomerTable,
    spec: LensSpec,
    k: int | None,
    least_customers: int = 1,
    first_number: int = 1,
) -> LensModel:
    """One lens: who is active, the axes, the centroids, and what they are called."""
    rules = spec.rule_segments()
    active = table.of(are_active(table, rules))
    _require_customers(spec.name, len(active), len(table), least_customers)
    axes = axes_of(spec, active)
    space = space_of(axes)
    points = space.project(active.columns(space.needs))
    _, out = screened(points, spec.outliers)
    fitted_on = points[~out]
    fresh = fresh_fit(fitted_on, spec, k, young=is_young(table, spec))
    clusters = around(fitted_on, fresh.centres)
    return LensModel(
        lens=spec.name,
        features=axes,
        centroids=_centroids(spec.name, axes, around(points, fresh.centres), first_number),
        pooled_variance=clusters.squares / fitted_on.size,
        rule_segments=rules,
        transition=spec.transition,
        learning=spec.learning,
        next_segment=first_number + len(fresh.centres),
        fit=_fit(fitted_on, clusters, fresh.stability, int(out.sum())),
    )


def _centroids(
    lens: str, axes: tuple[ModelFeature, ...], clusters: Clusters, first_number: int
) -> tuple[Centroid, ...]:
    assert clusters.centres is not None  # a fit without any was refused
    axis = ranking_axis([feature.name for feature in axes])
    order = ranked(clusters.centres, axis).tolist()
    customers = np.bincount(clusters.labels, minlength=len(order))
    names = names_by_rank(len(order), axes[axis].name)
    return tuple(
        Centroid(
            segment=SegmentRef(id=segment_id(lens, first_number + rank), name=names[rank]),
            position=tuple(clusters.centres[label].tolist()),
            customers=int(customers[label]),
            named_by=NamedBy.PROFILE,
        )
        for rank, label in enumerate(order)
    )


def _fit(points: Floats, clusters: Clusters, stability: float, outliers: int) -> Fit:
    return Fit(
        customers=len(points),
        outliers=outliers,
        fresh=True,
        inertia=clusters.squares / len(points),
        silhouette=silhouette(points, clusters.labels),
        stability=stability,
    )


def require_days(table: CustomerTable, enough: Enough, remedy: str) -> None:
    """Of event time, for a first model."""
    if table.days < enough.days:
        raise InputError(
            f"there are {table.days:.1f} days of event time, and a first model needs "
            f"{enough.days:g}: wait for more, or {remedy}"
        )


def _require_customers(lens: str, active: int, customers: int, least: int) -> None:
    if active < max(least, 1):
        raise InputError(
            f"lens {lens!r} has {active:,} active customers of {customers:,}, and a first model "
            f"needs {max(least, 1):,}: wait for more, or take --min-customers"
        )
