"""A shop week by week as moments, without a log: customers with rhythms and purses of their own.

Nothing about it drifts unless it is told to, so that what is found was planted, and what is found
otherwise is a false alarm.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from snapshot.batch_fit import BatchFit
from snapshot.drift import Targets, alerts_of, lens_drift
from snapshot.moment import LensAt, Moment, Running
from snapshot.table import CustomerTable
from stream.contracts.alert import Alert, AlertKind, Decision, Outcome
from stream.contracts.drift import DriftReport, LensDrift
from stream.contracts.instant import milliseconds
from stream.contracts.lens import Centroid, Fit, LensModel, ModelFeature, Transform
from stream.model.arrays import DAY_MS
from stream.model.change import instant
from tests.stream.model.models import DORMANT, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stream.model.arrays import Floats, Ints

LENS = "value"
SEGMENTS = 4
MARGIN = 0.10
KEPT_A_WEEK = 0.5 ** (7 / 90)
NAMES = ("orders_d90", "spend_d90", "lines_d90", "orders", "spend")
START_MS = milliseconds(datetime(2025, 1, 1, tzinfo=UTC))


@dataclass
class Shop:
    """The same seed is the same shop; `dearer` multiplies what customers pay an order."""

    customers: int = 1_500
    seed: int = 0
    week: int = 0
    dearer: Floats = field(default_factory=lambda: np.ones(0))

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        kinds = self.rng.choice(4, self.customers, p=[0.15, 0.25, 0.3, 0.3])
        self.rate = np.array([1.5, 0.7, 0.35, 0.2])[kinds] * self._spread(0.3)
        self.purse = np.array([60.0, 30.0, 45.0, 12.0])[kinds] * self._spread(0.3)
        self.basket = np.array([6.0, 3.0, 5.0, 2.0])[kinds]
        self.dearer = np.ones(self.customers)
        self.sums = np.zeros((self.customers, len(NAMES)))
        self.published: Ints | None = None

    def live(self, weeks: int = 1) -> None:
        for _ in range(weeks):
            self.week += 1
            orders = self.rng.poisson(self.rate)
            noise = np.exp(self.rng.normal(0, 0.6, self.customers) / np.sqrt(np.maximum(orders, 1)))
            spent = orders * self.purse * self.dearer * noise
            lines = self.rng.poisson(orders * self.basket)
            self.sums[:, :3] *= KEPT_A_WEEK
            self.sums += np.stack([orders, spent, lines, orders, spent], axis=1)

    @property
    def instant_ms(self) -> int:
        return START_MS + 7 * self.week * DAY_MS

    def table(self) -> CustomerTable:
        """Everybody; nobody is ever dormant."""
        ids = tuple(f"c{number:06d}" for number in range(self.customers))
        yesterday_ms = np.full(self.customers, self.instant_ms - DAY_MS)
        return CustomerTable(ids, NAMES, self.sums.copy(), yesterday_ms, self.instant_ms, START_MS)

    def _spread(self, deviation: float) -> Floats:
        return np.exp(self.rng.normal(0, deviation, self.customers))


@dataclass(frozen=True)
class Week:
    """A snapshot's input: who was there, the model they ran with, and a batch clustering."""

    moment: Moment
    running: LensModel
    fit: BatchFit


def weeks_of(
    shop: Shop, count: int, plant: Callable[[int, Shop, Sequence[Week]], None] | None = None
) -> list[Week]:
    """So many weekly snapshots after half a year without any; each fit is promoted."""
    shop.live(26)
    found: list[Week] = []
    model, points = fitted(shop, None)
    shop.published = labels_of(model, points)
    for number in range(count):
        if plant is not None:
            plant(number, shop, found)
        shop.live()
        renewed, points = fitted(shop, model)
        shop.published = by_margin(model, points, shop.published)
        found.append(Week(moment_of_shop(shop, model), model, batch_fit(renewed, points)))
        model = renewed
        shop.published = by_margin(model, points, shop.published)
    return found


def fitted(shop: Shop, before: LensModel | None) -> tuple[LensModel, Floats]:
    """In one space for ever, warm from the model before."""
    points = np.log1p(shop.sums[:, :3])
    start = np.array([c.position for c in before.centroids]) if before else "k-means++"
    with threadpool_limits(limits=1):
        found = KMeans(SEGMENTS, init=start, n_init=1 if before else 10, random_state=0)
        found.fit(points)
    centres = found.cluster_centers_
    if before is None:
        centres = centres[np.argsort(-centres[:, 1])]
    return lens_of(centres), points


