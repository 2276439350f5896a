"""Segment by segment: shares, order values and centroids, as far as moments can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.order_value import order_values
from snapshot.drift.shares import share_changes, shares_of
from stream.contracts.drift import SegmentDrift

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from snapshot.drift.order_value import OrderValue
    from snapshot.drift.pairing import Pair
    from snapshot.drift.shares import ShareChange
    from snapshot.moment import LensAt
    from stream.contracts.lens import LensModel


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A moment beside earlier ones of the same lens; None where there is none old enough."""

    week: Pair | None
    month: Pair | None


def segment_drifts(
    lens: LensAt, running: LensModel, compared: Compared, distances: Mapping[str, float]
) -> tuple[SegmentDrift, ...]:
    """Of every published segment, learned ones and those made by rules."""
    learned = learned_of(lens, running)
    now = shares_of(lens, learned)
    changes: list[ShareChange | None] = [None] * len(now)
    if compared.week is not None:
        changes = share_changes(compared.week, running.lens, running, learned)
    values: dict[str, OrderValue] = {}
    if compared.month is not None:
        before = compared.month.before.lenses[running.lens]
        values = order_values(compared.month, running.lens, learned_of(before, running))
    return tuple(
        _segment(
            SegmentDrift(
                segment=segment,
                learned=is_learned,
                customers=customers,
                share=share,
                centroid_distance=distances.get(segment.id),
            ),
            change,
            values.get(segment.id),
        )
        for segment, is_learned, (customers, share), change in zip(
            lens.segments, learned.tolist(), now, changes, strict=True
        )
    )


def learned_of(lens: LensAt, running: LensModel) -> NDArray[np.bool_]:
    """For each segment whether no rule makes it."""
    ruled = {rule.segment.id for rule in running.rule_segments}
    return np.array([segment.id not in ruled for segment in lens.segments], np.bool_)


def _segment(
    segment: SegmentDrift, change: ShareChange | None, value: OrderValue | None
) -> SegmentDrift:
    """With what could be compared."""
    found: dict[str, object] = {}
    if change is not None:
        found |= {
            "customers_before": change.customers_before,
            "share_before": change.share_before,
            "share_log_ratio": change.log_ratio,
            "share_noise": change.noise,
            "share_split": change.split.parts,
            "share_common": change.split.of_youth,
        }
    if value is not None:
        found |= {
            "order_value_effect": value.effect,
            "order_value_noise": value.noise,
            "order_value_customers": value.customers,
        }
    return segment.model_copy(update=found)
