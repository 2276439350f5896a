"""Each feature of a lens now beside what it was when the model was fitted. Gauges only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.active import are_active
from snapshot.drift.distances import psi, wasserstein
from snapshot.drift.pairing import paired
from snapshot.drift.standpoints import points_in
from stream.contracts.drift import Decomposition, FeatureDrift

if TYPE_CHECKING:
    from snapshot.moment import Moment
    from stream.contracts.lens import LensModel, ModelFeature
    from stream.model.arrays import Floats


def feature_drifts(first: Moment, now: Moment, running: LensModel) -> tuple[FeatureDrift, ...]:
    """Over the active customers of each moment, in the running model's space."""
    pair = paired(first, now)
    old_active, new_active = (are_active(m.table, running.rule_segments) for m in (first, now))
    if not old_active.any() or not new_active.any():
        return ()
    rows_before, rows_now = pair.in_both
    stayed = old_active[rows_before] & new_active[rows_now]
    before, after = points_in(first, running), points_in(now, running)
    return tuple(
        _feature(
            feature,
            before[old_active, axis],
            after[new_active, axis],
            before[rows_before[stayed], axis],
            after[rows_now[stayed], axis],
        )
        for axis, feature in enumerate(running.features)
    )


def _feature(
    feature: ModelFeature,
    before: Floats,
    after: Floats,
    stayed_before: Floats,
    stayed_after: Floats,
) -> FeatureDrift:
    stability, distance = psi(before, after), wasserstein(before, after)
    was, is_now = (float(values.mean()) for values in (before, after))
    behaviour = float((stayed_after - stayed_before).mean()) if len(stayed_before) else 0.0
    mix = is_now - was - behaviour
    return FeatureDrift(
        feature=feature.name,
        before=was * feature.scale + feature.centre,
        after=is_now * feature.scale + feature.centre,
        psi=max(stability.value, 0.0),
        psi_interval=stability.interval,
        wasserstein=distance.value,
        wasserstein_interval=distance.interval,
        split=Decomposition(
            mix=mix * feature.scale, behaviour=behaviour * feature.scale, model=0.0
        ),
    )
