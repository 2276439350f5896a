"""A model with the centroids where a partition's learning has carried them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active
from snapshot.published import model_of
from snapshot.river_export import river_export
from snapshot.table import table_of
from stream.contracts.lens import Rule
from stream.errors import InputError
from stream.model.space import net_spend_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.partitions import PartitionState
    from snapshot.river_export import RiverExport
    from stream.blocks.head import LensHead
    from stream.contracts.lens import Centroid, LensModel
    from stream.contracts.model import SegmentModel
    from stream.profile.state import Profiles


def partition_export(models: Sequence[SegmentModel], state: PartitionState) -> RiverExport:
    """The model that a partition works with, as it stands there now."""
    head = state.head
    if head.model_version is None:
        raise InputError(
            f"partition {head.partition} has no model yet: `shoal snapshot` makes one, "
            "and `shoal consume` takes it up"
        )
    model = model_of(models, head.model_version)
    lenses = tuple(_as_learned(models, lens) for lens in head.lenses)
    taken = model.model_copy(
        update={
            "lenses": lenses,
            "based_on": model.version,
            "shape_of": None,
            "note": f"version {model.version} as partition {head.partition} has learned on",
        }
    )
    active = {lens.lens: active_customers(lens, state.profiles) for lens in lenses}
    return river_export(taken, active, head.partition)


def version_export(model: SegmentModel) -> RiverExport:
    """A version as it was published; its lenses learn from all customers of their fits."""
    return river_export(model, {lens.lens: _fitted_on(lens) for lens in model.lenses})


def active_customers(lens: LensModel, profiles: Profiles) -> int:
    """How many customers of a partition no rule segment takes, at its sweep time."""
    nets = any(rule.rule is Rule.NO_NET_SPEND for rule in lens.rule_segments)
    net_spend = net_spend_of([feature.name for feature in lens.features])
    table = table_of([profiles], [net_spend] if nets else [], profiles.sweep_ms)
    return int(np.count_nonzero(are_active(table, lens.rule_segments)))


def _as_learned(models: Sequence[SegmentModel], head: LensHead) -> LensModel:
    published = model_of(models, head.version).lens(head.name)
    if published is None:
        raise InputError(f"version {head.version} of the model has no lens {head.name!r}")
    centroids = tuple(
        _centroid(published, head, code).model_copy(update={"position": position})
        for code, position in zip(head.centroid_segments, head.positions, strict=True)
    )
    return published.model_copy(update={"centroids": centroids, "fit": None})


def _centroid(published: LensModel, head: LensHead, code: int) -> Centroid:
    """The published one of that segment: its name, and what is said of it, stay."""
    segment_id, _ = head.segments[code]
    return next(one for one in published.centroids if one.segment.id == segment_id)


def _fitted_on(lens: LensModel) -> int:
    if lens.fit is not None:
        return lens.fit.customers
    return sum(centroid.customers for centroid in lens.centroids)
