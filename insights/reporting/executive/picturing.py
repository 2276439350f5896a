"""The data of a report's charts, from the snapshot at the end of the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insights.points import correlations, plane_of, points_of, says, strongest
from insights.reporting.cards import short_name
from insights.reporting.executive.how_many import by_k
from insights.reporting.executive.pictured import (
    Column,
    Correlations,
    Habit,
    Pictures,
    Plane,
    Points,
    Profiles,
    Shape,
)
from insights.reporting.executive.segments import LEAST_CUSTOMERS
from insights.reporting.executive.standing import Sums, means_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.arrays import Floats, Ints
    from insights.reporting.executive.seen import Seen, Story
    from snapshot.batch_fit import BatchFit
    from snapshot.moment import LensAt

MOST_POINTS = 1_200
"""Customers drawn: more make a large file and a blot."""

MOST_FOR_PLANE = 20_000
"""Customers that axes are found from."""

COLUMNS = 24
BEHAVIOUR = (
    "recency_days",
    "orders",
    "spend",
    "average_order_value",
    "basket_size",
    "interpurchase_days",
    "distinct_products",
    "night_ratio",
    "weekend_ratio",
    "discount_ratio",
    "return_ratio",
)
"""What a customer does, none of it another one's sum or window."""

MONTHS = tuple(f"month_{month:02}_share" for month in range(1, 13))


def pictures_of(story: Story, fit: BatchFit | None) -> Pictures:
    """As far as the snapshot has what they need; nothing of too few customers. `fit` is what the
    main lens has of its active customers."""
    seen, at = story.now, story.now.lens(story.main_lens)
    if len(seen.moment) < LEAST_CUSTOMERS:
        return Pictures()
    return Pictures(
        profiles=_profiles(seen, at) if at else None,
        recency_and_spend=_recency_and_spend(seen, at) if at else (),
        plane=_plane(seen, at) if at else None,
        correlations=_correlations(seen),
        order_values=_order_values(seen),
        habits=_habits(seen, at),
        months=_months(seen),
        by_k=by_k(fit) if fit else None,
    )


def _profiles(seen: Seen, at: LensAt) -> Profiles | None:
    means, everybody = means_of(seen, at)
    counts = Sums.of(at).counts().tolist()
    shown = [
        (ref.name, one)
        for ref, one, count in zip(at.segments, means, counts, strict=False)
        if count >= LEAST_CUSTOMERS
    ]
    most = {name: max((one[name] for _, one in shown), default=0.0) for name in everybody}
    axes = [name for name in BEHAVIOUR if most.get(name, 0.0) > 0]
    if len(axes) < 3 or not shown:
        return None
    return Profiles(
        axes=tuple(short_name(name) for name in axes),
        everybody=tuple(_part(everybody[name], most[name]) for name in axes),
        shapes=tuple(
            Shape(name, tuple(_part(one[name], most[name]) for name in axes)) for name, one in shown
        ),
    )


def _part(value: float, most: float) -> float:
    return min(max(value / most, 0.0), 1.0)


def _recency_and_spend(seen: Seen, at: LensAt) -> tuple[Points, ...]:
    recency, spend = seen.column("recency_days"), seen.column("spend")
    if recency is None or spend is None:
        return ()
    return _points(at, recency, np.log10(np.maximum(spend, 1.0)), _sampled(len(spend)))


def _plane(seen: Seen, at: LensAt) -> Plane | None:
    rows = _sampled(len(seen.moment), MOST_FOR_PLANE)
    plane = plane_of(points_of(_features(seen, rows)))
    if plane is None:
        return None
    drawn = _sampled(len(rows))
    places = plane.places[drawn]
    return Plane(
        plane.shares,
        (says(plane, 0, short_name), says(plane, 1, short_name)),
        _points(at, places[:, 0], places[:, 1], rows[drawn], given=True),
    )


def _points(
    at: LensAt, xs: Floats, ys: Floats, rows: Ints, *, given: bool = False
) -> tuple[Points, ...]:
    """By segment; `given` are coordinates of these rows already, else of all customers."""
    xs, ys = (xs, ys) if given else (xs[rows], ys[rows])
    codes = at.published[rows]
    return tuple(
        Points(ref.name, _rounded(xs[codes == code]), _rounded(ys[codes == code]))
        for code, ref in enumerate(at.segments)
        if (codes == code).any()
    )


def _correlations(seen: Seen) -> Correlations | None:
    points = points_of(_features(seen, _sampled(len(seen.moment), MOST_FOR_PLANE)))
    if len(points.axes) < 2:
        return None
    values = correlations(points)
    return Correlations(
        tuple(short_name(name) for name in points.axes),
        tuple(tuple(row) for row in values.round(3).tolist()),
        tuple(strongest(points.axes, values)),
    )


def _features(seen: Seen, rows: Ints) -> dict[str, Floats]:
    found = {name: seen.column(name) for name in BEHAVIOUR}
    return {name: column[rows] for name, column in found.items() if column is not None}


def _order_values(seen: Seen) -> tuple[Column, ...]:
    """Of customers with orders, up to where nineteen of twenty are; the last has all above."""
    values, orders = seen.column("average_order_value"), seen.column("orders")
    if values is None or orders is None:
        return ()
    there = values[(orders > 0) & (values > 0)]
    if len(there) < LEAST_CUSTOMERS:
        return ()
    end = float(np.quantile(there, 0.95))
    counts, edges = np.histogram(np.minimum(there, end), bins=COLUMNS, range=(0.0, end))
    pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    return tuple(Column(begins, ends, count) for begins, ends, count in pairs)


def _habits(seen: Seen, at: LensAt | None) -> tuple[Habit, ...]:
    purchases = seen.column("purchases")
    ratios = [seen.column(f"{name}_ratio") for name in ("weekend", "night")]
    if purchases is None:
        return ()
    found = [_habit("Everybody", ratios, purchases, np.ones(len(purchases), np.bool_))]
    for code, ref in enumerate(at.segments if at else ()):
        there = at.published == code if at else np.zeros(0, np.bool_)
        if there.sum() >= LEAST_CUSTOMERS:
            found.append(_habit(ref.name, ratios, purchases, there))
    return tuple(one for one in found if one.weekend is not None or one.night is not None)


def _habit(
    name: str, ratios: Sequence[Floats | None], purchases: Floats, there: np.ndarray
) -> Habit:
    """Of all purchases of these customers together."""
    whole = float(purchases[there].sum())
    weekend, night = (
        float(ratio[there] @ purchases[there]) / whole if ratio is not None and whole > 0 else None
        for ratio in ratios
    )
    return Habit(name, weekend, night)


def _months(seen: Seen) -> tuple[float, ...]:
    orders = seen.column("orders")
    shares = [seen.column(name) for name in MONTHS]
    if orders is None or not orders.sum() > 0:
        return ()
    counts = [float(share @ orders) for share in shares if share is not None]
    whole = sum(counts)
    return tuple(count / whole for count in counts) if len(counts) == 12 and whole > 0 else ()


def _sampled(count: int, most: int = MOST_POINTS) -> Ints:
    """Every nth, in the order of their ids."""
    return np.arange(0, count, max(1, -(-count // most)))


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(values.round(3).tolist())
