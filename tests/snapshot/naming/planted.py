"""Shops whose segments are known: each customer drawn around what their group does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.batch_fit import BatchFit
from snapshot.moment import Moment
from snapshot.table import CustomerTable
from stream.contracts.lens import (
    Centroid,
    LensModel,
    ModelFeature,
    Rule,
    RuleSegment,
    Transform,
)
from stream.contracts.segment import SegmentRef
from stream.model.arrays import DAY_MS
from stream.model.space import space_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.model.arrays import Floats

NOW_MS = 15_000 * DAY_MS

NAMES = (
    "orders",
    "spend",
    "recency_days",
    "tenure_days",
    "average_order_value",
    "basket_size",
    "spend_w90",
    "orders_d90",
    "spend_d90",
    "lines_d90",
    "night_share_d90",
    "weekend_share_d90",
    "discount_share_d90",
)

AXES = {
    "value": ("orders_d90", "spend_d90", "lines_d90"),
    "habits": ("night_share_d90", "weekend_share_d90", "discount_share_d90"),
}


@dataclass(frozen=True)
class Group:
    """What its customers do on average."""

    customers: int = 100
    orders: float = 4.0
    order_value: float = 80.0
    recency_days: float = 25.0
    tenure_days: float = 200.0
    night: float = 0.1
    weekend: float = 0.2
    discount: float = 0.1
    faded: float = 0.6
    """What is left of orders and money where the older count less."""


def moment_of_groups(groups: Sequence[Group], seed: int = 0, inflation: float = 1.0) -> Moment:
    """Everybody active, group after group."""
    rng = np.random.default_rng(seed)
    rows = np.concatenate([_customers(rng, group, inflation) for group in groups])
    silent_ms = (rows[:, NAMES.index("recency_days")] * DAY_MS).astype(np.int64)
    table = CustomerTable(
        ids=tuple(f"c{row:05}" for row in range(len(rows))),
        names=NAMES,
        features=rows,
        last_purchase_ms=NOW_MS - silent_ms,
        instant_ms=NOW_MS,
        first_ms=NOW_MS - 400 * DAY_MS,
    )
    return Moment(table, np.zeros(len(rows), np.int64), None, {})


def fit_of_groups(
    moment: Moment, groups: Sequence[Group], lens: str = "value", ids: Sequence[int] = ()
) -> BatchFit:
    """A clustering that found the groups, numbered from 1 or as told."""
    labels = np.repeat(np.arange(len(groups)), [group.customers for group in groups])
    return fit_of_labels(moment, labels, lens, ids or range(1, len(groups) + 1))


def fit_of_labels(
    moment: Moment, labels: np.ndarray, lens: str, numbers: Sequence[int]
) -> BatchFit:
    """As a fit with these labels would be."""
    transform = Transform.ARCSINE_SQRT if lens == "habits" else Transform.LOG1P
    features = tuple(
        ModelFeature(name=name, transform=transform, centre=1.0, scale=0.5)
        for name in AXES.get(lens, AXES["value"])
    )
    space = space_of(features)
    points = space.project(moment.table.columns(space.needs))
    centroids = tuple(
        Centroid(
            segment=SegmentRef(id=f"{lens}-{number}", name=f"Rank {number}"),
            position=tuple(_centre(points, labels == place).tolist()),
            customers=int((labels == place).sum()),
        )
        for place, number in enumerate(numbers)
    )
    model = LensModel(
        lens=lens,
        features=features,
        centroids=centroids,
        pooled_variance=1.0,
        rule_segments=(
            RuleSegment(
                segment=SegmentRef(id=f"{lens}-dormant", name="Dormant"),
                rule=Rule.DORMANT,
                after_days=90.0,
            ),
        ),
        next_segment=max(numbers) + 1,
    )
    people = len(points)
    return BatchFit(
        model,
        np.ones(people, np.bool_),
        labels.astype(np.int64),
        points,
        np.zeros(people),
        np.zeros(people, np.bool_),
    )


def names_of(lens: LensModel) -> list[str]:
    return [centroid.segment.name for centroid in lens.centroids]


def without(moment: Moment, *names: str) -> Moment:
    """The moment of a table that doesn't have these columns."""
    kept = tuple(name for name in moment.table.names if name not in names)
    columns = moment.table.columns(kept)
    return replace(moment, table=replace(moment.table, names=kept, features=columns))


def _centre(points: Floats, there: np.ndarray) -> Floats:
    centre: Floats = points[there].mean(axis=0) if there.any() else np.zeros(points.shape[1])
    return centre


def _customers(rng: np.random.Generator, group: Group, inflation: float) -> Floats:
    def around(mean: float, spread: float = 0.2) -> Floats:
        return mean * rng.lognormal(-(spread**2) / 2, spread, group.customers)

    orders = np.maximum(np.round(around(group.orders)), 1.0)
    value = around(group.order_value) * inflation
    shares = [
        np.clip(rng.normal(mean, 0.05, group.customers), 0.0, 1.0)
        for mean in (group.night, group.weekend, group.discount)
    ]
    columns = {
        "orders": orders,
        "spend": orders * value,
        "recency_days": np.minimum(around(group.recency_days), 89.0),
        "tenure_days": around(group.tenure_days),
        "average_order_value": value,
        "basket_size": value / 10 / inflation,
        "spend_w90": orders * value * group.faded,
        "orders_d90": orders * group.faded,
        "spend_d90": orders * value * group.faded,
        "lines_d90": orders * group.faded * 5,
        "night_share_d90": shares[0],
        "weekend_share_d90": shares[1],
        "discount_share_d90": shares[2],
    }
    return np.column_stack([columns[name] for name in NAMES])