def lens_of(centres: Floats) -> LensModel:
    return LensModel(
        lens=LENS,
        features=tuple(
            ModelFeature(name=name, transform=Transform.LOG1P, centre=0.0, scale=1.0)
            for name in NAMES[:3]
        ),
        centroids=tuple(
            Centroid(segment=ref(number + 1), position=tuple(centre))
            for number, centre in enumerate(centres.tolist())
        ),
        pooled_variance=1.0,
        rule_segments=(DORMANT,),
        next_segment=SEGMENTS + 1,
        fit=Fit(customers=1, fresh=False, inertia=1.0, silhouette=0.4),
    )


def labels_of(model: LensModel, points: Floats) -> Ints:
    labels: Ints = distances(model, points).argmin(axis=1)
    return labels


def by_margin(model: LensModel, points: Floats, before: Ints) -> Ints:
    """The transition rule, said again."""
    away = distances(model, points)
    nearest = away.argmin(axis=1)
    rows = np.arange(len(points))
    moves = away[rows, before] > (1 + MARGIN) * away[rows, nearest]
    return np.where(moves, nearest, before)


def distances(model: LensModel, points: Floats) -> Floats:
    centres = np.array([centroid.position for centroid in model.centroids])
    away: Floats = np.sqrt(((points[:, None] - centres) ** 2).sum(axis=2))
    return away


def moment_of_shop(shop: Shop, model: LensModel, partitions: int = 1) -> Moment:
    assert shop.published is not None
    segments = (*(c.segment for c in model.centroids), DORMANT.segment)
    centres = np.array([c.position for c in model.centroids])
    running = Running(centres, tuple(c.segment.id for c in model.centroids))
    lens = LensAt(1, segments, shop.published.astype(np.int64), (running,) * partitions)
    return Moment(shop.table(), np.arange(shop.customers) % partitions, 1, {LENS: lens})


def batch_fit(model: LensModel, points: Floats) -> BatchFit:
    everybody = np.ones(len(points), np.bool_)
    return BatchFit(
        model,
        everybody,
        labels_of(model, points),
        points,
        np.zeros(len(points)),
        ~everybody,
    )


def reported(weeks: Sequence[Week], targets: Targets | None = None) -> list[DriftReport]:
    """What snapshots of these weeks say, one after the other."""
    reports: list[DriftReport] = []
    for number in range(len(weeks)):
        reports.append(report_of(weeks[: number + 1], reports, targets))
    return reports


def report_of(
    weeks: Sequence[Week], reports: Sequence[DriftReport], targets: Targets | None = None
) -> DriftReport:
    """What the last of these weeks says."""
    drift = drift_of(weeks)
    at = instant(weeks[-1].moment.instant_ms)
    return DriftReport(
        instant=at,
        created_at=at,
        model_version=1,
        customers=len(weeks[-1].moment),
        lenses=(drift,),
        alerts=alerts_of([drift], reports, targets),
        decision=Decision(outcome=Outcome.KEPT),
    )


def drift_of(weeks: Sequence[Week], first: Moment | None = None) -> LensDrift:
    now = weeks[-1]
    past = [week.moment for week in weeks[:-1]]
    return lens_drift(LENS, now.moment, past, now.running, now.fit, None, first)


def alerts(reports: Sequence[DriftReport], *kinds: AlertKind) -> list[Alert]:
    found = [alert for report in reports for alert in report.alerts]
    return [alert for alert in found if not kinds or alert.kind in kinds]


def only(week: Week, chosen: NDArray[np.bool_]) -> Week:
    """The same week without some of its customers (all are active)."""
    fit = replace(
        week.fit,
        active=week.fit.active[chosen],
        labels=week.fit.labels[chosen],
        points=week.fit.points[chosen],
        outlier_scores=week.fit.outlier_scores[chosen],
        outliers=week.fit.outliers[chosen],
    )
    return replace(week, moment=week.moment.of(chosen), fit=fit)


def with_running(week: Week, centres: Sequence[Floats]) -> Week:
    """The same with these running centroids, an array a partition."""
    ids = tuple(centroid.segment.id for centroid in week.running.centroids)
    lens = week.moment.lenses[LENS]
    moved = replace(lens, running=tuple(Running(each, ids) for each in centres))
    partition = np.arange(len(week.moment)) % len(centres)
    moment = replace(week.moment, partition=partition, lenses={LENS: moved})
    return replace(week, moment=moment)
