"""Crowds of customers planted where a test wants them, as moments with and without a model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.choices import Choices
from snapshot.fitting import Enough
from snapshot.moment import LensAt, Moment, Running
from snapshot.reconciling import Known, Reconciled, reconcile
from snapshot.table import CustomerTable
from stream.model.arrays import DAY_MS
from stream.model.assignment import assign
from stream.model.change import instant
from stream.model.lens import compile_lens
from tests.snapshot.shops import specs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.model.arrays import Floats
    from stream.settings.lenses import LensSpec

PLAIN = ("orders_d90", "spend_d90", "lines_d90")
NAMES = (*(f"steady_{name}" for name in PLAIN), *PLAIN, "spend", "lines")
"""Everybody has just bought, so that what is steady is what decays; and a line is worth 1, so that
logarithms of money are those that crowds are given in."""

T = 20_000 * DAY_MS
WEEK = 7 * DAY_MS
CHOICES = Choices(enough=Enough(customers=20, days=0))


@dataclass(frozen=True)
class Crowd:
    """So many customers around a place, given in logarithms of orders and of money."""

    orders: float
    spend: float
    count: int = 120
    spread: float = 0.12


def three() -> dict[str, Crowd]:
    return {"few": Crowd(0.7, 3.0), "more": Crowd(2.0, 5.0), "most": Crowd(3.4, 7.5)}


def moment(crowds: Mapping[str, Crowd], weeks: int = 0, partitions: int = 1) -> Moment:
    """Customers keep ids and habits from week to week, and lie on the same partition."""
    ids, places = [], []
    for name, crowd in crowds.items():
        rng = np.random.default_rng(sum(name.encode()))
        drawn = rng.normal([crowd.orders, crowd.spend, crowd.orders], crowd.spread, (1_000, 3))
        places.append(drawn[: crowd.count])
        ids += [f"{name}-{number:04d}" for number in range(crowd.count)]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    logs: Floats = np.concatenate(places)[order]
    sums = np.expm1(np.maximum(logs, 0.01))
    at_ms = T + weeks * WEEK
    table = CustomerTable(
        ids=tuple(ids[place] for place in order),
        names=NAMES,
        features=np.hstack([sums, sums, sums[:, [1, 1]]]),
        last_purchase_ms=np.full(len(ids), at_ms - DAY_MS),
        instant_ms=at_ms,
        first_ms=T - 60 * DAY_MS,
    )
    there = np.array([sum(one.encode()) % partitions for one in table.ids], np.int64)
    return Moment(table, there, None)


def under(moment: Moment, model: SegmentModel, partitions: int = 1) -> Moment:
    """The same where tasks run this model, everybody in the segment they are nearest to."""
    lenses = {lens.lens: _lens_at(moment, lens, model.version, partitions) for lens in model.lenses}
    return replace(moment, model_version=model.version, lenses=lenses)


def with_running(moment: Moment, positions: Mapping[int, Floats], lens: str = "value") -> Moment:
    """With the centroids of these partitions elsewhere."""
    there = moment.lenses[lens]
    moved = tuple(
        Running(positions.get(number, each.positions), each.segments)
        for number, each in enumerate(there.running)
    )
    return replace(moment, lenses={**moment.lenses, lens: replace(there, running=moved)})


def value(**changes: object) -> LensSpec:
    """The value lens without what is told from the money kept: everybody here has some."""
    (spec,) = specs(**changes)
    return spec


def reconciled(moment: Moment, spec: LensSpec | None = None, **known: object) -> Reconciled:
    """A snapshot of the value lens at that moment, by a clock that shows its instant."""
    knowing = Known(**known)  # type: ignore[arg-type]  # named by the test
    return reconcile(moment, knowing, [spec or value(k=3)], CHOICES, instant(moment.instant_ms))


def _lens_at(moment: Moment, model: LensModel, version: int, partitions: int) -> LensAt:
    lens = compile_lens(model, version)
    points = lens.space.project(moment.table.columns(lens.needs))
    published = assign(lens.shapes, points, model.pooled_variance).segment
    ids = tuple(lens.segments[code].id for code in lens.shapes.segments.tolist())
    running = Running(lens.shapes.positions, ids)
    return LensAt(version, lens.segments, published, (running,) * partitions)
