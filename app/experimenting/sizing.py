"""How many customers an experiment takes, from what its customers did lately or from a guess."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from app.bought.matching import Customers
from app.experimenting.outcomes import NAMES
from app.experimenting.segments import named
from insights.experiments.sizing import (
    ALPHA,
    cost_of_looking,
    customers_for_mean,
    customers_for_share,
)
from stream.errors import InputError
from stream.model.change import instant
from stream.times import DAY_MS

if TYPE_CHECKING:
    from snapshot.history import History
    from snapshot.moment import Moment
    from stream.profile.layout import Ints

FEATURES = ("orders", "spend")
"""Outcomes that are features, too."""


@dataclass(frozen=True, slots=True)
class Base:
    """What customers do without being treated, over some days."""

    mean: float
    deviation: float | None
    """None of a share: it follows from it."""

    customers: int | None = None
    """Whom it was measured on; None for a guess."""

    from_ms: int = 0
    to_ms: int = 0
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """Customers an arm."""

    base: Base
    lift: float
    power: float
    arms: int
    once: int
    """Where one looks once, at the end."""

    any_time: int
    """With intervals as `shoal experiment read` has them."""


def size_of(base: Base, lift: float, power: float, arms: int = 2) -> Size:
    """`InputError` where no number of customers would do."""
    alpha = ALPHA / (arms - 1)
    if base.deviation is None:
        once = customers_for_share(base.mean, lift, alpha=alpha, power=power)
    else:
        once = customers_for_mean(base.mean, base.deviation, lift, alpha=alpha, power=power)
    looking = ceil(once * cost_of_looking(alpha=alpha, power=power))
    return Size(base, lift, power, arms, once, looking)


def base_of(history: History, lens: str, segment: str, outcome: str, days: float) -> Base:
    """What a segment's customers did in the days before the newest snapshot.

    The segment is as it was when those days began: who is in it at their end is there because of
    what they did in them.
    """
    if outcome not in NAMES:
        raise InputError(f"--outcome {outcome}: there is {', '.join(NAMES)}")
    newest = max(history.instants(), default=None)
    if newest is None:
        raise InputError(
            f"there are no snapshots in {history.directory} yet: `shoal snapshot` makes them, or "
            "give --base, or --mean and --deviation"
        )
    earlier = history.at(newest - round(days * DAY_MS))
    names = [outcome] if outcome in FEATURES else []
    before, after = history.read(earlier, names), history.read(newest, names)
    rows = _members(before, lens, segment)
    values = _between(before, after, rows, outcome)
    if len(values) < 2:
        raise InputError(f"{segment} had {len(values)} customers then: nothing can be said of it")
    deviation = None if outcome == "bought" else float(values.std(ddof=1))
    return Base(float(values.mean()), deviation, len(values), earlier, newest, segment)


def _members(moment: Moment, lens: str, segment: str) -> Ints:
    if lens not in moment.lenses:
        raise InputError(
            f"nobody had a segment in the lens {lens!r} in the snapshot of "
            f"{instant(moment.instant_ms):%Y-%m-%d}: give fewer --days, or take more snapshots"
        )
    segments = moment.lenses[lens].segments
    meant = segments.index(named(segments, segment))
    return np.flatnonzero(moment.lenses[lens].published == meant)


def _between(
    before: Moment, after: Moment, rows: Ints, outcome: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A number a customer who is still there."""
    then = Customers.of(before.table.ids)
    now = Customers.of(after.table.ids).rows_of(then.keys[rows])
    rows, now = rows[now >= 0], now[now >= 0]
    if outcome == "bought":
        return (after.table.last_purchase_ms[now] >= before.instant_ms).astype(np.float64)
    return np.asarray(after.table.features[now, 0] - before.table.features[rows, 0])
